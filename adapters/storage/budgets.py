"""Keeps budgets of acts and bytes in Redis, and looks at its memory, so that no client can fill the store."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from redis.exceptions import ResponseError

from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import Cost, MemoryUse, StoreDown, Wait

FRESH_S: Final = 1.0
"""Seconds for which a look at the memory is used again."""


class RedisBudgets:
    """Implements the port Budgets. All budgets are in one slot, so that an act asks the store once."""

    def __init__(self, wire: Wire, now: Callable[[], int] | None = None) -> None:
        """`now` is in milliseconds; by default the store's clock is read."""
        self._wire = wire
        self._now = now

    async def spend(self, costs: Mapping[str, Sequence[Cost]]) -> Wait:
        """Take all costs, or take nothing and say who must wait."""
        each = [(who, cost) for who, mine in costs.items() for cost in mine]
        if not each:
            return Wait()
        keys = [self._wire.keys.budget(who, cost.budget) for who, cost in each]
        limits = [word for _, cost in each for word in (cost.amount, str(cost.per_minute), cost.at_once)]
        now = "" if self._now is None else self._now()
        wait, short = await self._wire.run(ScriptCall(script("spend"), keys, (now, *limits)))
        return Wait(seconds=int(wait) / 1000, who=each[int(short) - 1][0]) if int(wait) else Wait()


class RedisMemoryGauge:
    """Implements the port MemoryGauge. One look serves all callers for a moment."""

    def __init__(self, wire: Wire, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns seconds."""
        self._wire = wire
        self._clock = clock
        self._seen: tuple[float, MemoryUse] | None = None

    async def look(self) -> MemoryUse:
        """Return the memory in use. Raises nothing: the next write shows that the store is down."""
        now = self._clock()
        if self._seen is None or now - self._seen[0] >= FRESH_S:
            if self._seen is not None:
                self._seen = now, self._seen[1]  # what others use while this caller looks
            self._seen = now, _use(await self._nodes())
        return self._seen[1]

    async def _nodes(self) -> Sequence[Mapping[str, Any]]:
        """Return each primary's answer about its memory; nothing if the server does not say, as some managed ones."""
        try:
            return await self._wire.infos()
        except (ResponseError, StoreDown):
            return []


def _use(nodes: Sequence[Mapping[str, Any]]) -> MemoryUse:
    """Add up the nodes. What the server does not count against its limit, such as its buffers, is left out."""
    used = [int(node["used_memory"]) - int(node.get("mem_not_counted_for_evict", 0)) for node in nodes]
    limits = [int(node.get("maxmemory", 0)) for node in nodes]
    parts = [each / limit for each, limit in zip(used, limits, strict=True) if limit]
    return MemoryUse(used=sum(used), limit=sum(limits) if all(limits) else 0, fullness=max([*parts, 0.0]))
