"""Provides a limiter that allows everything at once, because limits have their own tests and waiting takes long."""

from collections.abc import Sequence

from adapters.storage.vault import RedisLimiter
from bot.ports import Rate


class Unlimited(RedisLimiter):
    """Allows every request at once."""

    async def wait_for(self, who: str, per_minute: int, at_once: int | None = None) -> float:
        return 0.0

    async def reserve(self, scope: str, claim: str, rates: Sequence[Rate], amount: int = 1) -> float:
        return 0.0

    async def hold(self, scope: str, rate: Rate, seconds: float) -> None:
        return None


class UnlimitedAllowances:
    """Implements the port Allowances: every act counts."""

    async def wait_for(self, who: str, key: str, most: int, seconds: int) -> float:
        return 0.0
