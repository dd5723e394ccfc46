"""Tests the port Processes: each live process is known to all, and a dead one is forgotten in time."""

import asyncio

import pytest

from adapters.storage.records.processes import RedisProcesses
from adapters.storage.store import Store
from bot.announcement import announced, this_process
from bot.ports import FormatStatus, LiveProcess, StoreDown, TooOld


def process(name: str, started: int = 1, reads: int = 9) -> LiveProcess:
    return LiveProcess(id=name, roles=("web",), release="1", reads=reads, started=started, host="a", pid=1)


async def test_processes_know_of_each_other_until_they_leave(store: Store, other: Store) -> None:
    late, early = process("late", started=2), process("early", started=1)
    await store.processes.announce(late)
    await other.processes.announce(early)
    await other.processes.announce(early)
    assert await store.processes.alive() == (early, late)
    await other.processes.leave("early")
    assert await store.processes.alive() == (late,)
    assert await store.wire.ask("PTTL", store.wire.keys.processes) > 0


async def test_a_process_that_announces_itself_no_more_is_forgotten(store: Store) -> None:
    await RedisProcesses(store.wire, alive_s=0).announce(process("dead"))
    await store.processes.announce(process("alive"))
    assert await store.processes.alive() == (process("alive"),)


async def test_what_a_newer_release_says_about_itself_is_no_obstacle(store: Store) -> None:
    known = process("new")
    newer = known.model_dump_json().replace("{", '{"mood":"fine",', 1)
    await store.wire.ask("HSET", store.wire.keys.processes, "new", f"9999999999999 9 {newer}")
    assert await store.processes.alive() == (known,)


async def test_damaged_entries_are_no_obstacle_to_others(store: Store) -> None:
    for number, entry in enumerate(("", "strange", "9999999999999 9 strange", "9999999999999 9 {}")):
        await store.wire.ask("HSET", store.wire.keys.processes, str(number), entry)
    await store.processes.announce(process("alive"))
    assert await store.processes.alive() == (process("alive"),)


async def test_a_release_that_cannot_read_the_store_is_refused(store: Store) -> None:
    await store.wire.ask("HSET", store.wire.keys.meta, "format", 7)
    with pytest.raises(TooOld, match="format 7, but this release reads up to format 6"):
        await store.processes.announce(process("old", reads=6))
    assert await store.processes.alive() == ()


class Counting:
    """A registry that counts, and fails as told before it takes an announcement."""

    def __init__(self, *failures: Exception) -> None:
        self._failures = list(failures)
        self.renewed = asyncio.Event()
        self.entries: set[str] = set()
        self.announced = 0

    async def announce(self, process: LiveProcess) -> None:
        self.announced += 1
        if self.announced > 1 and self._failures:
            raise self._failures.pop(0)
        self.entries.add(process.id)
        if self.announced > 1:
            self.renewed.set()

    async def alive(self) -> tuple[LiveProcess, ...]:
        return ()

    async def advance(self) -> FormatStatus:
        return FormatStatus(stored=1, written=1, newest=1)

    async def status(self) -> FormatStatus:
        return await self.advance()

    async def switch(self) -> FormatStatus:
        return await self.advance()

    async def leave(self, process_id: str) -> None:
        self.entries.discard(process_id)


async def test_a_process_stays_announced_whatever_fails_and_leaves_at_the_end() -> None:
    registry = Counting(StoreDown("away"), TooOld(2, 1), RuntimeError("a bug"))
    me = this_process(("web", "worker"), reads=1, started=5)
    async with announced(registry, registry, me, renew_s=0):
        await asyncio.wait_for(registry.renewed.wait(), 10)
        assert registry.entries == {me.id}
    assert registry.announced >= 5
    assert registry.entries == set()
