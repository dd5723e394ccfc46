"""Tests the port Conversations: what a commit does, when it is refused, and that the journal gives the record."""

import asyncio

from adapters.storage.keys import conversation_id
from adapters.storage.records.journal.rows import journalled
from adapters.storage.store import Store
from flows.conversation import Conversation, Status
from flows.effects import Change, Tell, Timer
from flows.engine import apply
from flows.events import Detailed, Said, Spoken
from tests.contracts.support.commits import (
    ANA,
    begun,
    follow,
    record,
    reopened,
    resolved,
    start,
    tell,
    ticketed,
)
from tests.contracts.support.servers import Server


async def test_what_was_committed_is_what_is_loaded(store: Store) -> None:
    done = await record(store, start())
    assert done.conversation.version == 1
    assert done.conversation.began_at == done.conversation.changed_at > 1_700_000_000_000
    assert await store.conversations.load(done.conversation.id) == done.conversation


async def test_an_unknown_conversation_is_none_and_empty(store: Store) -> None:
    for unknown in (
        conversation_id("nowhere", "never"),
        "",
        "00",
        "99aaaaaaaaaaaaaaaa",
        "0" * 5000,
        "00{}:*\n",
    ):
        assert await store.conversations.load(unknown) is None
        assert await store.conversations.journal(unknown) == ()
        assert await store.conversations.words(unknown) == {}
        assert not await store.conversations.seen(unknown, "s")


async def test_of_fifty_commits_on_one_version_exactly_one_wins_and_the_others_see_it(
    store: Store, other: Store
) -> None:
    before = await begun(store)
    commits = [follow(before, f"k{n}", change={"set": {"step": f"step-{n}", "turn": 2}}) for n in range(50)]
    stores = [store, other] * 25
    answers = await asyncio.gather(
        *(each.conversations.commit(commit) for each, commit in zip(stores, commits, strict=True))
    )
    winners = [answer for answer in answers if answer.outcome == "committed"]
    assert len(winners) == 1
    assert {answer.outcome for answer in answers} == {"committed", "conflict"}
    assert all(answer.conversation == winners[0].conversation for answer in answers)
    assert await store.conversations.load(before.id) == winners[0].conversation
    assert len(await store.conversations.journal(before.id)) == 2


async def test_the_same_key_fifty_times_at_once_counts_once(store: Store, other: Store) -> None:
    before = await begun(store)
    stores = [store, other] * 25
    answers = await asyncio.gather(*(each.conversations.commit(follow(before, "click")) for each in stores))
    assert sorted(answer.outcome for answer in answers) == ["committed", *["repeated"] * 49]
    assert {answer.conversation.version for answer in answers} == {2}


async def test_a_repeat_long_after_changes_nothing_and_shows_where_things_stand(store: Store) -> None:
    first = await begun(store)
    second = (await record(store, follow(first, "a"))).conversation
    third = (await record(store, follow(second, "b"))).conversation
    answer = await store.conversations.commit(follow(third, "a", words="again"))
    assert answer.outcome == "repeated"
    assert answer.conversation == third
    assert await store.conversations.load(first.id) == third
    assert await store.conversations.words(first.id) == {}


async def test_a_repeated_key_is_known_even_when_its_claim_is_stale(store: Store) -> None:
    first = await begun(store)
    second = (await record(store, follow(first, "a"))).conversation
    answer = await store.conversations.commit(follow(first, "a"))
    assert answer.outcome == "repeated"
    assert answer.conversation == second
    assert await store.conversations.seen(first.id, "a") == 2
    assert not await store.conversations.seen(first.id, "b")


async def test_a_stale_version_is_a_conflict_that_tells_the_present_state(store: Store) -> None:
    first = await begun(store)
    second = (await record(store, follow(first, "a"))).conversation
    for stale in (first, second.model_copy(update={"version": 7})):
        answer = await store.conversations.commit(follow(stale, "b"))
        assert answer.outcome == "conflict"
        assert answer.conversation == second
    assert not await store.conversations.seen(first.id, "b")


async def test_the_same_start_twice_returns_the_conversation_that_it_started(store: Store) -> None:
    first = await begun(store)
    moved = (await record(store, follow(first, "a"))).conversation
    again = await store.conversations.commit(start())
    assert again.outcome == "repeated"
    assert again.conversation == moved


async def test_a_second_start_at_the_same_door_returns_the_open_conversation(store: Store) -> None:
    first = await begun(store)
    second = await store.conversations.commit(start(key="another"))
    assert second.outcome == "exists"
    assert second.conversation == first
    assert await store.conversations.load(conversation_id("slack/ana", "another")) is None


async def test_fifty_starts_at_one_door_make_one_conversation(store: Store, other: Store) -> None:
    stores = [store, other] * 25
    answers = await asyncio.gather(
        *(each.conversations.commit(start(key=f"k{n}")) for n, each in enumerate(stores))
    )
    assert sorted(answer.outcome for answer in answers) == ["committed", *["exists"] * 49]
    assert len({answer.conversation.id for answer in answers}) == 1


async def test_two_contacts_at_one_door_have_a_conversation_each(store: Store) -> None:
    ana = await begun(store)
    ben = (await record(store, start(key="t", contact="slack:ben"))).conversation
    assert ana.id != ben.id


async def test_when_a_conversation_has_ended_its_door_is_free(store: Store) -> None:
    first = await begun(store)
    await record(store, resolved(first, "fixed"))
    second = await record(store, start(key="another"))
    assert second.conversation.id != first.id


async def test_a_reopened_conversation_has_its_door_again(store: Store) -> None:
    first = await begun(store)
    ended = (await record(store, resolved(first, "fixed"))).conversation
    back = (await record(store, reopened(ended, "back"))).conversation
    answer = await store.conversations.commit(start(key="another"))
    assert answer.outcome == "exists"
    assert answer.conversation == back


async def test_reopening_leaves_the_door_to_whoever_is_open_there(store: Store) -> None:
    old = await begun(store)
    ended = (await record(store, resolved(old, "fixed"))).conversation
    new = (await record(store, start(key="new"))).conversation
    back = (await record(store, reopened(ended, "back"))).conversation
    assert (await store.conversations.commit(start(key="third"))).conversation == new
    await record(store, resolved(back, "fixed again"))
    assert (await store.conversations.commit(start(key="third"))).conversation == new
    await record(store, resolved(new, "fixed too"))
    assert (await store.conversations.commit(start(key="third"))).outcome == "committed"


async def test_an_answer_to_a_conversation_that_ended_does_not_open_its_door(store: Store) -> None:
    first = await begun(store)
    ended = (await record(store, resolved(first, "fixed"))).conversation
    await record(store, follow(ended, "thanks", change={"set": {}}))
    assert (await store.conversations.commit(start(key="another"))).outcome == "committed"


async def test_ticket_numbers_are_unique_and_tell_the_shard(store: Store, other: Store) -> None:
    begins = await asyncio.gather(*(begun(store, door=f"slack/{n}") for n in range(150)))
    stores = [store, other] * 75
    done = await asyncio.gather(
        *(record(each, ticketed(before, "person")) for each, before in zip(stores, begins, strict=True))
    )
    numbers = [each.conversation.ticket for each in done]
    assert len(set(numbers)) == 150
    assert min(numbers) >= 64
    for each in done:
        assert each.change is not None
        assert each.change.ticket == each.conversation.ticket
        assert each.conversation.ticket % 64 == int(each.conversation.id[:2])
        assert await store.conversations.load(each.conversation.id) == each.conversation


async def test_the_journal_tells_every_change_in_order_with_version_time_and_number(store: Store) -> None:
    first = await record(store, start())
    second = await record(store, ticketed(first.conversation, "person"))
    more = {"effects": (Tell(id="x", words="nudge"),), "timers": (Timer(kind="close", after="close"),)}
    third = await record(store, tell(second.conversation, "more", change=more))
    rows = await store.conversations.journal(first.conversation.id)
    assert rows == tuple(journalled(done.change) for done in (first, second, third) if done.change)
    assert [row.version for row in rows] == [1, 2, 3]
    assert rows[1].ticket == second.conversation.ticket
    assert rows[0].at <= rows[1].at <= rows[2].at


async def test_replaying_the_journal_gives_the_record(store: Store) -> None:
    at = await begun(store)
    waiting = {"status": "waiting", "reasons": ("asked",)}
    for key, change in (
        ("a", {"push": ("one",), "set": {"step": "two", "turn": 2}, "observe": {"colour": "red"}}),
        ("b", {"push": ("two",), "set": {"step": "three", "turn": 3}}),
        ("c", {"cut": 1, "set": {"step": "two", "turn": 4}}),
        ("d", {"cut": 0, "push": ("x", "y"), "observe": {"colour": "blue", "size": ""}}),
        ("e", {"set": waiting, "take_ticket": True, "stamp": ("ticket_at",)}),
        ("f", {"set": {"status": "resolved", "reasons": (), "step": ""}}),
        ("g", {"cut": 0}),
    ):
        at = (await record(store, follow(at, key, change=change))).conversation
        assert await store.conversations.load(at.id) == at
    replayed = Conversation(id=at.id)
    for row in await store.conversations.journal(at.id):
        replayed = apply(replayed, row)
    assert replayed == at
    assert at.status is Status.RESOLVED


async def test_what_people_said_lies_beside_the_journal_and_never_in_it(store: Store) -> None:
    first = await begun(store, words="my lamp is dark")
    second = await record(
        store,
        follow(
            first, "said", change={"event": Said(actor=ANA, text="it smells"), "set": {}}, words="it smells"
        ),
    )
    details = Detailed(actor=ANA, reason="other", text="ring me", reach="555-0199")
    await record(
        store,
        follow(
            second.conversation, "more", change={"event": details, "set": {}}, words="ring me at 555-0199"
        ),
    )
    assert await store.conversations.words(first.id) == {
        1: Spoken(text="my lamp is dark"),
        2: Spoken(text="it smells"),
        3: Spoken(text="ring me at 555-0199"),
    }
    journal = repr(await store.conversations.journal(first.id))
    raw = repr(await store.wire.ask("LRANGE", store.wire.keys.shard(first.id).journals + first.id, 0, -1))
    for secret in ("dark", "smells", "555-0199", "ring me"):
        assert secret not in journal + raw


async def test_whoever_acts_is_told_by_the_journal_the_contact_too(store: Store) -> None:
    first = await begun(store)
    second = await record(store, follow(first, "a", change={"event": Said(actor="slack:ben"), "set": {}}))
    third = await record(
        store, follow(second.conversation, "b", change={"event": Said(actor=ANA), "set": {}})
    )
    await record(store, follow(third.conversation, "c", change={"event": Said(actor=""), "set": {}}))
    actors = [row.event.actor for row in await store.conversations.journal(first.id)]
    assert actors == [ANA, "slack:ben", ANA, ""]


async def test_a_server_that_forgot_its_scripts_is_told_them_again(server: Server, store: Store) -> None:
    first = await begun(store)
    server.operate("SCRIPT", "FLUSH")
    second = await record(store, follow(first, "a"))
    server.operate("SCRIPT", "FLUSH")
    assert await store.outbox.take(("slack",), 1000, 10) == ()
    assert second.conversation.version == 2


def test_a_change_without_a_place_for_words_is_journalled_as_it_is() -> None:
    change = Change(event=Said(actor=ANA))
    assert journalled(change) is change
