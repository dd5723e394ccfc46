"""Tests what is looked up for an effect: the agents' thread and its head, and for customers only a reply."""

from collections.abc import AsyncIterator

import pytest

from bot.outbox.deliveries import thread_door
from bot.ports import Lease
from flows.catalogue import Catalogue
from flows.conversation import Address, Conversation
from flows.effects import Ask, Notify, Packet, Recap, Relay
from flows.events import (
    Claimed,
    Concluded,
    Edited,
    Escalated,
    Event,
    Noted,
    Replied,
    Said,
    Snoozed,
    Transferred,
)
from flows.flow import Image
from flows.text.agent_phrases import customer_name
from tests.fakes.flows import catalogue
from tests.fakes.platform import Platform, Sender
from tests.fakes.wait import until
from tests.fakes.world import World

MAX = "desk:max"


def shelf() -> Catalogue:
    """Everybody's room is "desk", that of the team `safety` is "smoke", and `far` is on another platform."""
    known = {"": "sent||desk", "safety": "sent||smoke", "far": "other||yard"}
    return Catalogue(flows=catalogue().flows, rooms=known)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    platform = Platform()
    world = World(
        shelf=shelf(), platform=platform, channels=(Sender(platform), Sender(platform, name="other"))
    )
    yield world
    await world.close()


async def send(world: World, at: Conversation, event: Event, actor: str = "sent:ana") -> Conversation:
    event = event.model_copy(update={"conversation": at.id, "actor": actor})
    outcome = await world.send(event)
    assert outcome is not None
    assert outcome.refusal is None, outcome.refusal
    return outcome.conversation


async def waiting(world: World) -> Conversation:
    return await send(world, await world.start(), Escalated())


async def settled(world: World) -> bool:
    """Whether no lane is left; what is due is taken up, as a worker does."""
    await world.app.outbox.pick_up()
    await world.app.outbox.idle()
    return not await world.store.backlog.waiting()


async def delivered(
    world: World, at: Conversation, effect: Packet | Recap | Relay | Notify, channel: str = "sent"
) -> bool:
    """Whether there is anything to deliver for that effect."""
    lease = Lease(conversation=at.id, lane="", channel=channel, token="", effect=effect)
    return await world.app.outbox._deliveries.of(lease) is not None


async def test_a_packet_opens_a_thread_that_everything_after_it_goes_to(world: World) -> None:
    at = await waiting(world)
    packet, brief = world.platform.rooms["desk"]
    assert (packet.thread, brief.thread) == ("", packet.effect)
    assert f"act: {customer_name(at)} asked for a person" in brief.text
    at = await send(world, at, Said(text="it still blinks"))
    assert await world.store.places.at(thread_door("sent", packet.effect)) == at.id
    assert [posted.thread for posted in world.platform.rooms["desk"]] == ["", packet.effect, packet.effect]
    assert world.platform.texts("desk")[-1] == f"said: {customer_name(at)} it still blinks"


async def test_the_head_shows_who_has_it(world: World) -> None:
    at = await waiting(world)
    at = await send(world, at, Claimed(name="Max"), MAX)
    await until(lambda: settled(world))
    assert world.platform.texts("desk")[0] == f"#{at.ticket} with_agent Max at plug"


async def test_a_reply_is_all_that_reaches_the_customer_of_what_agents_say(world: World) -> None:
    at = await waiting(world)
    before = len(world.platform.rooms["ana"])
    at = await send(world, at, Noted(text="the customer is rude", name="Max"), MAX)
    at = await send(world, at, Replied(text="Hello **Ana**", name="Max"), MAX)
    at = await send(world, at, Concluded(reason="done", text="their own fault"), MAX)
    fresh = world.platform.texts("ana")[before:]
    assert fresh[0] == "Hello Ana"
    assert not any("rude" in text or "fault" in text for text in world.platform.texts("ana"))
    assert "note: Max the customer is rude" in world.platform.texts("desk")


async def test_a_relay_to_the_customer_that_names_anything_but_a_reply_is_dropped(world: World) -> None:
    at = await waiting(world)
    for event in (Noted(text="the customer is rude"), Concluded(reason="done", text="fault")):
        at = await send(world, at, event, MAX)
        forged = Relay(id="x", end="customer", version=at.version)
        assert not await delivered(world, at, forged)
    assert not await delivered(world, at, Relay(id="x", end="customer", version=at.version + 7))


async def test_after_a_transfer_the_thread_is_in_the_other_room_and_knows_it_all(world: World) -> None:
    at = await waiting(world)
    at = await send(world, at, Said(text="it still blinks"))
    at = await send(world, at, Transferred(team="safety"), MAX)
    _, brief = world.platform.rooms["smoke"]
    assert f"said: {customer_name(at)} it still blinks" in brief.text
    await send(world, at, Said(text="and now?"))
    assert world.platform.texts("smoke")[-1] == f"said: {customer_name(at)} and now?"
    assert len(world.platform.rooms["desk"]) == 3


async def test_what_waited_for_a_room_that_was_left_holds_up_nothing(world: World) -> None:
    """The agents' platform was down: what it would have been told stands in the packet of the other room anyway."""
    at = await world.start()
    world.platform.faults.extend(["busy"] * 2)
    at = await send(world, at, Escalated())
    for event, actor in (
        (Said(text="it still blinks"), "sent:ana"),
        (Transferred(team="safety"), MAX),
        (Said(text="hello?"), "sent:ana"),
        (Transferred(team="far"), MAX),
        (Said(text="anybody?"), "sent:ana"),
    ):
        at = await send(world, at, event, actor)
    await until(lambda: settled(world))
    assert world.platform.texts("yard")[-1] == f"said: {customer_name(at)} anybody?"
    assert [posted.effect for posted in world.platform.rooms["yard"] if not posted.thread] == [
        at.thread_effect
    ]
    assert await world.store.backlog.buried() == ()


async def test_effects_of_a_thread_that_is_no_longer_the_conversations_are_dropped(world: World) -> None:
    at = await waiting(world)
    old = at.thread_effect
    at = await send(world, at, Transferred(team="far"), MAX)
    assert not await delivered(world, at, Packet(id=old))
    assert not await delivered(world, at, Relay(id="x", version=at.version, of=old))
    assert not await delivered(world, at, Recap(id="x", of=old))
    last = (await world.store.conversations.journal(at.id))[-1].effects
    (left,) = (effect for effect in last if isinstance(effect, Recap))
    assert await delivered(world, at, left)
    assert await delivered(world, at, Packet(id=at.thread_effect), "other")


async def test_a_direct_message_is_dropped_once_its_agent_acted_or_the_words_are_deleted(
    world: World,
) -> None:
    at = await send(world, await waiting(world), Claimed(name="Max"), "sent:max")
    said = await send(world, at, Said(text="hm", turn=at.turn))
    first = Notify(id="n.0", to="sent:max", version=said.version)
    assert await delivered(world, said, first)
    acted = await send(world, said, Noted(text="I'm looking"), "sent:max")
    assert not await delivered(world, acted, first)
    again = await send(world, acted, Said(text="my secret", turn=at.turn))
    second = Notify(id="n.1", to="sent:max", version=again.version)
    assert await delivered(world, again, second)
    gone = await send(world, again, Edited(version=again.version))
    assert not await delivered(world, gone, second)


async def test_what_makes_no_line_is_carried_nowhere(world: World) -> None:
    at = await waiting(world)
    at = await send(world, at, Escalated())
    assert not await delivered(world, at, Relay(id="x", version=at.version, of=at.thread_effect))


async def test_an_end_that_does_not_exist_is_sent_nothing(world: World) -> None:
    at = await world.start()
    assert at.address("agents") is None
    assert not await delivered(world, at, Packet(id="x"))


async def test_a_web_customer_and_a_room_elsewhere(world: World) -> None:
    at = await world.start(channel="web")
    at = await send(world, at, Escalated())
    assert len(world.platform.rooms["desk"]) == 2
    await send(world, at, Snoozed(), MAX)
    await until(lambda: settled(world))
    assert str(Address(channel="web", room="ana")) == at.customer


def pictured() -> Catalogue:
    """One step, with a picture that lies beside its flow."""
    flow = catalogue().by_id["lamp"]
    step = flow.first.model_copy(update={"image": Image(src="the plug.png", alt="A plug")})
    return Catalogue(flows=(flow.model_copy(update={"steps": (step, *flow.steps[1:])}),))


@pytest.mark.parametrize("site", ["https://help.example", "http://127.0.0.1:8000", ""])
async def test_a_picture_beside_a_flow_is_fetched_from_the_page_where_others_can_reach_it(site: str) -> None:
    world = World(shelf=pictured(), PUBLIC_URL=site)
    at = await world.start()
    lease = Lease(
        conversation=at.id, lane="", channel="sent", token="", effect=Ask(id=at.prompt_effect, turn=at.turn)
    )
    found = await world.app.outbox._deliveries.of(lease)
    await world.close()
    assert found is not None
    delivery = found.delivery
    assert delivery.prompt is not None
    public = f"{site}/pictures/{at.revision}/the%20plug.png"
    reachable = site.startswith("https")
    assert delivery.prompt.image == Image(src=public if reachable else "the plug.png", alt="A plug")
