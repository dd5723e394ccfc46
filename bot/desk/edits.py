"""Finds the message that an edit changes, before anything is decided: the author's own, and its newest edit."""

from typing import Final

from bot.ports import Conversations
from flows.conversation import Conversation
from flows.events import OF_CONTACTS, Edited, Event, Noted, Replied, Said, Started, Wrote
from flows.text.markup.styled import ending

_SPOKEN: Final = (Started, Said, Wrote, Replied, Noted)
"""Events whose words their author can edit. A customer's words can be edited whatever their event does."""


async def amending(conversations: Conversations, at: Conversation, event: Edited) -> Edited | None:
    """Return the edit with its message's version filled in.

    Returns None if the message is unknown (or not yet known), another person's or deleted, or if a later edit is
    already recorded. In the agents' thread a reply starts with `!`, which is not part of its words. Raises StoreDown.
    """
    version = event.version or await conversations.seen(at.id, f"{event.actor}/{event.of}")
    if not version:
        return None
    rows = await conversations.journal(at.id)
    original = next((row.event for row in rows if row.version == version), None)
    if original is None or original.actor != event.actor:
        return None
    if not isinstance(original, _SPOKEN):
        words = await conversations.words(at.id) if isinstance(original, OF_CONTACTS) else {}
        if version not in words:
            return None
    if any(_overtakes(row.event, event, version) for row in rows):
        return None
    text = event.text.removeprefix("!").strip() if isinstance(original, Replied) else event.text
    beside = any(
        isinstance(row.event, Edited) and row.event.version == version and row.event.beside for row in rows
    )
    styled = ending(event.styled, text) if event.styled else ()
    fields = {"version": version, "was": original.type, "gone": not text, "text": text, "beside": beside}
    return event.model_copy(update=fields | {"styled": styled})


def _overtakes(earlier: Event, event: Edited, version: int) -> bool:
    """Return whether a recorded edit is newer; nothing can follow a deletion."""
    if not isinstance(earlier, Edited) or earlier.version != version:
        return False
    return earlier.gone or 0 < event.moment < earlier.moment
