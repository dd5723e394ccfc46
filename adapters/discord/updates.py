"""Brings what was sent up to date: heads of threads, answered steps, words that were changed or taken back."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from adapters.discord.api.addresses import sent
from adapters.discord.api.client import FAILURES, OLD_EDITS, DiscordClient, code_of
from adapters.discord.render.agent_thread import line_of, to_customer
from adapters.discord.render.card import Message, payload
from adapters.discord.uploads import harmless, shown_again
from bot.ports import Delivery
from bot.telemetry import log
from flows.views.dossier import AttributedWords

Words = TypeVar("Words", bound=AttributedWords)

GONE: Final = frozenset([10003, 10008, 50001, 50083, OLD_EDITS])
"""Codes for what is gone, archived or too old to be edited: it stays as it is."""

ABSENT: Final = 10008
"""The code for a message that is not there (any more)."""

_PATH: Final = "/channels/{channel_id}/messages/{message_id}"


class Updates:
    """Edits and deletes what the outbox sent earlier. Every method raises FAILURES, and Busy for too many calls."""

    def __init__(self, client: DiscordClient, allowed: Callable[[], Awaitable[None]]) -> None:
        """`allowed` raises Busy while there were too many calls."""
        self._client = client
        self._allowed = allowed

    async def edit(self, receipt: str, drawn: Message) -> str:
        """What it is to show from now on; '' where it stays as it was."""
        await self._allowed()
        room, message = sent(receipt)
        try:
            await self._client.ask("PATCH", _PATH, payload(drawn), channel_id=room, message_id=message)
        except FAILURES as failure:
            return self._stays(failure, room)
        return receipt

    async def delete(self, receipt: str) -> str:
        """It is gone from now on, or was already; '' where it stays."""
        await self._allowed()
        room, message = sent(receipt)
        try:
            await self._client.ask("DELETE", _PATH, channel_id=room, message_id=message)
        except FAILURES as failure:
            if code_of(failure) != ABSENT:
                return self._stays(failure, room)
        return receipt

    async def reply(self, delivery: Delivery) -> str:
        """Bring the customer's copy of a reply up to date. Returns its receipt, or '' where the copy stays."""
        reply = delivery.reply
        if reply is None:
            return ""
        if reply.since == "gone":
            return await self.delete(delivery.copied)
        return await self._with_files(delivery.copied, reply, to_customer)

    async def line(self, delivery: Delivery) -> str:
        """A line of the agents' thread; '' where it has to be told in a line of its own."""
        if delivery.line is None or not delivery.copied:
            return ""
        at = delivery.conversation
        return await self._with_files(delivery.copied, delivery.line, lambda line: line_of(line, at))

    async def _with_files(self, receipt: str, words: Words, draw: Callable[[Words], Message]) -> str:
        """The line anew, and what hangs on its message as before; files that were only named are named again."""
        if not words.files:
            return await self.edit(receipt, draw(words))
        await self._allowed()
        room, message = sent(receipt)
        try:
            found = await self._client.ask("GET", _PATH, channel_id=room, message_id=message)
        except FAILURES as failure:
            return self._stays(failure, room)
        parts, names = shown_again(found.get("components") or ())
        left = tuple(
            file for number, file in enumerate(words.files) if harmless(number, file.name) not in names
        )
        drawn = draw(words.with_files_left(left))
        return await self.edit(receipt, drawn.model_copy(update={"components": (*drawn.components, *parts)}))

    def _stays(self, failure: BaseException, room: str) -> str:
        if code_of(failure) not in GONE:
            raise failure
        log("discord").info("a message could not be changed", code=code_of(failure), room=room)
        return ""
