"""Tests silence: a nudge, a friendly close, Later, and outdated timers."""

import pytest

from flows.conversation import Status
from flows.effects import Refusal, Tell
from flows.events import Answered, Escalated, Napped, Reopened, TimerRang
from tests.fakes.flows import Walk


def test_silence_is_nudged_once_and_then_closed_kindly() -> None:
    walk = Walk()
    walk.start()
    walk.do(TimerRang(kind="nudge", turn=1, status="guiding", actor="timer"))
    timers = walk.rows[-1].timers
    assert timers is not None
    assert [timer.kind for timer in timers] == ["close"]
    at = walk.do(TimerRang(kind="close", turn=1, status="guiding", actor="timer"))
    assert at.status is Status.CLOSED
    assert walk.do(Reopened()).step == "plug"


def test_a_timer_whose_turn_has_passed_does_nothing() -> None:
    walk = Walk()
    walk.start()
    walk.do(Answered(turn=walk.at.turn, choice="still-failing"))
    assert walk.try_(TimerRang(kind="nudge", turn=1, status="guiding", actor="timer")) == Refusal(
        why="past_turn"
    )


def test_a_timer_for_another_status_does_nothing() -> None:
    walk = Walk()
    walk.start()
    walk.do(Escalated())
    assert walk.try_(TimerRang(kind="close", turn=1, status="guiding", actor="timer")) == Refusal(
        why="past_turn"
    )


@pytest.mark.parametrize(("until", "kind"), [("hour", "nudge"), ("tomorrow", "nudge"), ("computer", "close")])
def test_later_waits_as_long_as_was_asked(until: str, kind: str) -> None:
    walk = Walk()
    walk.start()
    at = walk.do(Napped.model_validate({"until": until}))
    timers = walk.rows[-1].timers
    assert timers is not None
    assert [(timer.kind, timer.after) for timer in timers] == [(kind, until)]
    assert at.later == until
    assert walk.do(Answered(turn=walk.at.turn, choice="still-failing")).later == ""


def test_a_nap_beside_a_waiting_ticket_promises_no_check_in() -> None:
    """No timer asks a customer who waits for an agent, so no sentence may say that the bot will."""
    walk = Walk()
    walk.start()
    walk.do(Escalated())
    walk.do(Napped(until="hour"))
    assert walk.rows[-1].timers is None
    assert [effect.words for effect in walk.rows[-1].effects if isinstance(effect, Tell)] == ["nap_waiting"]
