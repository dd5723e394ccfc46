"""Tests that an agents' thread gets its first message and its facts once each, whatever fails between the two."""

import pytest

from adapters.storage.formats import NEWEST
from flows.catalogue import Catalogue
from flows.events import Escalated
from tests.bot.outbox.test_carrier import settle
from tests.fakes.flows import catalogue
from tests.fakes.platform import Fault, Platform, Sender
from tests.fakes.world import World

FAULTS: dict[str, tuple[Fault, ...]] = {
    "nothing": (),
    "the first message is refused for now": ("busy",),
    "the answer about the first message is lost": ("lose-answer",),
    "the first message is lost": ("lose-request",),
    "the facts are refused for now": ("fine", "busy"),
    "the answer about the facts is lost": ("fine", "lose-answer"),
    "the facts are lost": ("fine", "lose-request"),
    "both answers are lost": ("lose-answer", "lose-answer"),
}


@pytest.mark.parametrize("format", [1, NEWEST])
@pytest.mark.parametrize("fault", FAULTS)
async def test_the_first_message_and_the_facts_arrive_once_and_in_order(fault: str, format: int) -> None:
    agents = Platform()
    shelf = Catalogue(flows=catalogue().flows, rooms={"": "other||desk"})
    world = World(shelf=shelf, channels=(Sender(Platform()), Sender(agents, name="other")))
    world.store.wire.writes = format
    at = await world.start()
    agents.faults.extend(FAULTS[fault])
    await world.send(Escalated(conversation=at.id))
    await settle(world)
    rows = await world.store.conversations.journal(at.id)
    kinds = [effect.kind for row in rows for effect in row.effects if effect.end == "agents"]
    assert kinds == (["packet"] if format == 1 else ["packet", "brief"])
    head, facts = agents.rooms["desk"]
    assert (head.opens, head.thread, facts.thread) == (True, "", head.effect)
    assert "asked for a person" in facts.text
    assert await world.store.backlog.buried() == ()
    await world.close()


async def test_a_packet_that_was_given_up_is_one_dead_letter_and_brings_its_facts_when_retried() -> None:
    platform = Platform()
    world = World(
        shelf=Catalogue(flows=catalogue().flows, rooms={"": "other||desk"}),
        channels=(Sender(Platform()), Sender(platform, name="other")),
    )
    at = await world.start()
    platform.faults.append("refuse")
    await world.send(Escalated(conversation=at.id))
    await settle(world)
    (letter,) = await world.store.backlog.buried()
    assert letter.effect.kind == "packet"
    assert platform.rooms["desk"] == []
    assert await world.store.backlog.retry(letter.effect.id)
    await settle(world)
    head, facts = platform.rooms["desk"]
    assert facts.thread == head.effect
    assert "asked for a person" in facts.text
    await world.close()
