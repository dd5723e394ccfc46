"""Tests the port Bookmarks: how far something was read, by shelf and name."""

from adapters.storage.store import Store


async def test_a_mark_is_kept_until_it_is_moved_or_removed(store: Store, other: Store) -> None:
    await store.bookmarks.put("discord/places", "123", "7 a")
    await store.bookmarks.put("discord/places", "124", "8 b")
    await store.bookmarks.put("discord/commands", "123", "x")
    await other.bookmarks.put("discord/places", "123", "9 a")
    assert await store.bookmarks.all("discord/places") == {"123": "9 a", "124": "8 b"}
    await store.bookmarks.remove("discord/places", "124")
    await store.bookmarks.remove("discord/places", "nobody")
    assert await other.bookmarks.all("discord/places") == {"123": "9 a"}
    assert await store.bookmarks.all("elsewhere") == {}


async def test_a_shelf_is_kept_as_long_as_conversations_are(store: Store) -> None:
    await store.bookmarks.put("discord/places", "123", "7 a")
    seconds = await store.wire.ask("TTL", store.wire.keys.bookmarks("discord/places"))
    assert store.wire.keep - 60 <= seconds <= store.wire.keep
    await store.bookmarks.put("slack/early/1", "2", "edit", 600)
    assert 540 <= await store.wire.ask("TTL", store.wire.keys.bookmarks("slack/early/1")) <= 600
