"""Tests that a store's archive holds everything, and that each kind of store takes it in as it was."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from adapters.storage.archive.store_archive import SKIPPED, StoreArchive
from adapters.storage.kinds import kind_of
from adapters.storage.store import Store
from tests.contracts.support.commits import all_keys
from tests.contracts.support.servers import Server
from tests.contracts.test_forgetting import everything


@pytest.fixture(scope="session", params=["valkey", "cluster", "fakeredis"])
def other_server(request: pytest.FixtureRequest, running: Callable[[str], Server]) -> Server:
    return running(request.param)


@pytest.fixture
async def target(other_server: Server, prefix: str) -> AsyncIterator[Store]:
    """Return an empty store of another kind."""
    opened = other_server.store(f"{prefix}target")
    await opened.prepare()
    yield opened
    await opened.close()


async def dumped(store: Store) -> dict[str, Any]:
    """Return every key of the store without its prefix, except what belongs to one deployment: leases and changes."""
    found: dict[str, Any] = {}
    async for key in all_keys(store):
        kind = kind_of(store.wire.keys.prefix, key)
        assert kind, key
        if kind.archived != "left out" and (kept := lasting(kind.name, await value(store, key))):
            found[key.removeprefix(f"{store.wire.keys.prefix}:")] = kept
    return found


def lasting(kind: str, value: Any) -> Any:
    """Return a key's value without what an import must not take over."""
    match kind:
        case "holds":
            return {"n": value["n"]}
        case "queues":
            return {lane for lane, _ in value}
        case "board":
            return {name: line for name, line in value.items() if name != "#"}
        case _:
            return value


async def value(store: Store, key: str) -> Any:
    client: Any = store.wire.client
    match await client.type(key):
        case "string":
            return await client.get(key)
        case "hash":
            return await client.hgetall(key)
        case "list":
            return await client.lrange(key, 0, -1)
        case "set":
            return sorted(await client.smembers(key))
        case _:
            return sorted(await client.zrange(key, 0, -1, withscores=True))


async def copied(source: Store, target: Store) -> None:
    read, written = StoreArchive(source.wire), StoreArchive(target.wire)
    head = await read.head()
    await written.begin(head, merge=False)
    async for unit in read.units():
        await written.restore(unit)
    await written.finish(head)


async def test_a_copied_store_has_what_the_first_one_had(store: Store, target: Store) -> None:
    await everything(store)
    await copied(store, target)
    there, here = await dumped(target), await dumped(store)
    assert set(here) - set(there) == set()
    assert set(there) - set(here) == set()
    for key, found in there.items():
        if key.endswith("counter"):
            assert int(found) == int(here[key]) + SKIPPED
        else:
            assert found == here[key], key
