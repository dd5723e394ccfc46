"""Tests the port Board: commits keep the lists in every transition, and older data is added once."""

import asyncio
import itertools
from typing import Any

from adapters.storage.keys import conversation_id
from adapters.storage.records.board_migration import relist
from adapters.storage.store import Store
from bot.ports import Armed, Commit, OpenTicket, TicketPage
from flows.conversation import Conversation
from tests.contracts.support.commits import begun, follow, record, reopened, resolved, start, ticketed
from tests.fakes.wait import until

HOUR = 3_600_000
DOORS = (f"listed-{number}" for number in itertools.count())


def sets(before: Conversation, key: str, **fields: Any) -> Commit:
    return follow(before, key, change={"set": fields})


async def opened(store: Store, door: str, **fields: Any) -> Conversation:
    """Make a conversation at that door with an open ticket and those fields."""
    at = (await record(store, ticketed(await begun(store, door=door), "person"))).conversation
    return (await record(store, sets(at, "fields", **fields))).conversation if fields else at


def ids(listing: TicketPage) -> list[str]:
    return [line.conversation for line in listing.lines]


async def standing(store: Store) -> dict[str, OpenTicket]:
    return {each.conversation: each for each in (await store.board.look()).open}


async def test_a_conversation_is_on_the_list_where_it_stands_through_its_whole_life(
    store: Store, other: Store
) -> None:
    async def where() -> tuple[list[str], list[str], list[str]]:
        """Look as another process does, which reads only what changed."""
        view = await other.board.look()
        assert (view.ended, view.guiding) == (
            (await other.board.ended(0, 9)).total,
            (await other.board.guiding(0, 9)).total,
        )
        return (
            ids(await other.board.guiding(0, 9)),
            [each.conversation for each in view.open],
            ids(await other.board.ended(0, 9)),
        )

    at = await begun(store)
    me = [at.id]
    assert await where() == (me, [], [])
    at = (await record(store, ticketed(at, "person"))).conversation
    assert await where() == ([], me, [])
    at = (await record(store, sets(at, "claim", status="with_agent", holder="desk:a", turn=2))).conversation
    assert await where() == ([], me, [])
    assert (await standing(other))[at.id].holder == "desk:a"
    at = (await record(store, reopened(at, "handed back"))).conversation
    assert await where() == (me, [], [])
    at = (await record(store, sets(at, "again", status="waiting"))).conversation
    at = (await record(store, resolved(at, "solved"))).conversation
    assert await where() == ([], [], me)
    at = (await record(store, sets(at, "late", status="with_agent"))).conversation
    assert await where() == ([], me, [])
    at = (await record(store, sets(at, "closed", status="closed"))).conversation
    assert await where() == ([], [], me)
    await record(store, reopened(at, "back"))
    assert await where() == (me, [], [])


async def test_who_was_helped_without_a_ticket_is_on_no_list(store: Store) -> None:
    await record(store, resolved(await begun(store), "fixed"))
    view = await store.board.look()
    assert (view.open, view.ended, view.guiding) == ((), 0, 0)


async def test_the_board_says_what_agents_choose_by(store: Store) -> None:
    at = await opened(
        store, "a", team="us", reasons=("asked", "a b%"), snoozed="hour", holder="x y", first_reply_at=7
    )
    found = (await standing(store))[at.id]
    assert found.model_dump() == {
        **{
            name: getattr(at, name)
            for name in ("version", "status", "ticket", "ticket_at", "waiting_since", "first_reply_at")
        },
        **{name: getattr(at, name) for name in ("snoozed", "holder", "team", "reasons")},
        "conversation": at.id,
        **dict.fromkeys(("first_soon", "first_late", "solve_soon", "solve_late"), 0),
        **dict.fromkeys(("replied_at", "owed_since"), 0),
    }
    assert found.since == at.waiting_since == at.ticket_at > 0


async def test_what_needs_a_reply_comes_before_what_waits_for_the_customer(
    store: Store, other: Store
) -> None:
    answered = await opened(
        store, "a", reasons=("asked", "%@ odd"), replied_at=9, status="with_agent", holder="x"
    )
    silent = await opened(store, "b", replied_at=5, reasons=())
    waits = await opened(store, "c", owed_since=7, status="with_agent", holder="x")
    old = await opened(store, "d", status="with_agent", holder="x", first_reply_at=7)
    seen = (await other.board.look()).open
    assert [each.conversation for each in seen] == [waits.id, old.id, silent.id, answered.id]
    assert [each.customers_turn for each in seen] == [False, False, True, True]
    assert [each.since for each in seen] == [7, old.ticket_at, 5, 9]
    assert seen[-1].reasons == ("asked", "%@ odd")
    await record(store, sets(answered, "said", replied_at=0, owed_since=4))
    found = await standing(other)
    assert (found[answered.id].customers_turn, found[answered.id].since) == (False, 4)


async def test_a_line_of_an_earlier_version_needs_a_reply(store: Store, other: Store) -> None:
    at = await opened(store, "a", reasons=("asked",), replied_at=9)
    shard = store.wire.keys.shard(at.id)
    line = await store.wire.ask("HGET", shard.board, at.id)
    await store.wire.ask("HSET", shard.board, at.id, line.rpartition(" ")[0])
    found = (await standing(other))[at.id]
    assert (found.customers_turn, found.reasons) == (False, ("asked",))


async def test_what_has_not_changed_is_not_read_again_and_what_has_is(store: Store, other: Store) -> None:
    at = await opened(store, "a")
    still = await opened(store, "b")
    before = await other.board.look()
    assert await other.board.look() == before
    await record(store, sets(at, "claim", holder="desk:ana"))
    after = await other.board.look()
    assert after.stamp != before.stamp
    assert {each.conversation: each.holder for each in after.open} == {at.id: "desk:ana", still.id: ""}
    assert (await store.board.look()).stamp == after.stamp, "every process says the same"


async def test_many_who_look_at_once_see_what_was_recorded_before_they_looked(
    store: Store, other: Store
) -> None:
    async def one(number: int) -> None:
        at = await opened(store, f"crowd-{number}")
        seen = await asyncio.gather(*(other.board.look() for _ in range(3)))
        assert all(at.id in {each.conversation for each in view.open} for view in seen)

    await asyncio.gather(*map(one, range(12)))


async def test_targets_are_on_the_board_from_when_they_are_armed(store: Store) -> None:
    at = await begun(store)
    promises = tuple(
        Armed(kind=kind, turn=0, status="waiting", after=after)
        for kind, after in (
            ("unclaimed", 1),
            ("first_soon", HOUR),
            ("first_late", 2 * HOUR),
            ("solve_late", 9 * HOUR),
        )
    )
    asked = ticketed(at, "person").model_copy(update={"promises": promises})
    at = (await record(store, asked)).conversation
    found = (await standing(store))[at.id]
    assert (found.first_soon - at.ticket_at, found.first_late - at.ticket_at) == (HOUR, 2 * HOUR)
    assert (found.solve_soon, found.solve_late - at.ticket_at) == (0, 9 * HOUR)


async def test_those_that_ended_are_paged_the_newest_first_and_filtered(store: Store) -> None:
    done = []
    for number in range(9):
        fields = {
            "team": "us" if number % 3 else "them",
            "reasons": ("asked", "no time") if number % 2 else ("idle",),
        }
        at = await opened(store, f"d{number}", **fields)
        at = (
            await record(store, sets(at, "end", status="closed" if number == 4 else "resolved"))
        ).conversation
        done.append(at)
    done.sort(key=lambda at: (at.changed_at, at.id), reverse=True)
    everyone = [at.id for at in done]
    assert ids(await store.board.ended(0, 4)) == everyone[:4]
    assert ids(await store.board.ended(4, 4)) == everyone[4:8]
    assert ids(await store.board.ended(8, 4)) == everyone[8:]
    assert await store.board.ended(90, 4) == TicketPage(total=9, lines=())
    for wanted in (
        {"team": "us"},
        {"reason": "no time"},
        {"team": "them", "reason": "idle"},
        {"status": "closed"},
    ):
        mine = [
            at.id
            for at in done
            if at.team == wanted.get("team", at.team)
            and wanted.get("reason", at.reasons[0]) in at.reasons
            and at.status == wanted.get("status", at.status)
        ]
        found = await store.board.ended(0, 3, **wanted)
        assert (found.total, ids(found)) == (len(mine), mine[:3]), wanted
        assert 0 < len(mine) < 9


async def test_those_being_guided_are_listed_by_their_newest_happening(store: Store) -> None:
    first, second = [await begun(store, door=door) for door in ("one", "two")]

    async def later() -> bool:
        """Commit again. Return whether the clock has moved on."""
        nonlocal first
        first = (await record(store, follow(first, f"k{first.version}"))).conversation
        return first.changed_at > second.changed_at

    await until(later)
    listing = await store.board.guiding(0, 9)
    assert ids(listing) == [first.id, second.id]
    assert listing.lines[0].changed == first.changed_at == first.step_since
    assert ids(await store.board.guiding(1, 1)) == [second.id]


async def test_forgotten_conversations_leave_the_lists_in_time(store: Store) -> None:
    old = await opened(store, "old")
    shard = store.wire.keys.shard(old.id)
    await store.wire.ask("DEL", shard.records + old.id)
    await store.board.correct(old.id)
    gone = await begun(store, door="slack/gone")
    shard = store.wire.keys.shard(gone.id)
    await store.wire.ask("ZADD", shard.guiding, gone.changed_at - store.wire.keep * 1000 - 1, gone.id)
    await store.wire.ask("DEL", shard.records + gone.id)
    door = next(name for name in DOORS if conversation_id(name, "s")[:2] == gone.id[:2])
    await record(store, start(door=door))
    view = await store.board.look()
    assert (view.open, view.guiding) == ((), 1)


async def test_data_from_before_the_lists_is_taken_in_at_the_start_and_only_once(
    store: Store, other: Store
) -> None:
    promised = (Armed(kind="first_late", turn=0, status="waiting", after=HOUR),)
    at = ticketed(await begun(store, door="a"), "person").model_copy(update={"promises": promised})
    waits = (await record(store, at)).conversation
    ended = (await record(store, resolved(await opened(store, "b"), "r"))).conversation
    walks = await begun(store, door="c")
    was = await standing(store)
    for shard in store.wire.shards:
        await store.wire.ask_all([("DEL", key) for key in (shard.board, shard.ended, shard.guiding)])
    await store.wire.ask("HDEL", store.wire.keys.shard(waits.id).records + waits.id, "dg")
    await store.wire.ask("HDEL", store.wire.keys.meta, "lists")
    await asyncio.gather(store.prepare(), other.prepare())
    assert await standing(other) == was
    assert was[waits.id].first_late > 0
    assert ids(await other.board.ended(0, 9)) == [ended.id]
    assert ids(await other.board.guiding(0, 9)) == [walks.id]
    await store.wire.ask("DEL", store.wire.keys.shard(ended.id).ended)
    await relist(store.wire, empty=False)
    assert ids(await other.board.ended(0, 9)) == [], "what was done is not done again"
