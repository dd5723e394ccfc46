"""Tests the port Uploads: room is held, taken and freed exactly, at whatever moment a process dies."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import pytest

from adapters.storage.store import Store
from adapters.storage.uploads import DAY, DAYS, ENTRY, HOLD_MS, RedisUploads
from bot.ports import ALL_FILES, NoRoom, Upload
from flows.events import File
from tests.contracts.support.commits import all_keys, begun, follow, record

ROOM = {ALL_FILES: 10_000, "of:ana": 6_000}


def upload(conversation: str, name: str, size: int) -> Upload:
    file = File(id=name, name=name, kind="x/y", size=size, at=f"kept||{conversation}")
    return Upload(file=file, content=name.encode() + bytes(size - len(name)))


async def used(store: Store) -> dict[str, int]:
    """Return the bytes by share, without what the store adds for each file."""
    shares = await store.wire.ask("HGETALL", store.wire.keys.uploads[2])
    files = len(await store.wire.ask("HKEYS", store.wire.keys.uploads[0]))
    return {name: int(size) - files * ENTRY for name, size in shares.items()}


async def test_a_recorded_file_stays_and_any_other_frees_its_room(store: Store, other: Store) -> None:
    at = await begun(store)
    mine, refused = upload(at.id, "a", 300), upload(at.id, "b", 200)
    await store.kept.hold((mine, refused), ROOM)
    assert await used(other) == {"all": 500, "of:ana": 500}
    at = (await record(store, follow(at, "said", files=(mine.file,)))).conversation
    await store.kept.settle((mine, refused))
    assert await used(other) == {"all": 300, "of:ana": 300}
    assert await other.kept.get("a") == mine.content
    assert await other.kept.get("b") is None
    # The same form again is the same file; what is recorded is not released.
    await other.kept.hold((mine,), ROOM)
    await other.kept.settle((mine,))
    assert await used(other) == {"all": 300, "of:ana": 300}
    # The message is deleted, and its file with it.
    await record(store, follow(at, "deleted", amends=2))
    assert await used(other) == {}
    assert await other.kept.get("a") is None
    names = [key async for key in all_keys(store) if ":kept:" in key]
    assert names == []


async def test_of_many_at_once_only_those_that_fit_get_room(store: Store, other: Store) -> None:
    tries = [
        each.kept.hold((upload("07c", f"{each is store}{n}", 1000),), ROOM)
        for n in range(8)
        for each in (store, other)
    ]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [NoRoom] * 13
    assert await used(store) == {"all": 3000, "of:ana": 3000}
    await store.kept.hold((upload("07c", "of another", 3000),), {ALL_FILES: 10_000})


async def test_two_callers_with_the_same_file_do_not_delete_it_from_under_each_other(
    store: Store, other: Store
) -> None:
    at = await begun(store)
    file = upload(at.id, "a", 300)
    await store.kept.hold((file,), ROOM)
    await other.kept.hold((file,), ROOM)
    await store.kept.settle((file,))  # refused there
    assert await other.kept.get("a") == file.content
    await record(other, follow(at, "said", files=(file.file,)))
    await store.wire.ask("DEL", store.wire.keys.kept("a"))  # as a slow caller does that was refused
    await other.kept.settle((file,))
    assert await other.kept.get("a") == file.content
    assert await used(store) == {"all": 300, "of:ana": 300}


async def test_a_process_that_dies_leaves_neither_a_lost_file_nor_lost_room(store: Store) -> None:
    clock = [1_000_000.0 * DAY]
    kept = RedisUploads(store.wire, lambda: clock[0])
    at = await begun(store)
    recorded, lost = upload(at.id, "a", 2000), upload(at.id, "b", 2000)
    await kept.hold((recorded, lost), ROOM)
    await record(store, follow(at, "said", files=(recorded.file,)))
    with pytest.raises(NoRoom):
        await kept.hold((upload(at.id, "c", 2000),), ROOM)
    clock[0] += HOLD_MS / 1000 + 1
    await kept.hold((upload(at.id, "c", 2000),), ROOM)
    assert await used(store) == {"all": 4000, "of:ana": 4000}
    assert (await kept.get("a"), await kept.get("b")) == (recorded.content, None)
    # After a few days, recorded files make room again.
    clock[0] += DAYS * DAY + 1
    await kept.hold((upload(at.id, "d", 2000),), ROOM)
    assert await used(store) == {"all": 2000, "of:ana": 2000}


class Interrupted(RedisUploads):
    """Uploads that let another caller act after they looked into a conversation."""

    def __init__(self, store: Store, now: Callable[[], float], act: Callable[[], Awaitable[None]]) -> None:
        super().__init__(store.wire, now)
        self._act = act

    async def _recorded(self, conversations: Iterable[str]) -> frozenset[str]:
        found = await super()._recorded(conversations)
        await self._act()
        return found


async def test_a_form_that_comes_again_after_its_time_keeps_its_file(store: Store) -> None:
    clock = [1_000_000.0 * DAY]
    kept = RedisUploads(store.wire, lambda: clock[0])
    at = await begun(store)
    mine = upload(at.id, "a", 2000)
    await kept.hold((mine,), ROOM)
    clock[0] += HOLD_MS / 1000 + 1

    async def again() -> None:
        await kept.hold((mine,), ROOM)
        await record(store, follow(at, "said", files=(mine.file,)))

    await Interrupted(store, lambda: clock[0], again).hold((upload(at.id, "b", 100),), ROOM)
    await kept.settle((mine,))
    assert await kept.get("a") == mine.content
    assert await used(store) == {"all": 2100, "of:ana": 2100}


async def test_a_message_whose_list_of_files_is_damaged_can_still_be_deleted(store: Store) -> None:
    at = await begun(store)
    file = upload(at.id, "a", 300).file
    at = (await record(store, follow(at, "said", files=(file,)))).conversation
    words = store.wire.keys.shard(at.id).words + at.id
    await store.wire.ask("HSET", words, f"{at.version}f", "[{")
    assert (await record(store, follow(at, "deleted", amends=at.version))).outcome == "committed"
    assert await store.wire.ask("HGETALL", words) == {}


async def test_files_of_an_earlier_version_count_until_they_are_gone(store: Store) -> None:
    clock = [1_000_000.0 * DAY]
    kept = RedisUploads(store.wire, lambda: clock[0])
    await store.wire.ask("HSET", store.wire.keys.kept_days, 1_000_000, 9000, 999_000, 9000)
    with pytest.raises(NoRoom):
        await kept.hold((upload("07c", "a", 2000),), ROOM)
    clock[0] += DAYS * DAY
    await kept.hold((upload("07c", "a", 2000),), ROOM)
    assert await store.wire.ask("TTL", store.wire.keys.kept_days) > 0


async def test_every_key_of_files_expires(store: Store) -> None:
    file = upload("07c", "a secret id", 100)
    await store.kept.hold((file,), ROOM)
    assert await store.wire.ask("TTL", store.wire.keys.kept("a secret id")) in range(
        DAYS * DAY - 60, DAYS * DAY + 1
    )
    for key in store.wire.keys.uploads:
        assert await store.wire.ask("TTL", key) in range(DAYS * DAY, (DAYS + 1) * DAY + 1)
    assert "a secret id" not in "".join([key async for key in all_keys(store)])
