"""Tests the port Allowances: acts are counted in a window of time, each once, whichever process counts."""

import asyncio

from adapters.storage.store import Store
from tests.fakes.wait import until


async def test_of_many_acts_at_once_so_many_count(store: Store, other: Store) -> None:
    asked = [
        each.allowances.wait_for("ana", f"k{number}", 3, 60)
        for number in range(10)
        for each in (store, other)
    ]
    waits = await asyncio.gather(*asked)
    assert waits.count(0.0) == 6, "three acts count, in both processes that hear of them"
    assert all(59 < wait <= 60 for wait in waits if wait)
    assert await store.allowances.wait_for("ben", "k1", 3, 60) == 0.0


async def test_an_act_that_counted_counts_no_second_time(store: Store) -> None:
    for _again in range(5):
        assert await store.allowances.wait_for("ana", "k1", 1, 60) == 0.0
    assert await store.allowances.wait_for("ana", "k2", 1, 60) > 0


async def test_after_the_window_there_is_room_again_and_nothing_is_left(store: Store) -> None:
    assert await store.allowances.wait_for("ana", "k1", 1, 1) == 0.0
    key = store.wire.keys.allowance("ana")
    assert await store.wire.ask("PTTL", key) in range(1, 1001)

    async def free() -> bool:
        return await store.allowances.wait_for("ana", "k2", 1, 1) == 0.0

    assert await until(free)
