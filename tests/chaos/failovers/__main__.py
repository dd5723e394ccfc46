"""Fails over again and again under traffic, and prints how many acknowledged events were lost.

Usage: python -m tests.chaos.failovers [ROUNDS]
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from adapters.storage.store import open_store
from tests.chaos.failovers.servers import Cluster, Watched, cluster, watched
from tests.chaos.failovers.traffic import Traffic

ROUNDS: Final = 10
BETWEEN: Final = 200
"""Commits between two faults."""


async def rounds(
    name: str, url: str, count: int, fault: Callable[[int], None], heal: Callable[[], None]
) -> Traffic:
    """Write, break and heal that often, and print what each round cost."""
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(url, Path(folder))
        traffic = Traffic(store, writers=16)
        await traffic.begin()
        longest = 0.0
        for number in range(count):
            await traffic.more(BETWEEN)
            began = time.monotonic()
            await asyncio.to_thread(fault, number)
            await traffic.every_writer()
            longest = max(longest, time.monotonic() - began)
            await asyncio.to_thread(heal)
        await traffic.end()
        await store.close()
    print(
        f"{name}: {count} rounds, {traffic.commits} acknowledged, {traffic.lost} of them lost, "
        f"{traffic.refused} refused and tried again, {longest:.1f} s at most until every conversation went on",
        flush=True,
    )
    return traffic


async def main(count: int) -> None:
    """Fail over behind three Sentinels; in a cluster; and move slots of a cluster."""

    def kill(two: Watched) -> Callable[[int], None]:
        return lambda _number: two.fail_over()

    def take(three: Cluster) -> Callable[[int], None]:
        return lambda number: three.fail_over(three.primaries()[number % 3])

    with watched(3, patience_ms=1000) as two:
        await rounds("Sentinel, primary killed", two.url, count, kill(two), two.heal)
    with cluster() as three:
        await rounds("Cluster, primary killed", three.url, count, take(three), three.heal)
    with cluster() as three:
        slots = sorted(_slots())

        def move(number: int) -> None:
            for slot in slots[number % 8 :: 8]:
                source = three.owner(slot)
                three.move(slot, next(node for node in three.primaries() if node is not source))

        await rounds("Cluster, an eighth of the slots moved", three.url, count, move, lambda: None)


def _slots() -> set[int]:
    """Return the slots in which conversations are."""
    from redis.crc import key_slot

    return {key_slot(f"{number:02d}".encode()) for number in range(64)}


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
