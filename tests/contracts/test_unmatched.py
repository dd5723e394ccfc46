"""Tests the port UnmatchedTexts: texts are counted by any process, bounded in number, and forgotten in time."""

import asyncio

from adapters.storage.store import Store
from bot.ports import MOST_UNMATCHED


async def test_a_text_is_counted_whoever_counts_it_and_keeps_its_first_sample(
    store: Store, other: Store
) -> None:
    assert await store.unmatched.all() == ()
    for each, words in (
        (store, "My scanner beeps!"),
        (other, "my  scanner beeps"),
        (store, "MY SCANNER BEEPS?"),
    ):
        await each.unmatched.count(words)
    await other.unmatched.count("no sound")
    found = await store.unmatched.all()
    assert [(text.sample, text.count) for text in found] == [("My scanner beeps!", 3), ("no sound", 1)]


async def test_fifty_counts_at_once_are_fifty(store: Store, other: Store) -> None:
    await asyncio.gather(*(each.unmatched.count("no sound") for each in [store, other] * 25))
    (text,) = await store.unmatched.all()
    assert text.count == 50


async def test_a_text_knows_when_it_came_last(store: Store) -> None:
    await store.unmatched.count("a")
    (first,) = await store.unmatched.all()
    await store.wire.ask("ZADD", store.wire.keys.unmatched, first.last_at - 5_000, "a")
    (earlier,) = await store.unmatched.all()
    assert earlier.last_at == first.last_at - 5_000
    await store.unmatched.count("a")
    (again,) = await store.unmatched.all()
    assert again.last_at >= first.last_at


async def test_signs_numbers_and_other_scripts_are_stored_as_they_came(store: Store) -> None:
    samples = ["7 42 %d {x} | \u2026", "\U0001f5a8 druckt nicht", "プリンターが動きません。", "a\nb"]
    for sample in samples:
        await store.unmatched.count(sample)
    found = {text.sample for text in await store.unmatched.all()}
    assert found == {"7 42 %d {x} | \u2026", "\U0001f5a8 druckt nicht", "プリンターが動きません。", "a b"}


async def test_what_says_nothing_is_not_counted(store: Store) -> None:
    for sample in ("", "  ", "...", "?!"):
        await store.unmatched.count(sample)
    assert await store.unmatched.all() == ()


async def test_of_too_many_texts_those_that_came_longest_ago_are_deleted(store: Store) -> None:
    await asyncio.gather(*(store.unmatched.count(f"text {number}") for number in range(MOST_UNMATCHED)))
    times = store.wire.keys.unmatched
    await store.wire.ask("ZADD", times, 2**42, "text 7", 2**42, "text 8")
    oldest = (await store.wire.ask("ZRANGE", times, 0, 0))[0]
    await store.unmatched.count("one more")
    found = {text.sample for text in await store.unmatched.all()}
    assert len(found) == MOST_UNMATCHED
    assert {"one more", "text 7", "text 8"} <= found
    assert oldest not in found
    assert len(await store.wire.ask("HKEYS", store.wire.keys.unmatched_counts)) == MOST_UNMATCHED


async def test_texts_are_kept_as_long_as_conversations_are(store: Store) -> None:
    await store.unmatched.count("old")
    await store.unmatched.count("new")
    for key in (store.wire.keys.unmatched, store.wire.keys.unmatched_counts):
        assert store.wire.keep - 60 <= await store.wire.ask("TTL", key) <= store.wire.keep
    (new,) = [text for text in await store.unmatched.all() if text.sample == "new"]
    past = new.last_at - store.wire.keep * 1000 - 1
    await store.wire.ask("ZADD", store.wire.keys.unmatched, past, "old")
    assert [text.sample for text in await store.unmatched.all()] == ["new"]
    assert len(await store.wire.ask("HKEYS", store.wire.keys.unmatched_counts)) == 1
