"""Wraps ports, so that what passes through them is counted; nothing else changes."""

import time
from collections.abc import Mapping, Sequence
from functools import cache

from bot.metrics.meters import Meters
from bot.ports import (
    Busy,
    Channel,
    Commit,
    Committed,
    Conversations,
    Delivery,
    Lease,
    Limiter,
    NotYet,
    Outbox,
    Outcome,
    PartialReceipt,
    PlaceGone,
    Rate,
    Receive,
    Undeliverable,
)
from flows.conversation import Conversation
from flows.effects import Change
from flows.events import Event, Spoken, TimerRang


def metered_receive(receive: Receive, meters: Meters) -> Receive:
    """Return the way in for events with a count of the events and the time that each takes."""
    recorded = cache(meters.events.labels)

    async def counted(event: Event) -> Outcome | None:
        if isinstance(event, TimerRang):
            meters.timers.labels(event.kind).inc()
        began = time.perf_counter()
        try:
            outcome = await receive(event)
        except Exception:
            meters.events.labels(event.type, "failed").inc()
            raise
        recorded(event.type, _fate(outcome)).inc()
        meters.event_seconds.observe(time.perf_counter() - began)
        return outcome

    return counted


def _fate(outcome: Outcome | None) -> str:
    if outcome is None:
        return "unknown_conversation"
    if outcome.repeated:
        return "repeated"
    return "refused" if outcome.refusal is not None else "recorded"


class MeteredConversations:
    """Implements the port Conversations, and counts commits."""

    def __init__(self, conversations: Conversations, meters: Meters) -> None:
        self._conversations = conversations
        self._recorded = cache(meters.commits.labels)

    async def load(self, conversation_id: str) -> Conversation | None:
        """Return the present state; see the port."""
        return await self._conversations.load(conversation_id)

    async def seen(self, conversation_id: str, key: str) -> int:
        """Return the version of an event's key; see the port."""
        return await self._conversations.seen(conversation_id, key)

    async def commit(self, commit: Commit) -> Committed:
        """Record a change and count what became of it."""
        committed = await self._conversations.commit(commit)
        self._recorded(committed.outcome).inc()
        return committed

    async def journal(self, conversation_id: str) -> tuple[Change, ...]:
        """Return every change; see the port."""
        return await self._conversations.journal(conversation_id)

    async def words(self, conversation_id: str) -> Mapping[int, Spoken]:
        """Return people's words; see the port."""
        return await self._conversations.words(conversation_id)


class MeteredOutbox:
    """Implements the port Outbox, and counts effects that are taken up again or given up."""

    def __init__(self, outbox: Outbox, meters: Meters) -> None:
        self._outbox = outbox
        self._meters = meters

    async def take(self, channels: Sequence[str], lease: int, limit: int) -> tuple[Lease, ...]:
        """Lease due lanes, and count those whose head was attempted before."""
        taken = await self._outbox.take(channels, lease, limit)
        for each in taken:
            if each.attempts > 1:
                self._meters.retries.labels(each.channel).inc()
        return taken

    async def done(self, lease: Lease, receipt: str, extend: int) -> Lease | None:
        """Remove the head; see the port."""
        return await self._outbox.done(lease, receipt, extend)

    async def give_back(self, lease: Lease, after: int, unsent: bool) -> None:
        """Free the lane; see the port."""
        await self._outbox.give_back(lease, after, unsent)

    async def bury(self, lease: Lease, reason: str, extend: int) -> Lease | None:
        """Make the head a dead letter, and count it."""
        following = await self._outbox.bury(lease, reason, extend)
        self._meters.buried.labels(lease.channel).inc()
        return following

    async def receipt(self, conversation_id: str, effect_id: str) -> str | None:
        """Return the receipt of a sent effect; see the port."""
        return await self._outbox.receipt(conversation_id, effect_id)


class MeteredChannel:
    """Implements the port Channel, and counts what the platform makes of each delivery."""

    def __init__(self, channel: Channel, meters: Meters) -> None:
        self.name = channel.name
        self.idempotent = channel.idempotent
        self._channel = channel
        self._meters = meters

    async def send(self, delivery: Delivery) -> str:
        """Carry out the effect, and count the outcome."""
        began = time.perf_counter()
        try:
            receipt = await self._channel.send(delivery)
        except Exception as failure:
            self._meters.deliveries.labels(self.name, _failed(failure)).inc()
            raise
        self._meters.deliveries.labels(self.name, _carried_out(receipt)).inc()
        if receipt:
            self._meters.delivery_seconds.labels(self.name).observe(time.perf_counter() - began)
        return receipt

    async def settle(self, delivery: Delivery) -> str | None:
        """Ask whether an earlier attempt arrived; see the port."""
        return await self._channel.settle(delivery)


def _carried_out(receipt: str) -> str:
    if isinstance(receipt, PartialReceipt):
        return "partial"
    return "sent" if receipt else "unneeded"


def _failed(failure: Exception) -> str:
    match failure:
        case NotYet():
            return "waiting"
        case Busy():
            return "limited"
        case PlaceGone():
            return "place_gone"
        case Undeliverable():
            return "refused"
        case _:
            return "unknown"


class MeteredLimiter:
    """Implements the port Limiter, and counts how often a platform said to wait."""

    def __init__(self, limiter: Limiter, meters: Meters) -> None:
        self._limiter = limiter
        self._meters = meters

    async def wait_for(self, who: str, per_minute: int, at_once: int | None = None) -> float:
        """Count an act, or return the seconds to wait; see the port."""
        return await self._limiter.wait_for(who, per_minute, at_once)

    async def reserve(self, scope: str, claim: str, rates: Sequence[Rate], amount: int = 1) -> float:
        """Take calls from all rates, or return the seconds to wait; see the port."""
        return await self._limiter.reserve(scope, claim, rates, amount)

    async def hold(self, scope: str, rate: Rate, seconds: float) -> None:
        """Allow no call of that rate, and count that the platform said so."""
        self._meters.limits.labels(scope.partition("/")[0], rate.name.partition("/")[0]).inc()
        await self._limiter.hold(scope, rate, seconds)
