"""Edits and deletes sent messages: heads of threads, answered steps, edited and deleted texts."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from adapters.discord.api.addresses import sent
from adapters.discord.api.client import FAILURES, OLD_EDITS, DiscordClient, code_of
from adapters.discord.render.agent_thread import lines_of, replies
from adapters.discord.render.card import Message, payload
from adapters.discord.render.components import Part
from adapters.discord.uploads import harmless, shown_again, with_parts
from bot.ports import Delivery
from bot.telemetry import log
from flows.views.dossier import AttributedWords, CustomerReply

Words = TypeVar("Words", bound=AttributedWords)

Draw = Callable[[CustomerReply], Sequence[Message]]
"""Draws a reply as the customer reads it."""

GONE: Final = frozenset([10003, 10008, 50001, 50083, OLD_EDITS])
"""Error codes for a message that is deleted, archived or too old to be edited."""

ABSENT: Final = 10008
"""The error code for a message that does not exist (anymore)."""

_PATH: Final = "/channels/{channel_id}/messages/{message_id}"


class Updates:
    """Edits and deletes messages that the outbox sent earlier. Methods raise FAILURES, and Busy for too many calls."""

    def __init__(self, client: DiscordClient, allowed: Callable[[], Awaitable[None]]) -> None:
        """`allowed` raises Busy while the rate is used up."""
        self._client = client
        self._allowed = allowed

    async def edit(self, receipt: str, drawn: Message) -> str:
        """Edit a sent message. Return its receipt, or '' if it can no longer be edited."""
        await self._allowed()
        room, message = sent(receipt)
        try:
            await self._client.ask("PATCH", _PATH, payload(drawn), channel_id=room, message_id=message)
        except FAILURES as failure:
            return self._unchanged(failure, room)
        return receipt

    async def delete(self, receipt: str) -> str:
        """Delete a sent message; one already deleted counts as done. Return its receipt, or '' if Discord refuses."""
        await self._allowed()
        room, message = sent(receipt)
        try:
            await self._client.ask("DELETE", _PATH, channel_id=room, message_id=message)
        except FAILURES as failure:
            if code_of(failure) != ABSENT:
                return self._unchanged(failure, room)
        return receipt

    async def reply(self, delivery: Delivery, draw: Draw = replies) -> str:
        """Bring the customer's copy of a reply up to date. Return the receipts of the messages that show it from now
        on, or '' if it cannot be edited.
        """
        reply = delivery.reply
        if reply is None:
            return ""
        first, *others = delivery.copied.split(" ")
        if reply.since == "gone":
            deleted = [await self.delete(receipt) for receipt in (first, *others)]
            return delivery.copied if all(deleted) else ""
        attached = await self._attached(first, reply)
        if attached is None:
            return ""
        named, parts = attached
        drawn = draw(named)
        changed = [await self.edit(first, with_parts(drawn[0], parts))]
        changed += [
            await self.edit(receipt, drawn[number]) if number < len(drawn) else await self.delete(receipt)
            for number, receipt in enumerate(others, start=1)
        ]
        return " ".join(changed[: len(drawn)]) if all(changed) else ""

    async def line(self, delivery: Delivery) -> str:
        """Edit a line of the agents' thread. Return '' if agents need a new line instead."""
        if delivery.line is None or not delivery.copied:
            return ""
        at = delivery.conversation
        attached = await self._attached(delivery.copied, delivery.line)
        if attached is None:
            return ""
        line, parts = attached
        first, *others = delivery.copied.split(" ")
        drawn = lines_of(line, at, most=1 + len(others))
        changed = [await self.edit(first, with_parts(drawn[0], parts))]
        changed += [
            await self.edit(receipt, drawn[number]) if number < len(drawn) else await self.delete(receipt)
            for number, receipt in enumerate(others, start=1)
        ]
        return delivery.copied if all(changed) else ""

    async def _attached(self, receipt: str, words: Words) -> tuple[Words, Sequence[Part]] | None:
        """Return the words, which name only files that are not attached to their message, and what shows the others.

        None if the message can no longer be edited.
        """
        if not words.files:
            return words, ()
        await self._allowed()
        room, message = sent(receipt)
        try:
            row = await self._client.ask("GET", _PATH, channel_id=room, message_id=message)
        except FAILURES as failure:
            self._unchanged(failure, room)
            return None
        parts, names = shown_again(row.get("components") or ())
        unattached = tuple(
            file for number, file in enumerate(words.files) if harmless(number, file.name) not in names
        )
        return words.with_files_left(unattached), parts

    def _unchanged(self, failure: BaseException, room: str) -> str:
        if code_of(failure) not in GONE:
            raise failure
        log("discord").info("a message could not be changed", code=code_of(failure), room=room)
        return ""
