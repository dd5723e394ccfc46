"""Sends agents' replies to customers: a long one in several messages, finished if they were interrupted, and edited."""

from collections.abc import Awaitable, Callable, Sequence

from adapters.discord.api.addresses import Place, joined, sent
from adapters.discord.api.client import FAILURES
from adapters.discord.render.agent_thread import replies
from adapters.discord.render.card import Message
from adapters.discord.render.write_buttons import with_write_button
from adapters.discord.updates import Updates
from adapters.discord.uploads import Attachment
from adapters.discord.write_buttons import WriteButtons
from bot.ports import Busy, Delivery
from flows.views.dossier import CustomerReply

PostFirst = Callable[[Delivery, Message, Place, Sequence[Attachment]], Awaitable[str]]
Post = Callable[[str, Message, str], Awaitable[str]]
"""Posts a message in a channel under an effect's id. Raises FAILURES and Busy."""

Find = Callable[[str, str, int], Awaitable[str | None]]
"""Looks in a channel for the effect's message; the last argument is the conversation's last change, in ms."""


class HalfSent(Exception):
    """Raised when only the first messages of a reply were sent: the next attempt finishes it."""


class ReplySender:
    """Sends a reply's first message under the effect's own id, and further ones as `EFFECT/1`, `EFFECT/2` and so on.

    The receipt names all of them. Methods raise FAILURES and Busy.
    """

    def __init__(
        self, post_first: PostFirst, post: Post, find: Find, updates: Updates, buttons: WriteButtons
    ) -> None:
        self._buttons = buttons
        self._post_first = post_first
        self._post = post
        self._find = find
        self._updates = updates

    async def send(self, delivery: Delivery, place: Place, attached: Sequence[Attachment]) -> str:
        """Post a reply with its files. Raises HalfSent too."""
        drawn = await self._draw(delivery, place)
        receipts = [await self._post_first(delivery, drawn[0], place, attached)]
        try:
            for number, each in enumerate(drawn[1:], start=1):
                receipts.append(await self._post(place.room, each, f"{delivery.effect.id}/{number}"))
        except (*FAILURES, Busy) as failure:
            raise HalfSent(type(failure).__name__) from failure
        await self._buttons.leave_newest(place, sent(receipts[-1])[1])
        return " ".join(receipts)

    async def finish(self, delivery: Delivery, place: Place, first: str) -> str:
        """Post the messages that an interrupted attempt left out. `first` is the receipt of the first message."""
        drawn = await self._draw(delivery, place)
        receipts = await self._rest(delivery, place, drawn, 1)
        await self._buttons.leave_newest(place, sent((receipts or [first])[-1])[1])
        return joined(first, receipts)

    async def _draw(self, delivery: Delivery, place: Place) -> Sequence[Message]:
        reply = _reply(delivery)
        return await self._buttons.below(replies(reply), delivery.conversation, place, reply.who)

    async def _rest(
        self, delivery: Delivery, place: Place, drawn: Sequence[Message], start: int
    ) -> list[str]:
        """Post the messages from `start` that are not there yet. Return the receipts of them all."""
        receipts = []
        for number, each in enumerate(drawn[start:], start=start):
            name = f"{delivery.effect.id}/{number}"
            found = await self._find(place.room, name, delivery.conversation.changed_at)
            receipts.append(found or await self._post(place.room, each, name))
        return receipts

    async def amend(self, delivery: Delivery, place: Place) -> str:
        """Bring the customer's copy up to date, which may need more messages than the first version did."""
        reply, at = _reply(delivery), delivery.conversation
        copies = {sent(copy)[1] for copy in delivery.copied.split(" ")}
        writes = reply.since != "gone" and bool(copies & await self._buttons.standing(place))

        def draw(words: CustomerReply) -> Sequence[Message]:
            drawn = replies(words)
            return (*drawn[:-1], with_write_button(drawn[-1], at, words.who)) if writes else drawn

        changed = await self._updates.reply(delivery, draw)
        if not changed or reply.since == "gone":
            return changed
        drawn = draw(_reply(delivery.with_files_left(())))
        return joined(changed, await self._rest(delivery, place, drawn, len(changed.split(" "))))


def _reply(delivery: Delivery) -> CustomerReply:
    assert delivery.reply is not None, "deliveries of replies bring it"
    return delivery.reply
