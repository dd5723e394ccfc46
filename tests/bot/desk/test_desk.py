"""Tests the desk: repeated events, races, revisions, secrets, and its errors."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import fakeredis
import pytest

from bot.ports import RevisionUnreadable
from flows.conversation import Status
from flows.events import Answered, Detailed, Escalated, Likeness, Said, Started
from tests.fakes.clockwork import all_read
from tests.fakes.flows import catalogue, lamp
from tests.fakes.world import World, store_in_memory


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


async def test_a_click_delivered_twice_counts_once(world: World) -> None:
    at = await world.start()
    click = Answered(conversation=at.id, turn=1, choice="still-failing", key="same")
    first = await world.send(click)
    second = await world.send(click)
    assert first is not None
    assert second is not None
    assert second.repeated
    assert second.conversation == first.conversation


async def test_of_fifty_racing_answers_exactly_one_wins_and_the_others_see_it(world: World) -> None:
    at = await world.start()
    clicks = [
        Answered(conversation=at.id, turn=1, choice=choice, key=f"{n}", actor="sent:ana")
        for n, choice in enumerate(["fixed", "still-failing"] * 25)
    ]
    outcomes = await asyncio.gather(*(world.app.receive(click) for click in clicks))
    await world.app.outbox.idle()
    winners = [outcome for outcome in outcomes if outcome is not None and outcome.refusal is None]
    assert len(winners) == 1
    for outcome in outcomes:
        assert outcome is not None
        assert outcome.conversation == winners[0].conversation


async def test_of_racing_answers_in_two_processes_exactly_one_wins() -> None:
    server = fakeredis.FakeServer(version=(7,))
    worlds = [World(store=store_in_memory(server)) for _ in range(2)]
    at = await worlds[0].start()
    outcomes = await asyncio.gather(
        *(
            world.app.receive(
                Answered(conversation=at.id, turn=1, choice="still-failing", key=f"{n}", actor="sent:ana")
            )
            for n in range(25)
            for world in worlds
        )
    )
    # The same key from two processes is the same click: one commits, its twin is told "repeated".
    fresh = [o for o in outcomes if o is not None and o.refusal is None and not o.repeated]
    assert len(fresh) == 1
    for world in worlds:
        await world.close()


async def test_fifty_things_said_at_once_are_all_kept(world: World) -> None:
    at = await world.start()
    texts = [f"this is line number {n} of a rather long story about the lamp" for n in range(50)]
    await asyncio.gather(
        *(
            world.app.receive(Said(conversation=at.id, text=text, key=text, actor="sent:ana"))
            for text in texts
        )
    )
    await world.app.outbox.idle()
    kept = await world.store.conversations.words(at.id)
    assert sorted(said.text for said in kept.values()) == sorted(texts)


async def test_no_such_conversation_is_none(world: World) -> None:
    assert await world.send(Answered(conversation="07nothing", turn=1, choice="fixed")) is None


async def test_a_conversation_keeps_its_revision_when_the_flow_changes() -> None:
    server = fakeredis.FakeServer(version=(7,))
    old = World(store=store_in_memory(server))
    for flow in catalogue().by_id.values():
        await old.store.revisions.keep(flow)
    at = await old.start()
    shorter = lamp().model_copy(update={"steps": lamp().steps[-1:]})
    new = World(store=store_in_memory(server), shelf=catalogue().model_copy(update={"flows": (shorter,)}))
    outcome = await new.send(Answered(conversation=at.id, turn=1, choice="still-failing", key="later"))
    assert outcome is not None
    assert outcome.conversation.step == "bulb"
    assert outcome.conversation.revision == lamp().revision
    for world in (old, new):
        await world.close()


async def test_a_revision_nobody_can_read_leaves_the_conversation_alone() -> None:
    server = fakeredis.FakeServer(version=(7,))
    old = World(store=store_in_memory(server))
    at = await old.start()
    new = World(store=store_in_memory(server), shelf=catalogue().model_copy(update={"flows": ()}))
    with pytest.raises(RevisionUnreadable):
        await new.send(Answered(conversation=at.id, turn=1, choice="still-failing", key="later"))
    assert await old.store.conversations.load(at.id) == at
    for world in (old, new):
        await world.close()


@pytest.mark.parametrize("secret", ["sk_conductor_abcdef0123456789", "password: hunter2hunter2"])
async def test_a_secret_is_nowhere_in_the_store(world: World, secret: str) -> None:
    at = await world.start(flow="", text=f"help, {secret}")
    await world.send(Said(conversation=at.id, text=f"it says {secret} somewhere on this long page"))
    await world.send(Escalated(conversation=at.id))
    await world.send(Detailed(conversation=at.id, text=secret, reach=secret))
    needle = secret.rsplit(maxsplit=1)[-1]
    client: Any = world.store.wire.client
    for key in await client.keys("*"):
        assert needle not in key
        assert needle not in await contents(client, key)


async def test_a_second_start_at_the_same_door_returns_the_open_conversation(world: World) -> None:
    at = await world.start()
    again = await world.send(Started(door="sent/ana/lamp", address="sent||ana", flow="lamp", key="other"))
    assert again is not None
    assert again.conversation == at
    assert not again.created


async def test_after_the_end_the_same_door_opens_a_new_conversation(world: World) -> None:
    at = await world.start()
    done = await world.send(Answered(conversation=at.id, turn=1, choice="fixed"))
    assert done is not None
    assert done.conversation.status is Status.RESOLVED
    again = await world.send(Started(door="sent/ana/lamp", address="sent||ana", flow="lamp", key="other"))
    assert again is not None
    assert again.created
    assert again.conversation.id != at.id


async def contents(client: Any, key: str) -> str:
    """Everything under that key, whatever its type."""
    readers = {
        "string": lambda: client.get(key),
        "hash": lambda: client.hgetall(key),
        "list": lambda: client.lrange(key, 0, -1),
        "set": lambda: client.smembers(key),
        "zset": lambda: client.zrange(key, 0, -1),
    }
    return str(await readers[await client.type(key)]())


@pytest.mark.parametrize("turn", [1, None])
async def test_a_yes_answers_no_question_of_the_bots_that_could_not_be_read_yet(
    world: World, turn: int | None
) -> None:
    """Two lines in one breath: the second is no answer to what the bot asked about the first."""
    at = await world.start()
    likely = Likeness(meanings=(("still-failing", 900), ("none", 100)))
    await world.send(Said(conversation=at.id, turn=1, text="i guess it might", likeness=likely))
    early = await world.send(Said(conversation=at.id, turn=turn, text="yes"))
    assert early is not None
    assert (early.conversation.status, early.conversation.suggested) == (Status.GUIDING, ("still-failing",))
    await all_read(world.store, at.id)
    read = await world.send(Said(conversation=at.id, turn=turn, text="yes"))
    assert read is not None
    assert (read.conversation.step, read.conversation.suggested) == ("bulb", ())
