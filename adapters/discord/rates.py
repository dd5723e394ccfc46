"""Takes calls from Discord's rate: all that an effect needs at once, so that none waits half done."""

from contextvars import ContextVar
from typing import Final

from adapters.discord.api.addresses import DISCORD
from bot.ports import Busy, Limiter, Rate

TOGETHER: Final = Rate(name="calls", per_minute=40 * 60, at_once=40)
"""Calls a minute of all processes, and in a burst: Discord allows a bot 50 a second, without interaction responses."""


class _Grant:
    """Counts down the calls that were granted to the effect that this task carries out."""

    def __init__(self, claim: str, left: int) -> None:
        self.claim, self.left, self.further = claim, left, 0


_GRANT: Final[ContextVar[_Grant | None]] = ContextVar("grant", default=None)


class Calls:
    """Shares Discord's rate among all processes. Each method raises Busy while its claim has to wait."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    async def begin(self, claim: str, amount: int) -> None:
        """Take the calls of the effect that this task carries out from now on, all or none."""
        _GRANT.set(_Grant(claim, 0))
        if amount:
            await self._take(claim, amount)
        _GRANT.set(_Grant(claim, amount))

    async def allowed(self) -> None:
        """Take one call: one that was granted to the effect if any is left."""
        grant = _GRANT.get() or _Grant("", 0)
        if grant.left:
            grant.left -= 1
            return
        await self._take(f"{grant.claim}/{grant.further}", 1)
        grant.further += 1

    async def _take(self, claim: str, amount: int) -> None:
        wait = await self._limiter.reserve(DISCORD, claim, (TOGETHER,), amount)
        if wait > 0:
            raise Busy(wait)
