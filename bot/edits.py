"""Finds what a change of somebody's words is about, before anything is decided: their own, and the newest."""

from typing import Final

from bot.ports import Conversations
from flows.conversation import Conversation
from flows.events import Edited, Event, Noted, Replied, Said, Started, Wrote

_SPOKEN: Final = (Started, Said, Wrote, Replied, Noted)
"""Events whose words can be changed."""


async def amending(conversations: Conversations, at: Conversation, event: Edited) -> Edited | None:
    """The event with what it is about filled in; None where that is not (yet) known, somebody else's, gone for good, or
    was changed later already.

    Where agents talk a reply stands behind a `!`, which is no part of it. Raises StoreDown.
    """
    version = event.version or await conversations.seen(at.id, f"{event.actor}/{event.of}")
    if not version:
        return None
    rows = await conversations.journal(at.id)
    meant = next((row.event for row in rows if row.version == version), None)
    if not isinstance(meant, _SPOKEN) or meant.actor != event.actor:
        return None
    if any(_overtakes(row.event, event, version) for row in rows):
        return None
    text = event.text.removeprefix("!").strip() if isinstance(meant, Replied) else event.text
    found = {"version": version, "was": meant.type, "gone": not text, "text": text}
    return event.model_copy(update=found)


def _overtakes(earlier: Event, event: Edited, version: int) -> bool:
    """Whether what is recorded already is newer: nothing comes after words were taken back."""
    if not isinstance(earlier, Edited) or earlier.version != version:
        return False
    return earlier.gone or 0 < event.moment < earlier.moment
