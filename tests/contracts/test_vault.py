"""Tests the ports Vault and Limiter: a token works once, and too many requests must wait."""

import asyncio

from adapters.storage.store import Store
from tests.contracts.support.commits import all_keys
from tests.fakes.wait import until


async def test_a_text_is_given_once(store: Store) -> None:
    token = await store.vault.put("open sesame", 60)
    assert await store.vault.peek(token) == "open sesame"
    assert await store.vault.take(token) == "open sesame"
    assert await store.vault.take(token) is None
    assert await store.vault.peek(token) is None


async def test_of_fifty_takers_one_gets_it(store: Store, other: Store) -> None:
    token = await store.vault.put("open sesame", 60)
    takes = await asyncio.gather(*(each.vault.take(token) for each in (store, other) * 25))
    assert [text for text in takes if text is not None] == ["open sesame"]


async def test_a_text_is_forgotten_in_time(store: Store) -> None:
    token = await store.vault.put("open sesame", 1)
    key = store.wire.keys.vault(token)
    assert await store.wire.ask("PTTL", key) in range(1, 1001)

    async def gone() -> bool:
        return await store.vault.peek(token) is None

    assert await until(gone)


async def test_a_text_that_is_renewed_is_kept_that_long_again(store: Store, other: Store) -> None:
    token = await store.vault.put("open sesame", 60)
    assert await other.vault.renew(token, 600) == "open sesame"
    assert await store.wire.ask("TTL", store.wire.keys.vault(token)) in range(590, 601)
    await store.vault.take(token)
    assert await store.vault.renew(token, 600) is None
    assert await store.vault.renew("unknown", 600) is None


async def test_tokens_are_long_random_and_nowhere_in_the_store(store: Store) -> None:
    tokens = {await store.vault.put("open sesame", 60) for _ in range(50)}
    assert len(tokens) == 50
    assert min(len(token) for token in tokens) >= 22
    keys = [key async for key in all_keys(store)]
    assert not any(token in key for token in tokens for key in keys)


async def test_an_unknown_token_is_none_whatever_it_looks_like(store: Store) -> None:
    for token in ("", "x", "*", "a" * 10_000, "ü\n{0}"):
        assert await store.vault.take(token) is None
        assert await store.vault.peek(token) is None


async def test_a_secret_is_made_once_and_the_same_for_everybody(store: Store, other: Store) -> None:
    found = await asyncio.gather(*(each.vault.secret("web") for each in (store, other) * 10))
    assert len(set(found)) == 1
    assert len(found[0]) == 32
    assert await store.vault.secret("another") != found[0]


async def test_a_minutes_worth_is_free_and_then_it_trickles(store: Store, other: Store) -> None:
    waits = await asyncio.gather(*(each.limiter.wait_for("ana", 30) for each in (store, other) * 30))
    free = [wait for wait in waits if wait == 0.0]
    assert len(free) in (30, 31)
    assert all(0 < wait <= 4 for wait in waits if wait)


async def test_whoever_waited_as_long_as_told_may_go_ahead(store: Store) -> None:
    waits = [await store.limiter.wait_for("ana", 600) for _ in range(700)]
    assert any(waits)
    # Six hundred a minute are ten a second: within a second or so one is free again.
    await until(lambda: free_again(store))


async def free_again(store: Store) -> bool:
    return await store.limiter.wait_for("ana", 600) == 0.0


async def test_a_refusal_costs_nothing(store: Store) -> None:
    while not (first := await store.limiter.wait_for("ana", 6)):
        pass
    for _ in range(20):
        assert await store.limiter.wait_for("ana", 6) <= first


async def test_one_visitors_haste_is_not_anothers(store: Store) -> None:
    while not await store.limiter.wait_for("ana", 1):
        pass
    assert await store.limiter.wait_for("ben", 1) == 0.0
    assert await store.limiter.wait_for("*", 1) == 0.0
