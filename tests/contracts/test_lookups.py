"""Tests the ports Index, Places, Marks and Revisions: tickets, conversations by place and person, marks, flows (L8)."""

import asyncio

import pytest

from adapters.storage.records.lookups import READ
from adapters.storage.store import Store
from bot.ports import Damaged, RevisionUnreadable
from flows.flow import FORMAT, Escalation, Flow, Step, Team
from tests.contracts.support.commits import begun, record, resolved, start, ticketed

FLOW = Flow(
    id="lamp",
    title="The lamp stays dark · ℡",
    teams=(Team(id="us", name="Us"),),
    escalate=Escalation(team="us", reason="guide_exhausted"),
    steps=(Step(id="plug", title="Plug it in", text="1. Plug **it** in."),),
)


async def test_the_newest_tickets_come_first_and_no_more_than_asked_for(store: Store) -> None:
    opened = []
    for n in range(12):
        done = await record(store, ticketed(await begun(store, door=f"slack/{n}"), "person"))
        opened.append((done.conversation.ticket_at, done.conversation.ticket, done.conversation.id))
    newest = sorted(opened, reverse=True)
    for limit in (0, 1, 5, 12, 100):
        entries = await store.index.tickets(limit)
        assert [(each.opened, each.number, each.conversation) for each in entries] == newest[:limit]


async def test_a_ticket_is_found_by_its_number(store: Store) -> None:
    first, second = [
        (await record(store, ticketed(await begun(store, door=door), "person"))).conversation
        for door in ("here", "there")
    ]
    for each in (first, second):
        entry = await store.index.ticket(each.ticket)
        assert entry is not None
        assert (entry.number, entry.conversation, entry.opened) == (each.ticket, each.id, each.ticket_at)


async def test_every_ticket_comes_once_the_oldest_first_however_many_a_shard_has(store: Store) -> None:
    made = []
    for n in range(READ + 7):
        at = await begun(store, door="one/shard", contact=f"c{n}", key=f"k{n}")
        made.append((await record(store, ticketed(at, "person"))).conversation)
        if n % 5 == 0:
            elsewhere = await begun(store, door=f"else/{n}")
            made.append((await record(store, ticketed(elsewhere, "person"))).conversation)
    walked = [entry async for entry in store.index.every()]
    assert sorted(entry.number for entry in walked) == sorted(at.ticket for at in made)
    assert [entry.opened for entry in walked] == sorted(at.ticket_at for at in made)


async def test_a_number_nobody_has_is_none(store: Store) -> None:
    await record(store, ticketed(await begun(store), "person"))
    for number in (0, -1, 63, 64 * 999, 2**53, 2**200):
        assert await store.index.ticket(number) is None


async def test_a_ticket_whose_conversation_was_forgotten_leaves_the_index_in_time(store: Store) -> None:
    old = (await record(store, ticketed(await begun(store, contact="old", key="o"), "person"))).conversation
    await store.wire.ask("DEL", store.wire.keys.shard(old.id).records + old.id)
    new = (await record(store, ticketed(await begun(store, contact="new", key="n"), "person"))).conversation
    assert [entry.conversation for entry in await store.index.tickets(10)] == [new.id]


async def test_a_kept_flow_comes_back_as_it_was_however_often_it_is_kept(store: Store, other: Store) -> None:
    await asyncio.gather(*(each.revisions.keep(FLOW) for each in (store, other) * 5))
    assert await other.revisions.fetch(FLOW.revision) == FLOW


async def test_an_unknown_revision_is_none(store: Store) -> None:
    assert await store.revisions.fetch("0" * 16) is None


async def test_a_revision_of_a_newer_format_or_with_unknown_parts_is_unreadable_and_not_none(
    store: Store,
) -> None:
    newer = FLOW.canonical().replace(f'"format":{FORMAT}', f'"format":{FORMAT + 1}')
    unknown = dict.fromkeys((newer, FLOW.canonical().replace('"title"', '"heading"')), RevisionUnreadable)
    for text, why in (unknown | dict.fromkeys(("[]", "{", "7", ""), Damaged)).items():
        await store.wire.ask("SET", store.wire.keys.revision("ab"), text)
        with pytest.raises(why):
            await store.revisions.fetch("ab")


async def test_a_damaged_flow_that_this_release_offers_is_stored_anew(store: Store) -> None:
    await store.wire.ask("SET", store.wire.keys.revision(FLOW.revision), "{")
    await store.revisions.keep(FLOW)
    assert await store.revisions.fetch(FLOW.revision) == FLOW
    assert [entry.raw for entry in await store.quarantine.entries()] == ["{"]


async def test_a_place_knows_the_newest_conversation_born_there_also_after_its_end(store: Store) -> None:
    assert await store.places.at("slack/T/C/1") is None
    first = (await record(store, start(door="slack/T/C/1", findable=True))).conversation
    assert await store.places.at("slack/T/C/1") == first.id
    await record(store, resolved(first, "fixed"))
    assert await store.places.at("slack/T/C/1") == first.id
    second = (await record(store, start(door="slack/T/C/1", key="s2", findable=True))).conversation
    assert await store.places.at("slack/T/C/1") == second.id != first.id


async def test_a_door_that_nobody_else_may_open_tells_nothing(store: Store) -> None:
    await begun(store, door="web/VISITOR/lamp")
    assert await store.places.at("web/VISITOR/lamp") is None


async def test_a_contact_finds_their_own_conversations_the_newest_first(store: Store) -> None:
    for number in range(60):
        await store.places.note("slack:T:ana", f"{number:02d}", 1000 + number)
    await store.places.note("slack:T:ana", "59", 1059)
    assert await store.places.of("slack:T:ana", 3) == ("59", "58", "57")
    assert len(await store.places.of("slack:T:ana", 100)) == 50
    assert await store.places.of("slack:T:ana", 0) == await store.places.of("slack:T:ben", 9) == ()


async def test_a_mark_is_set_once_however_many_try(store: Store) -> None:
    tries = await asyncio.gather(*(store.marks.first("offered in a thread", 60) for _ in range(20)))
    assert sorted(tries) == [False] * 19 + [True]
    assert not await store.marks.marked("offered in a thread")


async def test_what_is_switched_off_stays_off_until_it_is_switched_on(store: Store) -> None:
    assert not await store.marks.marked("off in C1")
    await store.marks.put("off in C1")
    assert await store.marks.marked("off in C1")
    await store.marks.clear("off in C1")
    assert not await store.marks.marked("off in C1")
