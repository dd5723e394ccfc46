"""Tests the port Uploads: files are stored for a while, and never more than fit."""

import pytest

from adapters.storage.store import Store
from adapters.storage.uploads import DAY, DAYS, RedisUploads
from bot.ports import NoRoom
from tests.contracts.support.commits import all_keys

ROOM = 1000


async def test_what_is_kept_is_had_again_byte_for_byte(store: Store, other: Store) -> None:
    content = bytes(range(256))
    file = await store.kept.put("07c", "a.bin", "application/octet-stream", content, ROOM)
    assert (file.name, file.kind, file.size, file.at) == (
        "a.bin",
        "application/octet-stream",
        256,
        "kept||07c",
    )
    assert await other.kept.get(file.id) == content
    assert await other.kept.get("unknown") is None


async def test_what_has_no_room_is_refused_and_the_rest_stays(store: Store) -> None:
    first = await store.kept.put("07c", "a", "x/y", bytes(600), ROOM)
    with pytest.raises(NoRoom):
        await store.kept.put("07c", "b", "x/y", bytes(401), ROOM)
    assert await store.kept.get(first.id) == bytes(600)
    assert (await store.kept.put("07c", "c", "x/y", bytes(400), ROOM)).size == 400


async def test_what_was_kept_long_enough_makes_room_again(store: Store) -> None:
    today = [1_000_000.0 * DAY]
    kept = RedisUploads(store.wire, lambda: today[0])
    await kept.put("07c", "a", "x/y", bytes(900), ROOM)
    today[0] += (DAYS - 1) * DAY
    with pytest.raises(NoRoom):
        await kept.put("07c", "b", "x/y", bytes(200), ROOM)
    today[0] += DAY
    assert (await kept.put("07c", "c", "x/y", bytes(200), ROOM)).size == 200


async def test_every_file_is_forgotten_in_time(store: Store) -> None:
    file = await store.kept.put("07c", "a", "x/y", b"z", ROOM)
    key = store.wire.keys.kept(file.id)
    assert await store.wire.ask("TTL", key) in range(DAYS * DAY - 60, DAYS * DAY + 1)
    assert file.id not in "".join([key async for key in all_keys(store)])
