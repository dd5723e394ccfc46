"""Tests a ticket's targets: no claim, no reply, no solution; who is alerted, and when alerts end."""

import pytest

from flows.catalogue import Catalogue
from flows.conversation import Status
from flows.effects import Change, Packet, Refusal, Relay
from flows.engine import apply
from flows.events import (
    Answered,
    Claimed,
    Escalated,
    Event,
    HandedBack,
    Released,
    Reopened,
    Replied,
    Said,
    Snoozed,
    TimerRang,
    Transferred,
    Withdrawn,
    Wrote,
)
from flows.text.markup.words import plain
from flows.views.dossier import dossier
from tests.fakes.flows import Walk, catalogue, fire, lamp

MAX = "desk:max"
ALL = ("first_soon", "first_late", "solve_soon", "solve_late")


def waiting(fallback: str = "") -> Walk:
    rooms = {"": "slack||C1", "safety": "slack||C2"}
    walk = Walk(Catalogue(flows=catalogue().flows, rooms=rooms, fallback=fallback))
    walk.start()
    walk.do(Escalated())
    return walk


def by(event: Event) -> Event:
    return event.model_copy(update={"actor": MAX})


def rang(kind: str) -> TimerRang:
    """A clock that outlasts turns; it was armed in another turn and status."""
    return TimerRang(kind=kind, turn=0, status="guiding", actor="timer")


def last(walk: Walk) -> Change:
    return walk.rows[-1]


def nothing(walk: Walk, kind: str) -> bool:
    return walk.try_(rang(kind)) == Refusal(why="not_now")


def test_a_ticket_begins_with_everything_that_is_promised() -> None:
    assert last(waiting()).promises == ("unclaimed", *ALL)


def test_what_is_held_from_the_start_waits_for_nobody_to_come() -> None:
    walk = Walk()
    walk.start()
    walk.do(by(Claimed()))
    assert last(walk).promises == ALL


def test_a_customer_who_goes_on_moves_no_promise() -> None:
    walk = waiting()
    for event in (Said(text="hello"), Answered(turn=1, choice="still-failing"), Escalated()):
        walk.do(event)
        assert last(walk).promises == ()


def test_nobody_comes_and_the_team_is_alerted_again_then_the_fallback_then_every_day() -> None:
    walk = waiting(fallback="safety")
    walk.do(rang("unclaimed"))
    (alert,) = (effect for effect in last(walk).effects if isinstance(effect, Relay))
    assert alert.alert
    assert (walk.at.alert_level, last(walk).promises) == ("again", ("fallback",))
    walk.do(rang("fallback"))
    assert (walk.at.alert_level, walk.at.team, walk.at.agents) == ("fallback", "safety", "slack||C2")
    assert any(isinstance(effect, Packet) for effect in last(walk).effects)
    assert last(walk).promises == ("abandoned",)
    for _day in range(10):
        walk.do(rang("abandoned"))
        assert walk.at.status is Status.WAITING, "a ticket that no person has answered never closes itself"
        (alert,) = (effect for effect in last(walk).effects if isinstance(effect, Relay))
        assert alert.alert
        assert last(walk).promises == ("abandoned",)


def test_a_ticket_that_an_earlier_version_closed_can_still_be_read_and_reopened() -> None:
    walk = waiting()
    closed: dict[str, str | int | bool | tuple[str, ...]] = {"status": "closed", "alert_level": ""}
    closed["turn"] = walk.at.turn + 1
    row = Change(event=rang("abandoned"), set=closed, version=walk.at.version + 1, at=9_000)
    walk.at = apply(walk.at, row)
    walk.rows.append(row)
    flows = {flow.revision: flow for flow in (lamp(), fire(), catalogue().picker)}
    line = dossier(walk.at, walk.rows, {}, flows, {}).lines[-1]
    assert plain(line.words) == "No one claimed ticket #71, so I closed it"
    assert walk.do(Reopened()).status is Status.GUIDING


def test_without_a_fallback_the_team_itself_is_alerted_once_more() -> None:
    walk = waiting()
    walk.do(rang("unclaimed"))
    walk.do(rang("fallback"))
    assert [effect.kind for effect in last(walk).effects] == ["relay", "recap"]
    assert (walk.at.team, walk.at.alert_level) == ("maker", "fallback")


def test_each_alert_comes_once_and_in_order_and_no_timer_closes_what_waits() -> None:
    walk = waiting()
    assert nothing(walk, "abandoned")
    assert nothing(walk, "fallback")
    walk.do(rang("unclaimed"))
    assert nothing(walk, "abandoned")
    assert nothing(walk, "unclaimed")
    for kind in ("close", "nudge"):
        timer = TimerRang(kind=kind, turn=walk.at.turn, status=walk.at.status, actor="timer")
        assert walk.try_(timer) == Refusal(why="not_now")


def test_words_of_the_customer_do_not_put_off_the_daily_alert() -> None:
    walk = waiting()
    walk.do(rang("unclaimed"))
    walk.do(rang("fallback"))
    walk.do(Said(text="anybody?"))
    assert last(walk).promises == ()


def test_what_was_answered_and_released_alerts_nobody_until_the_customer_writes() -> None:
    walk = waiting()
    walk.do(by(Replied(text="Which lamp is it?")))
    walk.do(by(Released()))
    for kind in ("unclaimed", "fallback", "abandoned"):
        assert nothing(walk, kind)
    walk.do(Said(text="The one in the hall"))
    assert last(walk).promises == ("unclaimed",)
    assert isinstance(walk.try_(rang("unclaimed")), Change)


@pytest.mark.parametrize(
    "event", [Claimed(), Withdrawn(), Answered(turn=1, choice="fixed")], ids=lambda e: e.type
)
def test_somebody_came_or_it_was_settled_and_the_clock_does_nothing(event: Event) -> None:
    walk = waiting()
    walk.do(by(event) if isinstance(event, Claimed) else event)
    for kind in ("unclaimed", "fallback", "abandoned"):
        assert nothing(walk, kind)


@pytest.mark.parametrize("event", [Released(), Transferred(team="safety")], ids=lambda event: event.type)
def test_who_waits_anew_is_promised_anew(event: Event) -> None:
    walk = waiting()
    walk.do(rang("unclaimed"))
    walk.do(by(Claimed()))
    walk.do(by(event))
    assert walk.at.alert_level == ""
    assert last(walk).promises[0] == "unclaimed"


def test_what_agents_put_aside_is_asked_about_again_later() -> None:
    walk = waiting()
    walk.do(by(Snoozed()))
    walk.do(rang("unclaimed"))
    assert (walk.at.alert_level, last(walk).promises) == ("", ("unclaimed",))


# ---------------------------------------------------------------- targets


def test_no_reply_in_time_is_warned_of_and_alerted() -> None:
    walk = waiting()
    for kind in ("first_soon", "first_late"):
        walk.do(rang(kind))
        (relay,) = last(walk).effects
        assert isinstance(relay, Relay)
        assert relay.alert


@pytest.mark.parametrize("event", [Replied(text="Hello"), Wrote(text="Hello")], ids=lambda event: event.type)
def test_an_agents_first_words_keep_the_promise(event: Event) -> None:
    walk = waiting()
    walk.do(by(event))
    assert walk.at.first_reply_at > 0
    assert nothing(walk, "first_soon")
    assert nothing(walk, "first_late")
    first = walk.at.first_reply_at
    walk.do(by(event))
    assert walk.at.first_reply_at == first


def test_to_claim_it_is_not_to_reply() -> None:
    walk = waiting()
    walk.do(by(Claimed()))
    assert isinstance(walk.try_(rang("first_late")), Change)


def test_a_ticket_opened_again_is_to_be_answered_again() -> None:
    walk = waiting()
    walk.do(by(Replied(text="Hello")))
    walk.do(by(HandedBack()))
    walk.do(Escalated())
    assert walk.at.first_reply_at == 0
    assert last(walk).promises == ("unclaimed", *ALL)
    assert isinstance(walk.try_(rang("first_late")), Change)


def test_not_solved_in_time_is_alerted_whoever_has_it() -> None:
    walk = waiting()
    walk.do(by(Replied(text="Hello")))
    for kind in ("solve_soon", "solve_late"):
        assert isinstance(walk.try_(rang(kind)), Change)
    walk.do(by(HandedBack()))
    assert nothing(walk, "solve_late")
