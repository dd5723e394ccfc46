"""Tests agents' acts rule by rule: hand back, resolve, snooze, show a step."""

from typing import Any

import pytest

from flows.conversation import Status
from flows.effects import Refusal, Tell
from flows.events import (
    Answered,
    Back,
    Claimed,
    Concluded,
    Event,
    HandedBack,
    Noted,
    Reopened,
    Replied,
    Said,
    Showed,
    Snoozed,
    TimerRang,
    Transferred,
    Woken,
)
from tests.fakes.agents import MAX, MIA, begun, by, change, held, why

# ---------------------------------------------------------------- hand back


def test_handed_back_without_a_step_the_bot_goes_on_where_it_was_left() -> None:
    walk = begun(Status.GUIDING)
    walk.do(Answered(turn=1, choice="still-failing"))
    walk.do(by(Claimed(name="Max")))
    back = change(walk, by(HandedBack()))
    assert [effect.words for effect in back.effects if isinstance(effect, Tell)] == ["handed_back"]
    at = walk.do(by(HandedBack()))
    assert (*held(at), at.step, at.path) == (Status.GUIDING, "", "", "bulb", ("plug",))
    assert not at.ticket_open


def test_handed_back_at_a_step_the_way_back_leads_to_the_one_that_was_left() -> None:
    walk = begun(Status.WITH_AGENT)
    at = walk.do(by(HandedBack(step="switch", done=("plug", "bulb"))))
    assert (at.step, at.path) == ("switch", ("plug",))
    assert walk.do(Back()).step == "plug"
    assert walk.at.path == ()


def test_handed_back_into_another_flow_and_back_again() -> None:
    walk = begun(Status.WITH_AGENT)
    here = walk.at
    at = walk.do(by(HandedBack(flow="fire")))
    assert (at.flow, at.step, at.status) == ("fire", "unplug", Status.GUIDING)
    assert at.path == (f"lamp/{here.revision}/plug",)
    assert at.revision == walk.shelf.by_id["fire"].revision
    back = walk.do(Back())
    assert (back.flow, back.revision, back.step, back.path) == ("lamp", here.revision, "plug", ())


def test_handed_back_after_an_exit_the_guide_is_usable_again() -> None:
    walk = begun(Status.GUIDING)
    for choice in ("still-failing", "whole", "still-failing"):
        walk.do(Answered(turn=walk.at.turn, choice=choice))
    assert walk.at.exited
    walk.do(by(Claimed(name="Max")))
    at = walk.do(by(HandedBack(step="bulb")))
    assert (at.exited, at.step, at.path) == (False, "bulb", ("plug", "bulb", "switch"))
    assert walk.do(Answered(turn=at.turn, choice="broken")).step == "new-bulb"


def test_a_step_or_a_flow_that_is_not_there_is_refused_with_those_that_are() -> None:
    walk = begun(Status.WITH_AGENT)
    verdict = walk.try_(by(HandedBack(step="moon")))
    assert verdict == Refusal(why="not_offered", offered=("plug", "bulb", "new-bulb", "switch"))
    assert why(walk, by(HandedBack(flow="moon"))) == "not_now"
    assert why(walk, by(HandedBack(flow="fire", step="plug"))) == "not_offered"


def test_handed_back_the_silence_is_the_customers_again() -> None:
    back = change(begun(Status.WITH_AGENT), by(HandedBack()))
    assert back.timers is not None
    assert [timer.kind for timer in back.timers] == ["nudge"]


# ---------------------------------------------------------------- solve, put aside, show


@pytest.mark.parametrize("status", [Status.GUIDING, Status.WAITING, Status.WITH_AGENT])
def test_solved_by_an_agent_it_is_resolved_with_their_reason(status: Status) -> None:
    walk = begun(status)
    turn = walk.at.turn
    at = walk.do(by(Concluded(reason="r" * 200, text="new cable")))
    assert (*held(at), at.solved_by, at.concluded) == (Status.RESOLVED, "", "", MAX, "r" * 60)
    assert (at.turn, at.ticket_open) == (turn + 1, False)


def test_what_an_agent_solved_comes_back_to_them() -> None:
    walk = begun(Status.WITH_AGENT)
    walk.do(by(Concluded(reason="done")))
    at = walk.do(Reopened())
    assert (*held(at)[:2], at.solved_by, at.concluded) == (Status.WITH_AGENT, MAX, "", "")


@pytest.mark.parametrize("status", [Status.WAITING, Status.WITH_AGENT])
def test_put_aside_it_is_out_of_sight_until_the_customers_next_word(status: Status) -> None:
    walk = begun(status)
    assert walk.do(by(Snoozed(until="tomorrow"))).snoozed == "tomorrow"
    assert walk.do(by(Noted(text="quiet here"))).snoozed == "tomorrow"
    assert walk.do(Said(text="hello?")).snoozed == ""


def test_a_form_of_an_older_version_waits_for_the_customer_after_a_reply_and_else_until_tomorrow() -> None:
    walk = begun(Status.WITH_AGENT)
    assert walk.do(by(Snoozed(until="reply"))).snoozed == "tomorrow"
    walk = begun(Status.WITH_AGENT)
    walk.do(by(Replied(text="Which lamp is it?")))
    pressed = change(walk, by(Snoozed(until="reply")))
    assert (dict(pressed.set), pressed.timers) == ({}, None)
    assert walk.at.customers_turn


@pytest.mark.parametrize("status", [Status.WAITING, Status.WITH_AGENT])
def test_a_ticket_that_an_earlier_version_put_aside_still_waits_and_closes_kindly(status: Status) -> None:
    walk = begun(status)
    walk.at = walk.at.model_copy(update={"snoozed": "reply", "first_reply_at": 5, "owed_since": 0})
    for kind in ("nudge", "close"):
        walk.do(TimerRang(kind=kind, turn=walk.at.turn, status=walk.at.status, actor="timer"))
    assert held(walk.at) == (Status.CLOSED, "", "")


def test_put_aside_for_an_hour_it_is_back_after_that() -> None:
    walk = begun(Status.WAITING)
    snooze = change(walk, by(Snoozed(until="hour")))
    assert snooze.timers is not None
    assert [(timer.kind, timer.after) for timer in snooze.timers] == [("wake", "hour")]
    walk.do(by(Snoozed(until="hour")))
    wake = TimerRang(kind="wake", turn=walk.at.turn, status=walk.at.status, actor="timer")
    assert walk.do(wake).snoozed == ""


def test_an_agent_who_has_it_is_watched_again_once_it_is_back() -> None:
    walk = begun(Status.WITH_AGENT)
    walk.do(by(Snoozed(until="hour")))
    wake = TimerRang(kind="wake", turn=walk.at.turn, status=walk.at.status, actor="timer")
    woken = change(walk, wake)
    assert woken.timers is not None
    assert [timer.kind for timer in woken.timers] == ["quiet"]


@pytest.mark.parametrize("until", ["reply", "hour", "tomorrow"])
@pytest.mark.parametrize(("status", "watched"), [(Status.WAITING, []), (Status.WITH_AGENT, ["quiet"])])
def test_an_agent_puts_it_back_into_sight_before_its_time(
    until: Any, status: Status, watched: list[str]
) -> None:
    walk = begun(status)
    assert why(walk, by(Woken())) == "not_now"
    walk.do(by(Snoozed(until=until)))
    woken = change(walk, by(Woken()))
    assert woken.timers is not None
    assert [timer.kind for timer in woken.timers] == watched
    at = walk.do(by(Woken()))
    assert (at.snoozed, at.status) == ("", status)
    assert why(walk, by(Woken())) == "not_now"


def test_what_somebody_else_put_aside_is_theirs_to_put_back() -> None:
    walk = begun(Status.WITH_AGENT)
    walk.do(by(Snoozed(until="tomorrow")))
    assert why(walk, by(Woken(), MIA)) == "held"
    assert walk.at.snoozed == "tomorrow"


@pytest.mark.parametrize(
    "act",
    [Claimed(name="Mia"), Transferred(team="safety"), HandedBack(), Concluded()],
    ids=lambda act: act.type,
)
def test_whoever_moves_it_on_takes_it_back_into_sight(act: Event) -> None:
    walk = begun(Status.WAITING)
    if isinstance(act, HandedBack):
        walk.do(by(Claimed()))
    walk.do(by(Snoozed(until="tomorrow")))
    assert walk.do(by(act)).snoozed == ""


def test_a_step_is_shown_as_a_message_and_moves_nothing() -> None:
    walk = begun(Status.WITH_AGENT)
    shown = change(walk, by(Showed(step="switch")))
    (tell,) = shown.effects
    assert isinstance(tell, Tell)
    assert (tell.words, tell.step) == ("step", "switch")
    assert not {"step", "status", "turn"} & shown.set.keys()
    assert why(walk, by(Showed(step="moon"))) == "not_offered"
