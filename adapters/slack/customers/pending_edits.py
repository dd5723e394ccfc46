"""Holds edits that arrive before their message: parked for ten minutes, applied when the message arrives.

Slack keeps no order between deliveries, and repeats an unacknowledged one after a minute and after five.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Final

from adapters.slack.inbound.events import MessageEdited, Written
from adapters.slack.ports import Ports
from flows.conversation import Conversation
from flows.events import Edited
from flows.text.markup.styled import masked
from flows.text.secrets.masking import mask

PARKED_S: Final = 600
"""Seconds after a message was written in which it may still arrive after an edit of it."""

Reword = Callable[[MessageEdited], Awaitable[bool]]
"""Records an edit. Returns whether its message was known."""


class PendingEdits:
    """Parks edits until their message arrives."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    async def reword(self, at: Conversation, reworded: MessageEdited, version: int = 0) -> bool:
        """Record an edit, unless the conversation lacks the message. Return whether it was known.

        `version` is the one that recorded the message, if known.
        """
        event = Edited(
            conversation=at.id,
            of=reworded.of,
            version=version,
            text=reworded.text,
            styled=reworded.styled,
            moment=reworded.moment,
            actor=reworded.person.actor,
            key=reworded.event,
        )
        outcome = await self._ports.receive(event)
        return outcome is None or outcome.refusal is None

    async def remember(self, reworded: MessageEdited, again: Reword) -> None:
        """Park the edit of an unknown message, and try it `again`.

        The message may have been recorded in the meantime; after the parking, one of the two sees the other.
        """
        if not 0 <= reworded.moment - reworded.written < PARKED_S * 1_000_000:
            return
        text, styled = masked(reworded.styled, reworded.text, mask)
        kept = reworded.model_copy(update={"text": text, "styled": styled})
        token = await self._ports.vault.put(kept.model_dump_json(exclude_defaults=True), PARKED_S)
        await self._ports.bookmarks.put(_shelf(reworded.of), f"{reworded.moment:020}", token, PARKED_S)
        await again(reworded)

    async def heard(self, written: Written, reword: Reword) -> None:
        """Apply the parked edits of a message that is now recorded, in order."""
        shelf = _shelf(written.key)
        for name, token in sorted((await self._ports.bookmarks.all(shelf)).items()):
            kept = await self._ports.vault.peek(token)
            if kept is not None:
                await reword(MessageEdited.model_validate(json.loads(kept)))
                await self._ports.vault.take(token)
            await self._ports.bookmarks.remove(shelf, name)


def _shelf(message: str) -> str:
    return f"slack/early/{message}"
