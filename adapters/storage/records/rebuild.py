"""Makes an index anew from conversations and lanes, after its whole key was damaged and set aside."""

from collections.abc import AsyncIterator
from typing import Any, Final

from adapters.storage.keys import Shard, is_conversation_id
from adapters.storage.records.board import relisting
from adapters.storage.wire import ScriptCall, Wire, script

SPARE: Final = 1000
"""Tickets' numbers that are left out after a counter was damaged, because no number may be given twice."""


SET_ASIDE: Final = "set aside"
"""Stands for a row of a journal that was set aside as a whole."""

LONGEST: Final = 100_000
"""Most rows that are made for a journal: a version beyond that is damaged itself."""


class Rebuild:
    """Rebuilds the indexes of one shard. It runs beside commits, so what is there already stays."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def __call__(self, kind: str, key: str) -> None:
        """Make the key of that kind anew; other kinds are no indexes, and nothing is done."""
        shard = next((each for each in self._wire.shards if key.startswith(each.records[:-2])), None)
        if shard is None:
            return
        if kind in ("board", "ended", "guiding"):
            async for conversation in self._conversations(shard):
                await self._wire.run(relisting(self._wire, conversation))
        elif kind in ("alarms", "tickets"):
            async for conversation in self._conversations(shard):
                keys = (shard.records + conversation, shard.alarms, shard.tickets)
                await self._wire.run(ScriptCall(script("reindex"), keys, (conversation,)))
        elif kind == "journals":
            await self._journal(shard, key)
        elif kind == "counter":
            await self._counter(shard)
        elif kind in ("queues", "channels"):
            await self._queues(shard)

    async def _conversations(self, shard: Shard) -> AsyncIterator[str]:
        async for key in self._keys(shard.records):
            conversation = key.removeprefix(shard.records)
            if is_conversation_id(conversation) and await self._wire.client.type(key) == "hash":
                yield conversation

    async def _keys(self, stem: str) -> AsyncIterator[str]:
        client: Any = self._wire.client
        async for key in client.scan_iter(match=self._wire.keys.under(stem), count=1000):
            yield str(key)

    async def _journal(self, shard: Shard, key: str) -> None:
        """Fill a journal with as many rows as were lost: a row's place is its version."""
        conversation = key.removeprefix(shard.journals)
        version = str(await self._wire.ask("HGET", shard.records + conversation, "v") or "")
        if version.isdecimal() and 0 < int(version) <= LONGEST:
            await self._wire.ask("RPUSH", key, *[SET_ASIDE] * int(version))
            await self._wire.ask("EXPIRE", key, self._wire.keep)

    async def _counter(self, shard: Shard) -> None:
        newest = await self._wire.ask("ZREVRANGE", shard.tickets, 0, 0, "WITHSCORES")
        last = (
            int(float(newest[-1][-1] if isinstance(newest[-1], (list, tuple)) else newest[-1]))
            if newest
            else 0
        )
        await self._wire.ask("SET", shard.counter, last // 64 + SPARE, "NX")

    async def _queues(self, shard: Shard) -> None:
        """Queue every lane that no queue has, due at once: a holder of its lease gives way to the next one."""
        async for key in self._keys(shard.lanes):
            lane = key.removeprefix(shard.lanes)
            words = str(await self._wire.ask("LINDEX", key, 0) or "").split(" ", 3)
            if len(words) == 4 and is_conversation_id(lane.partition("/")[0]):
                await self._wire.ask("SADD", shard.channels, words[2])
                await self._wire.ask("ZADD", shard.queues + words[2], "NX", 0, lane)
