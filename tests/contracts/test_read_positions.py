"""Tests the port ReadPositions: any process can record how far a customer has read, and it never goes back."""

from adapters.storage.store import Store

AT = "07abcdefghijklmnop"


async def test_what_was_seen_is_known_everywhere_and_never_goes_back(store: Store, other: Store) -> None:
    assert await store.views.seen(AT) == 0
    await store.views.saw(AT, 7)
    await other.views.saw(AT, 5)
    assert await other.views.seen(AT) == 7
    await other.views.saw(AT, 12)
    assert await store.views.seen(AT) == 12
    assert await store.views.seen("08abcdefghijklmnop") == 0


async def test_it_is_kept_as_long_as_conversations_are(store: Store) -> None:
    await store.views.saw(AT, 3)
    seconds = await store.wire.ask("TTL", store.wire.keys.viewed(AT))
    assert store.wire.keep - 60 <= seconds <= store.wire.keep
