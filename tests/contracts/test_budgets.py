"""Tests the ports Budgets and MemoryGauge: costs are taken all or not at all, and the gauge shows the memory."""

import asyncio
from typing import Any

from adapters.storage.budgets import RedisBudgets, RedisMemoryGauge
from adapters.storage.store import Store
from bot.ports import Cost, Wait
from tests.contracts.support.commits import all_keys
from tests.contracts.support.servers import Server

ACTS = Cost(budget="acts", amount=1, per_minute=6, at_once=3)
BYTES = Cost(budget="bytes", amount=500, per_minute=1000, at_once=1000)


def budgets(store: Store, clock: list[int]) -> RedisBudgets:
    return RedisBudgets(store.wire, lambda: clock[0])


async def test_a_refusal_takes_nothing_from_any_budget(store: Store) -> None:
    clock = [1_800_000_000_000]
    mine = budgets(store, clock)
    assert await mine.spend({"ana": (ACTS, BYTES)}) == Wait()
    assert await mine.spend({"ana": (ACTS, BYTES)}) == Wait()
    wait = await mine.spend({"ana": (ACTS, BYTES)})
    assert 29 <= wait.seconds <= 30
    # Neither the act nor the bytes were taken, and others have budgets of their own.
    assert await mine.spend({"ana": (ACTS,)}) == Wait()
    assert await mine.spend({"mia": (ACTS, BYTES)}) == Wait()
    clock[0] += int(wait.seconds * 1000)
    assert await mine.spend({"ana": (ACTS, BYTES)}) == Wait()
    assert await mine.spend({}) == Wait()
    assert await mine.spend({"ana": ()}) == Wait()


async def test_what_one_lacks_costs_others_nothing_and_its_name_is_said(store: Store) -> None:
    clock = [1_800_000_000_000]
    mine = budgets(store, clock)
    for _ in range(3):
        assert await mine.spend({"ana": (ACTS,)}) == Wait()
    for _ in range(5):
        wait = await mine.spend({"all": (BYTES,), "ana": (ACTS,), "mia": (BYTES,)})
        assert (wait.seconds, wait.who) == (10, "ana")
    assert await mine.spend({"all": (BYTES, ACTS), "mia": (BYTES,)}) == Wait()
    assert await mine.spend({"all": (BYTES,)}) == Wait()
    # Of several that lack something, the one that takes longest is named.
    assert await mine.spend({"ana": (ACTS,), "all": (BYTES,)}) == Wait(seconds=30, who="all")


async def test_of_many_at_once_so_many_are_granted(store: Store, other: Store) -> None:
    clock = [1_800_000_000_000]
    tries = [budgets(each, clock).spend({"ana": (ACTS,)}) for each in (store, other) * 10]
    assert [wait for wait in await asyncio.gather(*tries) if wait == Wait()] == [Wait()] * 3


async def test_an_amount_above_all_is_granted_after_a_rest(store: Store) -> None:
    clock = [1_800_000_000_000]
    mine, huge = budgets(store, clock), BYTES.model_copy(update={"amount": 10**9})
    assert await mine.spend({"ana": (huge,)}) == Wait()
    assert await mine.spend({"ana": (huge,)}) == Wait(seconds=60, who="ana")
    clock[0] += 60_000
    assert await mine.spend({"ana": (huge,)}) == Wait()


async def test_nothing_is_left_of_a_budget_that_is_full_again(store: Store) -> None:
    assert await store.budgets.spend({"ana": (ACTS, BYTES)}) == Wait()
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


async def test_of_many_who_look_at_once_one_asks_the_store(store: Store) -> None:
    clock, asked = [0.0], 0
    gauge = RedisMemoryGauge(store.wire, lambda: clock[0])
    await gauge.look()
    real = store.wire.infos

    async def counted() -> list[dict[str, Any]]:
        nonlocal asked
        asked += 1
        return await real()

    store.wire.infos = counted  # type: ignore[method-assign] # counts the questions
    clock[0] += 2
    await asyncio.gather(*(gauge.look() for _ in range(20)))
    assert asked == 1
