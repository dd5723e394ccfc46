"""Tests the switch to a newer format on real servers: connections that may be an older release's hold it up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from redis.asyncio import Redis

from adapters.storage.connections.connection_names import older_connections
from adapters.storage.formats import NEWEST
from adapters.storage.records.formats import RedisFormats
from adapters.storage.store import Store, connect
from tests.contracts.support.servers import Debians, OurOwn, Server, free_port

FREE: dict[str, Callable[[], Server]] = {"valkey": OurOwn, "redis": Debians}


@pytest.fixture(params=FREE)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    """Run a server to which no one else is connected."""
    running = await asyncio.to_thread(FREE[request.param])
    yield running
    await asyncio.to_thread(running.stop)


@pytest.fixture
async def store(server: Server) -> AsyncIterator[Store]:
    """Return a store of format 1, as the releases before left it."""
    opened = server.store("tt")
    await opened.wire.ask("HSET", opened.wire.keys.meta, "shards", 64, "format", 1)
    await opened.prepare()
    yield opened
    await opened.close()


def older(store: Store, name: str | None = None, **options: Any) -> Redis:
    """Connect as a release before this one does. `options` make it another program."""
    assert isinstance(store.wire.client, Redis)
    path = store.wire.client.connection_pool.connection_kwargs["path"]
    return Redis(unix_socket_path=path, decode_responses=True, protocol=2, client_name=name, **options)


async def step(store: Store) -> tuple[int, int]:
    status = await RedisFormats(store.wire, pause_s=0).advance()
    return status.stored, status.written


async def test_an_unnamed_connection_holds_up_the_switch_and_reopens_a_closed_store(store: Store) -> None:
    for connected in (older(store), older(store, f"troubletree/{NEWEST - 1}")):
        await connected.ping()
        assert await step(store) == (1, 1)
        (doubt,) = (await store.formats.status()).doubts
        assert "without a name" in doubt or f"up to format {NEWEST - 1}" in doubt
        await connected.aclose()
    assert await step(store) == (NEWEST, 1)  # closed: an older release that starts now refuses the store
    late = older(store)
    await late.ping()
    assert await step(store) == (1, 1)
    await late.aclose()
    assert [await step(store) for _ in range(3)] == [(NEWEST, 1), (NEWEST, NEWEST), (NEWEST, NEWEST)]
    assert store.wire.writes == NEWEST


async def test_a_monitor_with_a_name_holds_up_nothing_and_a_server_that_hangs_up_does(store: Store) -> None:
    monitor = older(store, "exporter", driver_info=None)
    await monitor.ping()
    assert await older_connections(store.wire.client, NEWEST) == ()
    await monitor.config_set("timeout", 300)
    (doubt,) = await older_connections(store.wire.client, NEWEST)
    assert "closes idle connections" in doubt
    await monitor.aclose()


@pytest.mark.parametrize("server", ["valkey"], indirect=True)
async def test_an_older_release_that_an_operator_named_holds_up_the_switch(store: Store) -> None:
    connected = older(
        store, "shop"
    )  # as with REDIS_URL=redis://…?client_name=shop, which older releases took
    await connected.ping()
    (doubt,) = await older_connections(store.wire.client, NEWEST)
    assert "is connected as shop" in doubt
    await connected.aclose()


async def test_connections_that_ask_listed_nodes_who_is_the_primary_hold_up_nothing(
    store: Store, server: Server
) -> None:
    port = free_port()
    server.operate("CONFIG", "SET", "port", str(port))
    listed = connect(f"redis://127.0.0.1:{port},127.0.0.1:{port}")
    await listed.ping()
    assert await older_connections(store.wire.client, NEWEST) == ()
    await listed.aclose()
