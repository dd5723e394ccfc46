"""Tests the ports Budgets and MemoryGauge: costs are taken all or not at all, and the gauge shows the memory."""

import asyncio

from adapters.storage.budgets import RedisBudgets, RedisMemoryGauge
from adapters.storage.store import Store
from bot.ports import Cost
from tests.contracts.support.commits import all_keys
from tests.contracts.support.servers import Server

ACTS = Cost(budget="acts", amount=1, per_minute=6, at_once=3)
BYTES = Cost(budget="bytes", amount=500, per_minute=1000, at_once=1000)


def budgets(store: Store, clock: list[int]) -> RedisBudgets:
    return RedisBudgets(store.wire, lambda: clock[0])


async def test_a_refusal_takes_nothing_from_any_budget(store: Store) -> None:
    clock = [1_800_000_000_000]
    mine = budgets(store, clock)
    assert await mine.spend("ana", (ACTS, BYTES)) == 0
    assert await mine.spend("ana", (ACTS, BYTES)) == 0
    wait = await mine.spend("ana", (ACTS, BYTES))
    assert 29 <= wait <= 30
    # Neither the act nor the bytes were taken, and others have budgets of their own.
    assert await mine.spend("ana", (ACTS,)) == 0
    assert await mine.spend("mia", (ACTS, BYTES)) == 0
    clock[0] += int(wait * 1000)
    assert await mine.spend("ana", (ACTS, BYTES)) == 0
    assert await mine.spend("ana", ()) == 0


async def test_of_many_at_once_so_many_are_granted(store: Store, other: Store) -> None:
    clock = [1_800_000_000_000]
    tries = [budgets(each, clock).spend("ana", (ACTS,)) for each in (store, other) * 10]
    assert [wait for wait in await asyncio.gather(*tries) if wait == 0] == [0, 0, 0]


async def test_an_amount_above_all_is_granted_after_a_rest(store: Store) -> None:
    clock = [1_800_000_000_000]
    mine, huge = budgets(store, clock), BYTES.model_copy(update={"amount": 10**9})
    assert await mine.spend("ana", (huge,)) == 0
    assert await mine.spend("ana", (huge,)) == 60
    clock[0] += 60_000
    assert await mine.spend("ana", (huge,)) == 0


async def test_nothing_is_left_of_a_budget_that_is_full_again(store: Store) -> None:
    assert await store.budgets.spend("ana", (ACTS, BYTES)) == 0
    lasts = [await store.wire.ask("PTTL", key) async for key in all_keys(store) if ":limit:" in key]
    assert (
        sorted(0 < each <= limit for each, limit in zip(sorted(lasts), (10_000, 30_000), strict=True))
        == [True] * 2
    )


async def test_the_gauge_looks_at_most_once_a_second(real: Server, prefix: str) -> None:
    opened = real.store(prefix)
    clock = [0.0]
    gauge = RedisMemoryGauge(opened.wire, lambda: clock[0])
    before = await gauge.look()
    assert before.used > 0
    for number in range(20):
        await opened.wire.ask("SET", f"{prefix}:junk{number}", "x" * 100_000, "EX", 60)
    assert await gauge.look() == before
    clock[0] += 1
    after = await gauge.look()
    assert after.used - before.used > 1_500_000
    assert after.fullness == (after.used / after.limit if after.limit else 0.0)
    await opened.close()
