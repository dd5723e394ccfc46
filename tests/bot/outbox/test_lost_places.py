"""Tests that a lost place is recorded once, however often its effects are tried, and that nothing waits for it."""

from collections.abc import AsyncIterator

import pytest

from bot.outbox.lost_places import LostPlaces
from bot.ports import Contended, Lease, Outcome, PlaceGone
from flows.catalogue import Catalogue
from flows.conversation import Conversation
from flows.effects import Packet, Relay
from flows.events import Escalated, Event, PlaceLost, Said
from tests.fakes.clockwork import settle
from tests.fakes.flows import catalogue
from tests.fakes.world import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World(shelf=Catalogue(flows=catalogue().flows, rooms={"": "sent||desk"}))
    yield world
    await world.close()


async def waiting(world: World) -> Conversation:
    at = await world.start()
    outcome = await world.send(Escalated(conversation=at.id))
    assert outcome is not None
    return outcome.conversation


async def losses(world: World, conversation: str) -> list[PlaceLost]:
    rows = await world.store.conversations.journal(conversation)
    return [row.event for row in rows if isinstance(row.event, PlaceLost)]


async def test_a_deleted_thread_is_one_event_and_one_new_thread(world: World) -> None:
    at = await waiting(world)
    world.platform.faults.append("delete-thread")
    for text in ("one", "two"):
        await world.send(Said(conversation=at.id, text=text))
    await settle(world, "sent")
    assert [(lost.part, lost.of, lost.actor) for lost in await losses(world, at.id)] == [
        ("thread", at.thread_effect, "bot")
    ]
    packet, brief, *lines = world.platform.rooms["desk"]
    assert [line.thread for line in (brief, *lines)] == [packet.effect] * (1 + len(lines))
    assert [line.text.rpartition(" ")[2] for line in lines] == ["one", "two"]
    assert await world.store.backlog.buried() == ()


async def test_an_effect_that_is_tried_again_after_a_crash_records_nothing_more(world: World) -> None:
    at = await waiting(world)
    lost_places = LostPlaces(world.app.receive)
    relay = Relay(id="x.0", version=at.version, of=at.thread_effect)
    lease = Lease(conversation=at.id, lane=f"{at.id}/agents", channel="sent", effect=relay, token="t")
    for _ in range(2):
        assert await lost_places.record(lease, PlaceGone("deleted", "thread"))
    await world.app.outbox.idle()
    assert len(await losses(world, at.id)) == 1
    assert len(world.platform.rooms["desk"]) == 5  # two packets with their briefs, and the repeated message


async def test_while_the_desk_is_contended_the_effect_waits(world: World) -> None:
    async def receive(event: Event) -> Outcome | None:
        raise Contended(event.type)

    at = await waiting(world)
    packet = Packet(id=at.thread_effect)
    lease = Lease(conversation=at.id, lane=f"{at.id}/agents", channel="sent", effect=packet, token="t")
    with pytest.raises(Contended):
        await LostPlaces(receive).record(lease, PlaceGone("deleted", "channel"))
