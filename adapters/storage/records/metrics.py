"""Stores what each process counted for a minute, and measures what the store holds."""

import json
import time
from collections.abc import Callable
from math import inf
from typing import Final

from redis.asyncio import RedisCluster
from redis.exceptions import ResponseError

from adapters.storage.failures import answering
from adapters.storage.records.damage import Damage, intact, readable
from adapters.storage.wire import ScriptCall, Wire, says_nothing, script
from bot.ports import MAIL, ProcessMetrics, StoreFigures

FRESH_S: Final = 60
"""Seconds after which a process that shared nothing counts as gone."""

LATE_MS: Final = 10_000
"""Milliseconds after which a timer that has not rung is late: a worker looks twice a second."""


PATIENT: Final = (MAIL, "email")
"""Channels that let effects wait on purpose: email to customers, who may come back, and to teams, which is bundled."""


class RedisSharedMetrics:
    """Implements the port SharedMetrics: one hash with a field for each process."""

    def __init__(self, wire: Wire, now: Callable[[], float] = time.time) -> None:
        """`now` returns seconds since 1970."""
        self._wire = wire
        self._now = now

    async def publish(self, metrics: ProcessMetrics) -> None:
        """Replace what the process shared before. Forget processes that are gone, and entries that cannot be read."""
        key = self._wire.keys.metrics
        entry = json.dumps([int(self._now()), metrics.text])
        commands: list[tuple[str | int, ...]] = [
            ("HSET", key, metrics.process, entry),
            ("EXPIRE", key, FRESH_S),
            ("HGETALL", key),
        ]
        *_, entries = await self._wire.ask_all(commands)
        gone = [process for process, stored in entries.items() if self._fresh(stored) is None]
        if gone:
            await self._wire.ask("HDEL", key, *gone)

    async def collect(self) -> tuple[ProcessMetrics, ...]:
        """Return what the processes shared within the last minute, sorted by name."""
        entries = await self._wire.ask("HGETALL", self._wire.keys.metrics)
        fresh = ((readable(process), self._fresh(stored)) for process, stored in sorted(entries.items()))
        return tuple(
            ProcessMetrics(process=process, text=text) for process, text in fresh if text is not None
        )

    def _fresh(self, stored: str) -> str | None:
        """Return the text that a process shared; None if it is too old, or if the entry cannot be read."""
        try:
            shared_at, text = json.loads(intact(stored))
            return str(text) if self._now() - float(shared_at) < FRESH_S else None
        except (ValueError, TypeError, Damage):
            return None


class RedisFigures:
    """Implements the port Figures."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def figures(self) -> StoreFigures:
        """Return what the store holds now: the sum of all shards, and the memory of the server that was asked."""
        calls = [
            ScriptCall(
                script("figures"),
                (shard.channels, shard.letters, shard.alarms, shard.quarantine, shard.queues, shard.holds),
                (LATE_MS, *PATIENT),
            )
            for shard in self._wire.shards
        ]
        found = await self._wire.run_all(calls)
        waiting: dict[str, int] = {}
        oldest: dict[str, int] = {}
        for _, _, _, _, *channels in found:
            for name, lanes, age in zip(channels[::3], channels[1::3], channels[2::3], strict=True):
                channel = readable(name)
                waiting[channel] = waiting.get(channel, 0) + int(lanes)
                oldest[channel] = max(oldest.get(channel, 0), int(age))
        memory, limit = await self._memory()
        return StoreFigures(
            memory=memory,
            memory_limit=limit,
            waiting=waiting,
            oldest=oldest,
            dead_letters=sum(int(each[0]) for each in found),
            quarantined=sum(int(each[1]) for each in found),
            late_timers=sum(int(each[2]) for each in found),
            latest_timer=max(int(each[3]) for each in found),
        )

    async def _memory(self) -> tuple[int, int]:
        """Return the bytes in use and the most allowed, in a cluster those of its fullest node."""
        client = self._wire.client
        with answering():
            try:
                if isinstance(client, RedisCluster):
                    nodes = list((await client.info("memory", target_nodes=RedisCluster.PRIMARIES)).values())
                else:
                    nodes = [await client.info("memory")]
            except ResponseError as refused:
                if not says_nothing(refused):
                    raise
                nodes = []
        found = [(int(each.get("used_memory", 0)), int(each.get("maxmemory", 0))) for each in nodes]
        return max(found, key=lambda each: (each[0] / (each[1] or inf), each[0]), default=(0, 0))
