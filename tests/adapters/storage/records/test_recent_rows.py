"""Tests that a journal that was read before is parsed where it grew, and reads as what is stored now."""

import fakeredis

from adapters.storage.records.journal.before import Before
from adapters.storage.records.journal.recent_rows import LASTING_S, LONG, MOST, RecentRows
from adapters.storage.store import Store
from bot.ports import KnownPerson
from flows.acts import Claimed
from flows.conversation import Conversation
from flows.effects import Change
from flows.events import Answered
from tests.contracts.support.commits import begun, follow, record
from tests.fakes.world import store_in_memory

MAX = "slack:max"


async def long(store: Store) -> Conversation:
    """Fill a journal that is long enough to be remembered."""
    at = await begun(store)
    held = {"status": "with_agent", "holder": MAX, "holder_name": "Maximilian"}
    claims = {"event": Claimed(actor=MAX, name="Maximilian"), "set": held}
    at = (await record(store, follow(at, "claimed", change=claims))).conversation
    while at.version < LONG:
        at = (await record(store, follow(at, f"k{at.version}"))).conversation
    return at


async def test_only_what_is_new_is_parsed() -> None:
    store = store_in_memory()
    at = await long(store)
    first = await store.conversations.journal(at.id)
    await record(store, follow(at, "one more"))
    then = await store.conversations.journal(at.id)
    assert len(then) == len(first) + 1
    assert all(now is known for now, known in zip(then, first, strict=False))


async def test_what_another_process_erased_is_gone() -> None:
    server = fakeredis.FakeServer(version=(7,))
    store, other = store_in_memory(server), store_in_memory(server)
    at = await long(store)
    assert "Maximilian" in str(await store.conversations.journal(at.id))
    await other.personal_data.redact(KnownPerson(actors=(MAX,)), at.id)
    now = await store.conversations.journal(at.id)
    assert "Maximilian" not in str(now)
    assert now == await store_in_memory(server).conversations.journal(at.id)


async def test_a_row_that_is_damaged_later_is_noticed() -> None:
    store = store_in_memory()
    at = await long(store)
    first = await store.conversations.journal(at.id)
    await store.wire.ask("LSET", store.wire.keys.shard(at.id).journals + at.id, 5, "?")
    now = await store.conversations.journal(at.id)
    assert [row.version for row in now] == [row.version for row in first if row.version != 6]


def change(version: int) -> Change:
    return Change(event=Answered(actor="web:ana", turn=version, choice="yes"), version=version)


def test_no_more_rows_are_remembered_than_there_is_room_for_and_none_for_long() -> None:
    now = [0.0]
    recent = RecentRows(clock=lambda: now[0])
    lines = [str(number) for number in range(MOST // 2)]
    changes = [change(number) for number in range(MOST // 2)]
    for name in ("a", "b", "c"):
        recent.put(name, lines, changes, Before())
    assert [bool(recent.parsed(name, lines)[0]) for name in ("a", "b", "c")] == [False, True, True]
    now[0] = LASTING_S + 1
    assert recent.parsed("c", lines) == ((), Before())
    recent.put("too long", [*lines, *lines, "more"], [*changes, *changes, change(0)], Before())
    recent.put("short", lines[: LONG - 1], changes[: LONG - 1], Before())
    assert not any(recent.parsed(name, lines * 3)[0] for name in ("too long", "short"))
