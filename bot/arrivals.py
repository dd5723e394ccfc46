"""What became of replies: whether each arrived where the customer is, is on its way, or was given up and why."""

import asyncio
from collections.abc import Iterable, Mapping

from bot.ports import Arrival, Backlog, Conversations, Outbox, Unsure
from flows.conversation import Conversation
from flows.effects import Relay
from flows.events import Replied


class Arrivals:
    """The port Arrivals, over the outbox of one store."""

    def __init__(
        self, conversations: Conversations, outbox: Outbox, backlog: Backlog, pulled: Iterable[str]
    ) -> None:
        """On channels that are `pulled` a reply is on the customer's screen as soon as it is recorded."""
        self._conversations = conversations
        self._outbox = outbox
        self._backlog = backlog
        self._pulled = frozenset(pulled)

    async def of(self, at: Conversation) -> Mapping[int, Arrival]:
        """By the version a reply came with."""
        relays = {
            row.version: effect.id
            for row in await self._conversations.journal(at.id)
            if isinstance(row.event, Replied)
            for effect in row.effects
            if isinstance(effect, Relay) and effect.end == "customer"
        }
        if at.customer.partition("|")[0] in self._pulled:
            return dict.fromkeys(relays, Arrival(state="delivered"))
        if not relays:
            return {}
        letters = {letter.effect.id: letter.reason for letter in await self._backlog.buried()}
        found = await asyncio.gather(*(self._one(at.id, effect, letters) for effect in relays.values()))
        return dict(zip(relays, found, strict=True))

    async def _one(self, conversation_id: str, effect: str, letters: Mapping[str, str]) -> Arrival:
        if effect in letters:
            return Arrival(state="failed", reason=letters[effect])
        try:
            sent = await self._outbox.receipt(conversation_id, effect)
        except Unsure:
            sent = None
        return Arrival(state="delivered" if sent else "under_way")
