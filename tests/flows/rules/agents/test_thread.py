"""Tests what agents' threads get: one packet per room, the customer's actions, and a current head."""

import pytest

from flows.catalogue import Catalogue
from flows.effects import Brief, Change, Effect, Packet, Recap, Relay
from flows.events import (
    Answered,
    Claimed,
    Concluded,
    Escalated,
    Event,
    HandedBack,
    Napped,
    Noted,
    Released,
    Reopened,
    Replied,
    Said,
    TimerRang,
    Transferred,
    Withdrawn,
    Wrote,
)
from tests.fakes.flows import Walk, catalogue

DESK, SAFETY = "slack||C1", "slack||C2"
MAX = "slack:T1:max"


def rooms(**known: str) -> Walk:
    """A walk whose teams have rooms; `default` is that of those without one."""
    found = {"" if team == "default" else team: room for team, room in known.items()}
    return Walk(Catalogue(flows=catalogue().flows, rooms=found))


def by(event: Event, actor: str = MAX) -> Event:
    return event.model_copy(update={"actor": actor})


def told(walk: Walk, event: Event) -> list[Effect]:
    """What the agents' end is sent for the event, which is then applied."""
    walk.do(event)
    return [effect for effect in walk.rows[-1].effects if effect.end == "agents"]


def kinds(effects: list[Effect]) -> list[str]:
    return [effect.kind for effect in effects]


def waiting(**known: str) -> Walk:
    walk = rooms(**(known or {"default": DESK}))
    walk.start()
    walk.do(Escalated())
    return walk


def test_a_ticket_opens_a_thread_in_its_teams_room() -> None:
    walk = rooms(maker=SAFETY, default=DESK)
    walk.start()
    packet, brief = told(walk, Escalated())
    assert isinstance(packet, Packet)
    assert packet.briefed
    assert brief == Brief(id=brief.id, of=packet.id)
    assert (walk.at.agents, walk.at.thread_effect) == (SAFETY, packet.id)


def test_a_team_without_a_room_of_its_own_is_told_in_the_default_room() -> None:
    walk = rooms(safety=SAFETY, default=DESK)
    walk.start()
    assert kinds(told(walk, Escalated())) == ["packet", "brief"]
    assert walk.at.agents == DESK


def test_an_exit_of_the_flow_opens_a_thread_as_well() -> None:
    walk = rooms(default=DESK)
    walk.start()
    for choice in ("still-failing", "whole"):
        assert told(walk, Answered(turn=walk.at.turn, choice=choice)) == []
    assert kinds(told(walk, Answered(turn=walk.at.turn, choice="still-failing"))) == ["packet", "brief"]


def test_an_agent_who_comes_in_the_middle_opens_one_too() -> None:
    walk = rooms(default=DESK)
    walk.start()
    assert kinds(told(walk, by(Claimed(name="Max"), "desk:max"))) == ["packet", "brief"]


def test_without_a_room_nobody_is_told() -> None:
    walk = rooms(safety=SAFETY)
    walk.start()
    for event in (Escalated(), Said(text="hello"), by(Claimed()), by(Noted(text="hm")), by(HandedBack())):
        assert told(walk, event) == []
    assert (walk.at.agents, walk.at.thread_effect) == ("", "")


def test_a_customer_who_never_asks_for_a_person_is_told_of_to_nobody() -> None:
    walk = rooms(default=DESK)
    walk.start()
    for event in (Answered(turn=1, choice="still-failing"), Said(text="hm"), Napped()):
        assert told(walk, event) == []


CUSTOMERS: list[Event] = [
    Said(text="it still blinks"),
    Answered(turn=1, choice="still-failing"),
    Answered(turn=1, choice="fixed"),
    Withdrawn(),
]


@pytest.mark.parametrize("event", CUSTOMERS, ids=lambda event: f"{event.type} {getattr(event, 'choice', '')}")
def test_each_thing_the_customer_does_is_carried_over_once(event: Event) -> None:
    walk = waiting()
    relays = [effect for effect in told(walk, event) if isinstance(effect, Relay)]
    assert [relay.version for relay in relays] == [walk.at.version]


def test_the_head_is_brought_up_to_date_when_what_it_shows_has_changed_and_only_then() -> None:
    walk = waiting()
    packet = walk.at.thread_effect
    assert kinds(told(walk, Said(text="hello"))) == ["relay"]
    assert kinds(told(walk, Answered(turn=1, choice="still-failing"))) == ["relay", "recap"]
    assert kinds(told(walk, by(Claimed(name="Max")))) == ["relay", "recap"]
    (_, recap) = told(walk, by(Released()))
    assert isinstance(recap, Recap)
    assert recap.of == packet


def test_words_that_agents_write_where_they_are_read_are_not_carried_there_again() -> None:
    walk = waiting()
    assert told(walk, by(Noted(text="hm"))) == []
    assert kinds(told(walk, by(Replied(text="Hello")))) == ["recap"]
    assert told(walk, by(Replied(text="One more thing"))) == []


@pytest.mark.parametrize("actor", ["desk:max", "discord:max"])
def test_words_that_agents_write_elsewhere_are_carried_to_the_room(actor: str) -> None:
    walk = waiting()
    assert kinds(told(walk, by(Noted(text="hm"), actor))) == ["relay"]
    assert kinds(told(walk, by(Replied(text="Hello"), actor))) == ["relay", "recap"]


def test_what_an_agent_writes_in_the_customers_place_is_carried_to_the_room() -> None:
    assert kinds(told(waiting(), by(Wrote(text="Hello")))) == ["relay", "recap"]


def test_one_thread_lasts_for_the_whole_conversation() -> None:
    walk = waiting()
    packet = walk.at.thread_effect
    events = [
        by(Claimed(name="Max")),
        by(HandedBack()),
        Escalated(),
        by(Claimed(name="Max")),
        by(Released()),
        by(Concluded(reason="solved")),
        Reopened(),
        Escalated(reason="cannot_find"),
    ]
    effects = [effect for event in events for effect in told(walk, event)]
    assert not any(isinstance(effect, Packet) for effect in effects)
    assert {effect.of for effect in effects if isinstance(effect, Recap)} == {packet}
    assert [effect.kind for effect in effects].count("relay") == len(events)


def test_handed_to_a_team_with_another_room_a_thread_opens_there_and_the_old_one_is_told() -> None:
    walk = waiting(default=DESK, safety=SAFETY)
    old = walk.at.thread_effect
    recap, packet, _ = told(walk, by(Transferred(team="safety")))
    assert isinstance(recap, Recap)
    assert isinstance(packet, Packet)
    assert (recap.of, walk.at.thread_effect, walk.at.agents) == (old, packet.id, SAFETY)
    assert kinds(told(walk, Said(text="hello"))) == ["relay"]


def test_a_thread_that_is_left_for_another_platform_is_told_where_it_stands() -> None:
    walk = waiting(default=DESK, safety="discord||9")
    recap, packet, _ = told(walk, by(Transferred(team="safety")))
    assert isinstance(recap, Recap)
    assert isinstance(packet, Packet)
    assert (recap.room, walk.at.agents) == (DESK, "discord||9")


def test_handed_to_a_team_in_the_same_room_the_thread_goes_on() -> None:
    walk = waiting()
    assert kinds(told(walk, by(Transferred(team="safety")))) == ["relay", "recap"]


def test_a_clock_is_told_of_only_where_it_changed_hands_or_ended_it() -> None:
    walk = waiting()
    walk.do(Withdrawn())
    guarded = {"turn": walk.at.turn, "status": walk.at.status, "actor": "timer"}
    assert told(walk, TimerRang.model_validate({"kind": "nudge", **guarded})) == []
    assert kinds(told(walk, TimerRang.model_validate({"kind": "close", **guarded}))) == ["relay", "recap"]


def test_no_two_effects_of_a_change_have_one_name() -> None:
    walk = waiting(default=DESK, safety=SAFETY)
    for event in (
        by(Claimed(), "desk:max"),
        by(Replied(text="x"), "desk:max"),
        by(Transferred(team="safety"), "desk:max"),
        by(Replied(text="x"), "desk:max"),
        by(HandedBack(), "desk:max"),
    ):
        walk.do(event)
        ids = [effect.id for effect in walk.rows[-1].effects]
        assert len(set(ids)) == len(ids)


def test_the_journal_says_which_thread_it_was() -> None:
    walk = waiting()
    row = walk.rows[-1]
    assert isinstance(row, Change)
    assert {"agents", "thread_effect"} <= row.set.keys()
