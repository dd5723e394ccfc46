"""Takes calls from Discord's rate: all that an effect needs at once, so that none waits half done."""

from contextvars import ContextVar
from functools import cache
from typing import Final

from adapters.discord.api.addresses import DISCORD
from adapters.discord.render.agent_thread import replies
from bot.ports import Busy, Delivery, Limiter, Rate
from flows.effects import Brief, Packet, Relay

TOGETHER: Final = (40 * 60, 40)
"""Calls a minute of all processes, and in a burst: Discord allows a bot 50 a second, without interaction responses."""

TICKETS: Final = (60, 5)
"""Threads that are opened in one agents' channel, a minute and in a burst: it takes five messages in five seconds.

The library waits for that as well, but out of order, and longer than a send may take.
"""

BRIEF_CALLS: Final = 3
"""Calls that fill a thread for agents: the thread, all known facts and one more page."""


class _Grant:
    """Counts down the calls that were granted to the effect that this task carries out."""

    def __init__(self, claim: str, left: int) -> None:
        self.claim, self.left, self.further = claim, left, 0


@cache
def _grant() -> ContextVar[_Grant | None]:
    return ContextVar("grant", default=None)


class Calls:
    """Shares Discord's rate among all processes. Each method raises Busy while its claim has to wait."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    async def begin(self, delivery: Delivery) -> None:
        """Take the calls of the effect that this task carries out from now on, all or none."""
        claim, amount = delivery.effect.id, calls_for(delivery)
        _grant().set(_Grant(claim, 0))
        if amount:
            opens = isinstance(delivery.effect, Packet)
            await self._take(claim, amount, *([_tickets(delivery.address.room)] if opens else []))
        _grant().set(_Grant(claim, amount))

    def settle(self, delivery: Delivery) -> None:
        """Let this task ask for each call from now on, while it looks for an earlier attempt."""
        _grant().set(_Grant(f"{delivery.effect.id}?", 0))

    async def allowed(self) -> None:
        """Take one call: one that was granted to the effect if any is left."""
        grant = _grant().get() or _Grant("", 0)
        if grant.left:
            grant.left -= 1
            return
        await self._take(f"{grant.claim}/{grant.further}", 1)
        grant.further += 1

    async def _take(self, claim: str, amount: int, *further: Rate) -> None:
        rate = Rate(name="calls", per_minute=TOGETHER[0], at_once=TOGETHER[1])
        wait = await self._limiter.reserve(DISCORD, claim, (*further, rate), amount)
        if wait > 0:
            raise Busy(wait)


def _tickets(room: str) -> Rate:
    """Return the rate of threads in an agents' channel. Each is one call: its first message."""
    return Rate(name=f"threads/{room}", per_minute=TICKETS[0], at_once=TICKETS[1])


def calls_for(delivery: Delivery) -> int:
    """Count the calls that an effect needs. A step may become the response to a click, which no rate limits."""
    if isinstance(delivery.effect, Packet):
        return 1
    if isinstance(delivery.effect, Brief):
        return BRIEF_CALLS
    if isinstance(delivery.effect, Relay) and delivery.reply is not None:
        return len(replies(delivery.reply))
    return 0
