"""What became of replies: whether each arrived where the customer is, is on its way, or was given up and why."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from bot.customer_mail import mailed, mailing
from bot.ports import Arrival, Backlog, Conversations, Outbox, Unsure, Views
from flows.conversation import Conversation
from flows.effects import Amend, Change, Relay
from flows.events import Replied


class Arrivals:
    """The port Arrivals, over the outbox of one store."""

    def __init__(
        self,
        conversations: Conversations,
        outbox: Outbox,
        backlog: Backlog,
        pulled: Iterable[str],
        views: Views,
    ) -> None:
        """On channels that are `pulled` a reply stands on the customer's page, which `views` tells whether they saw."""
        self._conversations = conversations
        self._outbox = outbox
        self._backlog = backlog
        self._pulled = frozenset(pulled)
        self._views = views

    async def of(self, at: Conversation) -> Mapping[int, Arrival]:
        """By the version a reply came with."""
        rows = await self._conversations.journal(at.id)
        relays = {
            row.version: effect.id
            for row in rows
            if isinstance(row.event, Replied)
            for effect in row.effects
            if isinstance(effect, Relay) and effect.end == "customer"
        }
        if not relays:
            return {}
        if at.customer.partition("|")[0] in self._pulled:
            return await self._on_page(at, rows, frozenset(relays))
        letters, changes = await self._given_up(), _changes(rows)
        found = await asyncio.gather(
            *(self._one(at.id, effect, changes.get(reply), letters) for reply, effect in relays.items())
        )
        return dict(zip(relays, found, strict=True))

    async def _given_up(self) -> Mapping[str, str]:
        return {letter.effect.id: letter.reason for letter in await self._backlog.buried()}

    async def _on_page(
        self, at: Conversation, rows: Sequence[Change], replies: frozenset[int]
    ) -> Mapping[int, Arrival]:
        """What they have seen there, and of the rest what was mailed."""
        seen = await self._views.seen(at.id)
        mails = {row.version: effect.id for row in rows if (effect := mailing(row)) is not None}
        if max(replies) <= seen or not mails:
            return {reply: Arrival(state="seen" if reply <= seen else "waits") for reply in replies}
        sent = await mailed(self._outbox, at.id, rows)
        letters = await self._given_up()

        def one(reply: int) -> Arrival:
            if reply <= seen:
                return Arrival(state="seen")
            if reply in mails and any(reply <= mail.upto for mail in sent):
                return Arrival(state="mailed")
            if (reason := letters.get(mails.get(reply, ""))) is not None:
                return Arrival(state="failed", reason=reason)
            return Arrival(state="waits", mails=reply in mails)

        return {reply: one(reply) for reply in replies}

    async def _one(
        self, conversation_id: str, effect: str, change: str | None, letters: Mapping[str, str]
    ) -> Arrival:
        if effect in letters:
            return Arrival(state="failed", reason=letters[effect])
        if not await self._carried_out(conversation_id, effect):
            return Arrival(state="under_way")
        done = change is None or await self._carried_out(conversation_id, change)
        waits = done is None and change not in letters
        return Arrival(state="delivered", change="" if done else "under_way" if waits else "stays")

    async def _carried_out(self, conversation_id: str, effect: str) -> bool | None:
        """Whether it has a receipt; None while it waits."""
        try:
            return bool(await self._outbox.receipt(conversation_id, effect))
        except Unsure:
            return None


def _changes(rows: Sequence[Change]) -> Mapping[int, str]:
    """The last change of each reply, on its way to the customer, by the reply's version."""
    amends = (effect for row in rows for effect in row.effects if isinstance(effect, Amend))
    return {effect.version: effect.id for effect in amends if effect.end == "customer"}
