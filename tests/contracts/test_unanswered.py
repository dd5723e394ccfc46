"""Tests how long a conversation is stored that no one answered: for days, until someone does something in it."""

import pytest

from adapters.storage.store import Store
from bot.ports import Queued
from flows.conversation import Conversation
from flows.effects import Tell
from flows.events import Escalated, Said, TimerRang
from tests.contracts.support.commits import all_keys, begun, follow, record, start, ticketed

DAY = 86_400


async def keys_of(store: Store, at: Conversation) -> list[str]:
    """Return the keys of a conversation, with the index of its door."""
    doors = store.wire.keys.shard(at.id).doors
    mine = [key async for key in all_keys(store) if at.id in key or key.startswith(doors)]
    assert len(mine) >= 4
    return mine


async def lives(store: Store, at: Conversation) -> set[int]:
    """Return how long the keys of a conversation live, in days."""
    return {round(int(await store.wire.ask("TTL", key)) / DAY) for key in await keys_of(store, at)}


@pytest.fixture(autouse=True)
def days(store: Store) -> None:
    store.wire.keep_unanswered = 7 * DAY


async def test_only_an_answer_makes_a_conversation_last(store: Store) -> None:
    done = await record(store, start(words="it is dark"))
    at = done.conversation
    await store.views.saw(at.id, 1)
    assert await lives(store, at) == {7}
    # A reminder is no answer, and does not start the days again.
    for key in await keys_of(store, at):
        await store.wire.ask("EXPIRE", key, 3 * DAY)
    rang = TimerRang(conversation=at.id, key="t", kind="nudge", turn=1)
    at = (await record(store, follow(at, "t", change={"event": rang}))).conversation
    assert await lives(store, at) == {3}
    said = Said(conversation=at.id, key="a", text="still dark")
    at = (await record(store, follow(at, "a", change={"event": said}))).conversation
    await store.views.saw(at.id, at.version)
    assert await lives(store, at) == {90}
    # From then on, a reminder counts no less than before: the ticket of a silent customer stays.
    rang = TimerRang(conversation=at.id, key="t2", kind="nudge", turn=1)
    at = (await record(store, follow(at, "t2", change={"event": rang}))).conversation
    assert await lives(store, at) == {90}


async def test_receipts_last_as_long_as_their_conversation(store: Store) -> None:
    first = start()
    effect = Tell(id="t.0", words="nudge")
    lane = Queued(lane=f"{first.before.id}/customer", channel="slack", effect=effect)
    done = await record(store, first.model_copy(update={"queued": (lane,)}))
    await store.outbox.done(done.leases[0], "where it is", 1000)
    receipts = store.wire.keys.shard(first.before.id).receipts + first.before.id
    assert receipts in await keys_of(store, done.conversation)
    assert await lives(store, done.conversation) == {7}
    said = Said(conversation=first.before.id, key="a", text="still dark")
    await record(store, follow(done.conversation, "a", change={"event": said}))
    assert await lives(store, done.conversation) == {90}


async def test_a_ticket_lasts_whatever_was_said(store: Store) -> None:
    at = await begun(store)
    asked = ticketed(at, "person")
    change = asked.change.model_copy(update={"event": Escalated(conversation=at.id, key="person")})
    at = (await record(store, asked.model_copy(update={"change": change}))).conversation
    shard = store.wire.keys.shard(at.id)
    for stem in (shard.records, shard.journals, shard.seen):
        await store.wire.ask("EXPIRE", stem + at.id, 3 * DAY)
    rang = TimerRang(conversation=at.id, key="t", kind="remind", turn=0)
    at = (await record(store, follow(at, "t", change={"event": rang}))).conversation
    assert await lives(store, at) == {90}


async def test_lists_forget_conversations_that_are_gone(store: Store) -> None:
    doors = [f"slack/{number}" for number in range(12)]
    gone = [await begun(store, door=door) for door in doors]
    shards = {at.id[:2] for at in gone}
    for at in gone:
        await store.wire.ask("DEL", store.wire.keys.shard(at.id).records + at.id)
    for round_ in range(40):
        at = await begun(store, door=doors[round_ % 12], key=f"again{round_}")
        await store.wire.ask("DEL", store.wire.keys.shard(at.id).records + at.id)
    left = [await store.wire.ask("ZCARD", store.wire.keys.shards[int(shard)].guiding) for shard in shards]
    assert max(left) <= 4
