"""Tests the port Marks: temporary and permanent marks."""

from adapters.storage.store import Store


async def test_what_was_done_once_is_not_done_again(store: Store, other: Store) -> None:
    assert await store.marks.first("sent/1", 60)
    assert not await other.marks.first("sent/1", 60)
    assert await store.marks.first("sent/2", 60)


async def test_what_failed_after_all_may_be_done_once_more(store: Store, other: Store) -> None:
    assert await store.marks.first("sent/1", 60)
    await store.marks.clear("sent/1")
    assert await other.marks.first("sent/1", 60)


async def test_what_is_marked_for_good_holds_until_it_is_cleared(store: Store, other: Store) -> None:
    await store.marks.put("offers/off/C1")
    assert await other.marks.marked("offers/off/C1")
    await store.marks.clear("offers/off/C1")
    assert not await other.marks.marked("offers/off/C1")
