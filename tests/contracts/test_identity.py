"""Tests that a store which lost its data, or is another one, acknowledges nothing until someone has looked."""

from collections.abc import Callable
from typing import Any

import pytest
import redis.asyncio

from adapters.storage.health import RedisHealth, StoreUnusable
from adapters.storage.identity import KnownStore, StoreIdentity
from adapters.storage.keys import Keys
from adapters.storage.store import Store
from bot.ports import StoreDown
from tests.contracts.support.commits import start, tell
from tests.contracts.support.servers import Server
from tests.fakes.wait import until


async def own_keys(store: Store) -> list[str]:
    client: Any = store.wire.client
    where = {"target_nodes": "primaries"} if isinstance(client, redis.asyncio.RedisCluster) else {}
    return [key async for key in client.scan_iter(f"{store.wire.keys.prefix}:*", **where)]


async def flush(store: Store) -> None:
    """Empty the store of this prefix, as FLUSHALL would: the server is shared with other tests."""
    for key in await own_keys(store):
        await store.wire.client.delete(key)


async def wrong_with(store: Store) -> dict[str, str]:
    return dict(await RedisHealth(store.wire, every_s=0).check())


@pytest.fixture
async def emptied(store: Store) -> Store:
    """Return a store with a conversation that was emptied under the process."""
    await store.conversations.commit(start())
    await flush(store)
    return store


async def test_no_event_is_acknowledged_once_the_store_was_emptied(emptied: Store) -> None:
    with pytest.raises(StoreDown, match="lost its data"):
        await emptied.conversations.commit(start(door="web/another"))
    with pytest.raises(StoreDown, match="lost its data"):
        await emptied.backlog.waiting()
    assert set(await wrong_with(emptied)) == {"identity"}
    assert not [key for key in await own_keys(emptied) if "probe" not in key]


async def test_commands_that_record_nothing_notice_an_emptied_store_too(emptied: Store) -> None:
    async def refused() -> bool:
        try:
            await emptied.backlog.waiting()
        except StoreDown:
            return True
        return False

    emptied.wire.identity.look_again()
    await until(refused, 5)


async def test_a_replica_says_nothing_about_the_identity(
    running: Callable[[str], Server], prefix: str
) -> None:
    server = running("redis")
    store = server.store(prefix)
    await store.prepare()
    await flush(store)
    server.operate("REPLICAOF", "127.0.0.1", "1")
    try:
        await store.wire.identity.look()
        assert store.wire.identity.lost == "", "a replica may be empty while it is copied"
    finally:
        server.operate("REPLICAOF", "NO", "ONE")
    await store.wire.identity.look()
    assert "lost its data" in store.wire.identity.lost
    await store.close()


async def test_a_conversation_of_an_emptied_store_is_not_said_to_be_unknown(emptied: Store) -> None:
    at = start().before
    with pytest.raises(StoreDown, match="lost its data"):
        await emptied.conversations.load(at.id)


async def test_an_emptied_store_that_gets_its_data_back_goes_on_without_a_restart(store: Store) -> None:
    done = await store.conversations.commit(start())
    client = store.wire.client
    identity = store.wire.identity.known
    meta = await store.wire.ask("HGETALL", store.wire.keys.meta)
    markers = [shard.identity for shard in store.wire.shards]
    await store.wire.ask_all([("DEL", key) for key in (store.wire.keys.meta, *markers)])
    with pytest.raises(StoreDown):
        await store.conversations.commit(tell(done.conversation, "a"))
    await client.hset(store.wire.keys.meta, mapping=meta)
    for key in markers:
        await client.set(key, identity)
    store.wire.identity.look_again()
    assert (await store.conversations.commit(tell(done.conversation, "a"))).outcome == "committed"


async def test_a_store_with_another_identity_is_refused(store: Store) -> None:
    await flush(store)
    for key in (shard.identity for shard in store.wire.shards):
        await store.wire.client.set(key, "another")
    await store.wire.client.hset(store.wire.keys.meta, "id", "another")
    with pytest.raises(StoreDown, match="not the store used before"):
        await store.conversations.commit(start())
    assert "not the store used before" in (await wrong_with(store))["identity"]


async def test_an_operator_accepts_an_emptied_store_and_the_processes_go_on(
    other: Store, emptied: Store
) -> None:
    with pytest.raises(StoreDown):
        await other.conversations.commit(start())
    await emptied.health.accept()
    other.wire.identity.look_again()
    for each in (emptied, other):
        assert await wrong_with(each) == {}
    assert (await other.conversations.commit(start())).outcome == "committed"
    assert (await emptied.conversations.commit(start(key="again"))).outcome == "exists"


async def test_a_process_that_starts_on_an_emptied_store_refuses_it(emptied: Store) -> None:
    remembered = KnownStore(emptied.wire.identity.known, 1)
    emptied.wire.identity.know(KnownStore())
    with pytest.raises(StoreUnusable, match="store accept"):
        await emptied.health.prepare(remembered)


async def test_a_process_that_starts_on_a_store_without_one_shard_refuses_it(
    store: Store, other: Store
) -> None:
    await store.wire.ask("DEL", store.wire.shards[-1].identity)
    other.wire.identity.know(KnownStore())
    with pytest.raises(StoreUnusable, match="lost a part of its data"):
        await other.health.prepare()


async def test_a_process_without_memory_does_not_take_what_is_left_of_a_store_for_a_new_one(
    store: Store, other: Store
) -> None:
    await store.conversations.commit(start())
    await store.wire.client.delete(store.wire.keys.meta)
    other.wire.identity.know(KnownStore())
    with pytest.raises(StoreUnusable, match="lost a part of its data"):
        await other.health.prepare()
    assert not await store.wire.client.exists(store.wire.keys.meta)
    markers = [await store.wire.client.get(shard.identity) for shard in store.wire.shards]
    assert set(markers) == {store.wire.identity.known}
    await other.health.accept()
    assert await wrong_with(other) == {}


async def test_a_store_that_another_deployment_accepted_days_ago_is_refused(
    store: Store, other: Store
) -> None:
    before = other.wire.identity.known
    await store.health.accept()
    now = int(await store.wire.ask("HGET", store.wire.keys.meta, "accepted"))
    await store.wire.ask("HSET", store.wire.keys.meta, "accepted", now - 2 * 24 * 3600 * 1000)
    other.wire.identity.know(KnownStore(before, 1))
    await other.wire.identity.look()
    assert "not the store used before" in other.wire.identity.lost
    other.wire.identity.know(KnownStore())
    with pytest.raises(StoreUnusable, match="not the store used before"):
        await other.health.prepare(KnownStore(before, 1))


async def test_an_answer_from_before_an_acceptance_says_nothing_about_the_store_after_it() -> None:
    async def accepted_meanwhile(_commands: object) -> list[Any]:
        identity.know(KnownStore("new", 2))
        return [["old", None], "old"]

    identity = StoreIdentity(Keys("tt"), accepted_meanwhile)
    identity.know(KnownStore("old", 1))
    await identity.look()
    assert (identity.known, identity.lost) == ("new", "")
