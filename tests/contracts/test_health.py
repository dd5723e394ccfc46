"""Tests the port Health, and with which stores the product refuses to start."""

from collections.abc import Callable, Iterator

import pytest

from adapters.storage.health import RedisHealth, StoreUnusable
from adapters.storage.store import Store
from tests.contracts.support.rights import LOGIN
from tests.contracts.support.servers import Server, TwoNodes

USER = LOGIN.partition(":")[0]


async def test_a_store_as_it_should_be_has_nothing_wrong(store: Store) -> None:
    assert await store.health.check() == {}


async def test_a_store_made_with_other_shards_or_another_format_is_refused(store: Store) -> None:
    for field, value in (("shards", "128"), ("format", "99")):
        kept = await store.wire.ask("HGET", store.wire.keys.meta, field)
        await store.wire.ask("HSET", store.wire.keys.meta, field, value)
        with pytest.raises(StoreUnusable, match=f"{field} {value}, but this (version|release)"):
            await store.prepare()
        store.health.check_again()
        assert set(await store.health.check()) == {"shards"}
        await store.wire.ask("HSET", store.wire.keys.meta, field, kept)
    await store.prepare()


async def test_damaged_meta_data_is_a_reason_and_no_failure_of_the_check(store: Store) -> None:
    client, meta = store.wire.client, store.wire.keys.meta
    await client.hset(meta, "writes", "two")
    with pytest.raises(StoreUnusable, match="format two is written"):
        await store.prepare()
    await client.set(meta, "damaged")  # in one step: a look beside the commands must not miss the identity
    assert "usable" in await store.health.check()
    with pytest.raises(StoreUnusable, match="WRONGTYPE"):
        await store.prepare()


async def test_a_cluster_of_which_one_primary_refuses_writes_is_not_writable(
    running: Callable[[str], Server], prefix: str
) -> None:
    server = running("cluster")
    assert isinstance(server, TwoNodes)
    store = server.store(prefix)
    await store.prepare()
    for number in (0, 1):
        server.operate_on(number, "CONFIG", "SET", "maxmemory", "1")
        store.health.check_again()
        found = await store.health.check()
        server.operate_on(number, "CONFIG", "SET", "maxmemory", "0")
        assert set(found) == {"writable"}
        assert "OOM" in found["writable"]
    await store.close()


async def test_checks_in_quick_succession_ask_the_store_once(store: Store) -> None:
    assert await store.health.check() == {}
    await store.wire.ask("DEL", store.wire.keys.meta)
    assert await store.health.check() == {}
    store.health.check_again()
    assert set(await store.health.check()) == {"identity"}


class Said(RedisHealth):
    """A server with these answers to INFO."""

    def __init__(self, store: Store, info: dict[str, object], vouched: bool = False) -> None:
        super().__init__(store.wire, vouched)
        self._said = {"redis_version": "7.0.15", "aof_enabled": 1, "maxmemory_policy": "noeviction"} | info

    async def _infos(self) -> list[dict[str, object]]:
        return [self._said]


@pytest.mark.parametrize(
    ("info", "wrong"),
    [
        ({}, set()),
        ({"aof_enabled": 0}, {"persistent"}),
        ({"aof_last_write_status": "err"}, {"persistent"}),
        ({"maxmemory_policy": "allkeys-lru", "maxmemory": 100}, {"eviction"}),
        ({"maxmemory_policy": "volatile-ttl", "maxmemory": 100}, {"eviction"}),
        ({"maxmemory_policy": "allkeys-lru", "maxmemory": 0}, set()),
        ({"refused": "NOPERM"}, {"persistent"}),
    ],
)
async def test_what_a_server_says_about_itself_is_judged(
    store: Store, info: dict[str, object], wrong: set[str]
) -> None:
    assert set(await Said(store, info).check()) == wrong


async def test_an_operator_may_vouch_for_a_server_that_does_not_show_how_it_keeps_data(store: Store) -> None:
    assert await Said(store, {"aof_enabled": 0}, vouched=True).check() == {}


async def test_an_old_server_is_refused(store: Store) -> None:
    with pytest.raises(StoreUnusable, match=r"6\.2 is too old"):
        await Said(store, {"redis_version": "6.2.14"}).prepare()


@pytest.fixture
def user(running: Callable[[str], Server]) -> Iterator[Callable[..., Server]]:
    """Take rights away from the bot's user, on all nodes of a server, and give them back at the end."""
    taken: list[tuple[Server, str]] = []

    def without(name: str, *rights: str) -> Server:
        server = running(name)
        for right in rights:
            server.operate("ACL", "SETUSER", USER, f"-{right}")
            taken.append((server, right))
        return server

    yield without
    for server, right in taken:
        server.operate("ACL", "SETUSER", USER, f"+{right}")


@pytest.mark.parametrize("rights", [("spublish", "zadd"), ("getdel", "ssubscribe"), ("hkeys", "zscan")])
async def test_a_user_who_lacks_a_right_is_refused_before_the_first_event(
    user: Callable[..., Server], prefix: str, rights: tuple[str, ...]
) -> None:
    store = user("redis", *rights).store(prefix)
    named = ", ".join(rights).upper()
    with pytest.raises(StoreUnusable, match=rf"lacks the right to use {named}; docs/redis\.md"):
        await store.prepare()
    await store.close()


async def test_a_right_that_one_node_of_a_cluster_lacks_is_named(
    user: Callable[..., Server], prefix: str
) -> None:
    server = user("cluster", "zadd")
    assert isinstance(server, TwoNodes)
    store = server.store(prefix)
    for first, second in ((0, 1), (1, 0)):
        server.operate_on(first, "ACL", "SETUSER", USER, "+zadd")
        server.operate_on(second, "ACL", "SETUSER", USER, "-zadd")
        with pytest.raises(StoreUnusable, match="the right to use ZADD"):
            await store.prepare()
    await store.close()


async def test_a_right_that_is_taken_from_a_running_process_is_named(
    user: Callable[..., Server], prefix: str
) -> None:
    store = user("redis").store(prefix)
    await store.prepare()
    user("redis", "zadd", "getdel")
    found = await store.health.check()
    assert set(found) == {"rights"}
    assert "the right to use GETDEL, ZADD" in found["rights"]
    await store.close()
