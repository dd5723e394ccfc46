"""Tests that a store's archive holds everything, and that each kind of store takes it in as it was."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from adapters.storage.archive.store_archive import SKIPPED, StoreArchive
from adapters.storage.kinds import kind_of
from adapters.storage.store import Store
from bot.ports import FormatSwitched, Upload
from flows.events import File
from tests.contracts.support.commits import all_keys, armed, begun, follow, record, start, tell
from tests.contracts.support.servers import Server
from tests.contracts.test_forgetting import everything
from tests.fakes.world import store_in_memory

HOUR = 3_600_000


@pytest.fixture(scope="session", params=["valkey", "cluster"])
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


async def copied(source: Store, target: Store, *, merge: bool = False) -> None:
    read, written = StoreArchive(source.wire), StoreArchive(target.wire)
    head = await read.head()
    await written.begin(head, merge=merge)
    async for unit in read.units(head):
        await written.restore(unit)
    await written.finish(head)


async def test_a_copied_store_has_what_the_first_one_had(store: Store, target: Store) -> None:
    await everything(store)
    await store.addresses.confirm("web:ana", "ana@lamps.example")
    await copied(store, target)
    there, here = await dumped(target), await dumped(store)
    assert set(here) - set(there) == set()
    assert set(there) - set(here) == set()
    for key, found in there.items():
        if key.endswith("counter"):
            assert int(found) == int(here[key]) + SKIPPED
        else:
            assert found == here[key], key


async def test_no_lease_is_taken_over_and_what_was_held_is_due_at_once() -> None:
    store, target = store_in_memory(), store_in_memory()
    at = await begun(store)
    await record(store, tell(at, "a", lease=HOUR))
    assert await store.outbox.take(("slack",), HOUR, 10) == ()
    await copied(store, target)
    (lease,) = await target.outbox.take(("slack",), HOUR, 10)
    assert lease.attempts == 2  # the sender asks the platform first whether it arrived


async def test_an_older_import_is_brought_up_to_date_and_a_newer_conversation_stays() -> None:
    store, target = store_in_memory(), store_in_memory()
    at = await begun(store)
    at = (await record(store, tell(at, "a", timers=armed(at, "nudge", HOUR)))).conversation
    ahead = (await record(store, start(door="slack/ahead"))).conversation
    await copied(store, target)
    at = (await record(store, follow(at, "b", timers=armed(at, "close", HOUR)))).conversation
    await record(target, follow(ahead, "c"))
    read, written = StoreArchive(store.wire), StoreArchive(target.wire)
    head = await read.head()
    await written.begin(head, merge=True)
    talks = [unit async for unit in read.units(head) if "conversation" in unit]
    outcomes = {unit["conversation"]: await written.restore(unit) for unit in talks}
    assert outcomes == {at.id: "restored", ahead.id: "kept"}
    for conversation_id, version in ((at.id, 3), (ahead.id, 2)):
        there = await target.conversations.load(conversation_id)
        assert there is not None
        assert there.version == version
    timers = await target.wire.ask("ZRANGE", target.wire.keys.shard(at.id).alarms, 0, -1)
    assert [name for name in timers if name.startswith(at.id)] == [f"{at.id} close.3.g.3"]


@pytest.mark.parametrize("field", ["v", "ch", "al", "d"])
async def test_a_damaged_field_of_a_record_stops_no_import_and_no_second_one(field: str) -> None:
    store, target = store_in_memory(), store_in_memory()
    at = await begun(store)
    record_key = store.wire.keys.shard(at.id).records + at.id
    await store.wire.ask("HSET", record_key, field, "damaged")
    for _ in range(2):
        await copied(store, target, merge=True)
    assert await value(target, record_key) == await value(store, record_key)


@pytest.mark.parametrize("kind", ["journals", "words", "seen", "receipts"])
async def test_a_damaged_part_of_a_conversation_keeps_the_rest_in_the_archive(kind: str) -> None:
    store = store_in_memory()
    at = await begun(store)
    key = getattr(store.wire.keys.shard(at.id), kind) + at.id
    await store.wire.ask("DEL", key)
    await store.wire.ask("SET", key, "damaged")
    archive = StoreArchive(store.wire)
    units = [unit async for unit in archive.units(await archive.head())]
    assert [unit["conversation"] for unit in units if "conversation" in unit] == [at.id]
    assert any(unit.get("key", "").endswith("quarantine") for unit in units)
    assert not archive.damaged


async def test_an_export_during_a_switch_of_formats_is_no_archive() -> None:
    store = store_in_memory()
    await begun(store)
    archive = StoreArchive(store.wire)
    head = await archive.head()
    await store.wire.ask("HSET", store.wire.keys.meta, "format", 99)
    with pytest.raises(FormatSwitched):
        _units = [unit async for unit in archive.units(head)]


async def test_the_room_of_files_is_counted_from_the_files_that_were_imported(
    store: Store, target: Store
) -> None:
    here, there = await begun(store), await begun(target, door="slack/other")
    first, second, third = (
        Upload(file=File(id=name, name="a", size=5, at=f"kept||{at.id}"), content=b"bytes")
        for name, at in (("first", here), ("second", here), ("third", there))
    )
    shares = {"web": 9999}
    await store.kept.hold([first, second], shares)
    await target.kept.hold([third], shares)
    read, written = StoreArchive(store.wire), StoreArchive(target.wire)
    units = []
    async for unit in read.units(await read.head()):  # meanwhile, a file is deleted
        units.append(unit)
        if unit.get("key", "").startswith("{kept}"):
            await store.kept.drop([second.file])
    head = await read.head()
    for _ in range(2):
        await written.begin(head, merge=True)
        for unit in units:
            await written.restore(unit)
        await written.finish(head)
    files, times, used = [await value(target, key) for key in target.wire.keys.uploads]
    assert "third" in files
    assert int(used["web"]) == sum(int(entry.split()[2]) for entry in files.values())
    assert {name for name, _ in times} >= set(files)  # else their room is never freed
    await target.kept.drop([first.file, second.file, third.file])
    assert await target.wire.ask("EXISTS", *target.wire.keys.uploads) == 0
