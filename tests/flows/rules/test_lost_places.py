"""Tests what follows when a place is gone: a new thread, a line for agents, or the end of a guide."""

import pytest

from flows.catalogue import Catalogue
from flows.conversation import Status
from flows.effects import Brief, Effect, Filing, Packet, Recap, Refusal, Relay
from flows.events import Claimed, Concluded, Escalated, PlaceLost, Said, TimerRang
from tests.fakes.flows import Walk, catalogue

DESK = "slack||C1"
MAX = "slack:T1:max"


def waiting(*backends: str) -> Walk:
    """A walk whose ticket has a thread in a channel of agents."""
    walk = Walk(Catalogue(flows=catalogue().flows, rooms={"": DESK}, backends=backends))
    walk.start()
    walk.do(Escalated())
    return walk


def lost(walk: Walk, part: str = "thread", version: int = 0, of: str = "") -> PlaceLost:
    opened = of or walk.at.thread_effect
    return PlaceLost.model_validate({"actor": "bot", "part": part, "of": opened, "version": version})


def told(walk: Walk, event: PlaceLost) -> list[Effect]:
    walk.do(event)
    return [effect for effect in walk.rows[-1].effects if effect.end == "agents"]


def test_a_deleted_thread_is_opened_again_and_repeats_what_could_not_be_posted() -> None:
    walk = waiting()
    walk.do(Claimed(name="Max", actor=MAX))
    walk.do(Said(text="hello?"))
    first, version = walk.at.thread_effect, walk.at.version
    recap, packet, brief, relay = told(walk, lost(walk, version=version))
    assert isinstance(recap, Recap)
    assert (recap.of, recap.room) == (first, "")
    assert isinstance(packet, Packet)
    assert brief == Brief(id=brief.id, of=packet.id)
    assert isinstance(relay, Relay)
    assert (relay.version, relay.of, relay.alert) == (version, packet.id, False)
    assert (walk.at.thread_effect, walk.at.agents) == (packet.id, DESK)
    assert (walk.at.status, walk.at.holder) == (Status.WITH_AGENT, MAX)
    assert walk.try_(lost(walk, of=first)) == Refusal(why="not_now")


def test_a_lost_channel_leaves_the_ticket_as_it_is_and_is_reported() -> None:
    walk = waiting("email")
    before = walk.at
    walk.do(lost(walk, "channel"))
    assert [type(effect) for effect in walk.rows[-1].effects] == [Filing]
    assert walk.at == before.model_copy(update={"version": walk.at.version, "changed_at": walk.at.changed_at})


def test_a_deleted_thread_of_a_ticket_that_is_over_is_not_opened_again() -> None:
    walk = waiting()
    walk.do(Concluded(actor=MAX))
    assert walk.try_(lost(walk)) == Refusal(why="not_now")


@pytest.mark.parametrize("part", ["thread", "channel"])
def test_agents_of_an_open_ticket_are_told_that_the_customer_cannot_be_reached(part: str) -> None:
    walk = waiting()
    (relay,) = told(walk, PlaceLost.model_validate({"end": "customer", "part": part, "actor": "bot"}))
    assert isinstance(relay, Relay)
    assert relay.version == walk.at.version
    assert walk.at.status is Status.WAITING


def test_a_guide_ends_with_its_thread_but_not_with_closed_direct_messages() -> None:
    walk = Walk(catalogue())
    walk.start()
    closed = PlaceLost.model_validate({"end": "customer", "part": "channel", "actor": "bot"})
    assert walk.try_(closed) == Refusal(why="not_now")
    walk.do(PlaceLost.of_customer(walk.at.id, "thread"))
    assert walk.at.status is Status.CLOSED
    rang = TimerRang(kind="nudge", turn=walk.at.turn, status="guiding", actor="timer")
    assert isinstance(walk.try_(rang), Refusal)
    assert walk.try_(PlaceLost.of_customer(walk.at.id, "thread")) == Refusal(why="not_now")
