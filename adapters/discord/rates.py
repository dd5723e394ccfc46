"""Takes calls from Discord's rate: all that an effect needs at once, so that none waits half done."""

from contextvars import ContextVar
from functools import cache
from typing import Final

from adapters.discord.api.addresses import DISCORD
from adapters.discord.render.agent_thread import replies
from bot.ports import Busy, Delivery, Limiter, Rate
from flows.effects import Packet, Relay

TOGETHER: Final = (40 * 60, 40)
"""Calls a minute of all processes, and in a burst: Discord allows a bot 50 a second, without interaction responses."""

PACKET_CALLS: Final = 4
"""Calls that open a thread for agents: its first message, the thread, the packet and one more page."""


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

    async def begin(self, claim: str, amount: int) -> None:
        """Take the calls of the effect that this task carries out from now on, all or none."""
        _grant().set(_Grant(claim, 0))
        if amount:
            await self._take(claim, amount)
        _grant().set(_Grant(claim, amount))

    async def allowed(self) -> None:
        """Take one call: one that was granted to the effect if any is left."""
        grant = _grant().get() or _Grant("", 0)
        if grant.left:
            grant.left -= 1
            return
        await self._take(f"{grant.claim}/{grant.further}", 1)
        grant.further += 1

    async def _take(self, claim: str, amount: int) -> None:
        rate = Rate(name="calls", per_minute=TOGETHER[0], at_once=TOGETHER[1])
        wait = await self._limiter.reserve(DISCORD, claim, (rate,), amount)
        if wait > 0:
            raise Busy(wait)


def calls_for(delivery: Delivery) -> int:
    """Count the calls that an effect needs. A step may become the response to a click, which no rate limits."""
    if isinstance(delivery.effect, Packet):
        return PACKET_CALLS
    if isinstance(delivery.effect, Relay) and delivery.reply is not None:
        return len(replies(delivery.reply))
    return 0
