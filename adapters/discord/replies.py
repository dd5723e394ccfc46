"""Sends agents' replies to customers: a long one in several messages, finished if they were interrupted, and edited."""

from collections.abc import Awaitable, Callable, Sequence

from adapters.discord.api.addresses import Place, joined
from adapters.discord.api.client import FAILURES
from adapters.discord.render.agent_thread import replies
from adapters.discord.render.card import Message
from adapters.discord.updates import Updates
from adapters.discord.uploads import Attachment
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

    def __init__(self, post_first: PostFirst, post: Post, find: Find, updates: Updates) -> None:
        self._post_first = post_first
        self._post = post
        self._find = find
        self._updates = updates

    async def send(self, delivery: Delivery, place: Place, attached: Sequence[Attachment]) -> str:
        """Post a reply with its files. Raises HalfSent too."""
        drawn = replies(_reply(delivery))
        receipts = [await self._post_first(delivery, drawn[0], place, attached)]
        try:
            for number, each in enumerate(drawn[1:], start=1):
                receipts.append(await self._post(place.room, each, f"{delivery.effect.id}/{number}"))
        except (*FAILURES, Busy) as failure:
            raise HalfSent(type(failure).__name__) from failure
        return " ".join(receipts)

    async def finish(self, delivery: Delivery, place: Place, first: str, start: int = 1) -> str:
        """Post the messages from `start` that are not there yet. `first` is the receipt of the earlier ones."""
        receipts = []
        drawn = replies(_reply(delivery.with_files_left(())))
        for number, each in enumerate(drawn[start:], start=start):
            name = f"{delivery.effect.id}/{number}"
            found = await self._find(place.room, name, delivery.conversation.changed_at)
            receipts.append(found or await self._post(place.room, each, name))
        return joined(first, receipts)

    async def amend(self, delivery: Delivery, place: Place) -> str:
        """Bring the customer's copy up to date, which may need more messages than the first version did."""
        changed = await self._updates.reply(delivery)
        if not changed or _reply(delivery).since == "gone":
            return changed
        return await self.finish(delivery, place, changed, len(changed.split(" ")))


def _reply(delivery: Delivery) -> CustomerReply:
    assert delivery.reply is not None, "deliveries of replies bring it"
    return delivery.reply
