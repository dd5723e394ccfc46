"""Spaces out the IDENTIFYs of all processes: after too many in a day Discord resets the bot's token.

Discord's numbers: one in five seconds for each of `max_concurrency` groups of shards, and `total` a day, a thousand
for most bots. They are counted in the store, so that processes that crash and restart count, too.
"""

import asyncio
import random
from typing import Final

from bot.ports import Marks, StoreDown
from bot.telemetry import log
from flows.values import Frozen

INTERVAL_S: Final = 5
"""Seconds between two IDENTIFYs of one group of shards."""

PERMIT_REUSE_S: Final = 5000
"""Seconds until a permit can be used again. Permits are a twentieth of the daily total, so a tenth stays unused."""


class Limits(Frozen):
    """What Discord allows this bot: IDENTIFYs a day, and at the same time."""

    total: int = 1000
    at_once: int = 1

    @property
    def permits(self) -> int:
        """The number of IDENTIFYs that may follow one another right away after a quiet time."""
        return max(10, self.total // 20)


class IdentifyGate:
    """Makes each IDENTIFY wait for its turn."""

    def __init__(self, marks: Marks, application: int, limits: Limits, pause: float = 1.0) -> None:
        """`pause` is the seconds between two checks."""
        self._marks = marks
        self._name = f"discord/identify/{application}"
        self._limits = limits
        self._pause = pause
        self.count = 0

    async def wait(self, shard: int) -> None:
        """Wait until the shard may identify, and count the IDENTIFY."""
        logged = False
        while not await self._may(shard):
            if not logged:
                log("discord").info("waiting before reconnecting", shard=shard)
                logged = True
            await asyncio.sleep(self._pause)
        self.count += 1

    async def _may(self, shard: int) -> bool:
        try:
            group = f"{self._name}/at/{shard % max(1, self._limits.at_once)}"
            if not await self._marks.first(group, INTERVAL_S):
                return False
            permits = list(range(self._limits.permits))
            random.shuffle(permits)
            for permit in permits:
                if await self._marks.first(f"{self._name}/permit/{permit}", PERMIT_REUSE_S):
                    return True
        except StoreDown as reason:
            log("discord").warning("waiting for the store before connecting", reason=str(reason)[:200])
        return False
