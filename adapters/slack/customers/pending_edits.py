"""Changes that are heard before the message they are about: kept for a while, and done when it is heard.

Slack keeps no order between deliveries, and brings what was not acknowledged again after a minute and after five.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Final

from adapters.slack.inbound.events import MessageEdited, Written
from adapters.slack.ports import Ports
from flows.conversation import Conversation
from flows.events import Edited
from flows.text.masking import mask

PARKED_S: Final = 600
"""Seconds after a message was written in which it may still be heard after a change of it."""

Reword = Callable[[MessageEdited], Awaitable[bool]]
"""Records a change; whether what it is about was known."""


class PendingEdits:
    """What is to be done once a message is heard."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    async def reword(self, at: Conversation, reworded: MessageEdited, version: int = 0) -> bool:
        """Keep the words of a message as they are now, unless it is unknown there; `version` is what it was recorded
        as, where that is known.
        """
        event = Edited(
            conversation=at.id,
            of=reworded.of,
            version=version,
            text=reworded.text,
            moment=reworded.moment,
            actor=reworded.person.actor,
            key=reworded.event,
        )
        outcome = await self._ports.receive(event)
        return outcome is None or outcome.refusal is None

    async def remember(self, reworded: MessageEdited, again: Reword) -> None:
        """The message is unknown, but may still come. It may also just have been recorded, so it is tried `again` once
        this is kept: one of the two sees the other.
        """
        if not 0 <= reworded.moment - reworded.written < PARKED_S * 1_000_000:
            return
        kept = reworded.model_copy(update={"text": mask(reworded.text)})
        token = await self._ports.vault.put(kept.model_dump_json(), PARKED_S)
        await self._ports.bookmarks.put(_shelf(reworded.of), f"{reworded.moment:020}", token)
        await again(reworded)

    async def heard(self, written: Written, reword: Reword) -> None:
        """The message is recorded now, so what was heard of it before is done, in order."""
        shelf = _shelf(written.key)
        for name, token in sorted((await self._ports.bookmarks.all(shelf)).items()):
            kept = await self._ports.vault.peek(token)
            if kept is not None:
                await reword(MessageEdited.model_validate(json.loads(kept)))
                await self._ports.vault.take(token)
            await self._ports.bookmarks.remove(shelf, name)


def _shelf(message: str) -> str:
    return f"slack/early/{message}"
