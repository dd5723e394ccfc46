"""Tests helpers who chat in a forum post: the guide pauses once, no one is assigned, and the asker decides."""

import pytest

from flows.conversation import Status
from flows.effects import Ask, Refusal, Retire
from flows.events import (
    Answered,
    Back,
    Claimed,
    Escalated,
    Event,
    Restarted,
    Said,
    TimerRang,
    Withdrawn,
    Wrote,
)
from flows.prompts import answered, prompt
from flows.text.markup.words import plain
from flows.views.dossier import dossier
from tests.fakes.agents import MIA, begun, by, held, why
from tests.fakes.flows import Walk, catalogue, fire, lamp

LINE = by(Wrote(name="Max", text="same here", public=True))


def paused() -> Walk:
    walk = begun(Status.GUIDING)
    walk.do(Answered(turn=walk.at.turn, choice="still-failing"))
    walk.do(LINE)
    return walk


def rang(walk: Walk, kind: str) -> Event:
    return TimerRang(kind=kind, actor="timer", turn=walk.at.turn, status=walk.at.status)


def shows(walk: Walk) -> str:
    return prompt(lamp(), walk.at, {}).kind


def test_a_line_pauses_the_guide_and_assigns_no_one() -> None:
    walk = paused()
    assert held(walk.at) == (Status.GUIDING, "", "")
    assert (walk.at.ticket, walk.at.step, walk.at.helper) == (0, "bulb", "Max")
    assert [type(effect) for effect in walk.rows[-1].effects] == [Ask, Retire]
    shown = prompt(lamp(), walk.at, {})
    assert (shown.kind, shown.title, shown.choices, shown.goes_on) == (
        "paused",
        "Max is writing here",
        (),
        True,
    )
    assert "Continue the guide" in plain(shown.text)


def test_the_paused_step_is_not_said_to_be_taken_over() -> None:
    (retire,) = (effect for effect in paused().rows[-1].effects if isinstance(effect, Retire))
    assert plain(answered(lamp(), retire.step, retire.answer, {})) == "Look at the bulb \u00b7 paused"


def test_eleven_more_helpers_add_no_message() -> None:
    walk = paused()
    turn = walk.at.turn
    for number in range(11):
        walk.do(by(Wrote(name=f"H{number}", public=True), f"chat:{number}"))
        assert walk.rows[-1].effects == ()
    assert (walk.at.turn, walk.at.helper) == (turn, "Max")


def test_what_the_asker_says_to_a_helper_is_kept_and_the_bot_stays_silent() -> None:
    walk = paused()
    for text in ("works now", "no", "thank you!", "start over"):
        walk.do(Said(text=text))
        assert walk.rows[-1].effects == ()
        assert shows(walk) == "paused"


def test_the_buttons_from_before_change_nothing() -> None:
    walk = paused()
    assert why(walk, Answered(turn=walk.at.turn - 1, choice="whole")) == "past_turn"
    assert why(walk, Answered(turn=walk.at.turn, choice="whole")) == "not_offered"


def test_the_asker_continues_where_the_guide_stopped_and_is_not_interrupted_again() -> None:
    walk = paused()
    walk.do(Withdrawn())
    assert (shows(walk), walk.at.step, walk.at.status) == ("step", "bulb", Status.GUIDING)
    turn = walk.at.turn
    walk.do(by(Wrote(name="Mia", public=True), MIA))
    assert (shows(walk), walk.at.turn, walk.rows[-1].effects) == ("step", turn, ())
    flows = {flow.revision: flow for flow in (lamp(), fire(), catalogue().picker)}
    lines = [plain(line.words) for line in dossier(walk.at, walk.rows, {}, flows, {}).lines]
    assert "continued the guide" in lines


@pytest.mark.parametrize("event", [Back(), Restarted()], ids=lambda event: event.type)
def test_moving_in_the_guide_ends_the_pause(event: Event) -> None:
    walk = paused()
    walk.do(event)
    assert (shows(walk), walk.at.helper) == ("step", "")


@pytest.mark.parametrize("event", [Escalated(), Said(text="human please")], ids=lambda event: event.type)
def test_a_person_is_one_click_away_and_the_step_is_back(event: Event) -> None:
    walk = paused()
    walk.do(event)
    assert (walk.at.status, walk.at.ticket, shows(walk)) == (Status.WAITING, 71, "step")


def test_no_nudge_while_they_talk_and_after_a_silence_the_guide_is_back() -> None:
    walk = paused()
    walk.do(Said(text="hm"))
    assert [timer.kind for timer in walk.rows[-1].timers or ()] == ["nudge"]
    walk.do(rang(walk, "nudge"))
    assert (shows(walk), walk.at.helper, walk.at.keeps_guide) == ("step", "", False)
    assert [timer.kind for timer in walk.rows[-1].timers or ()] == ["close"]


def test_an_agent_still_claims_with_the_button() -> None:
    walk = paused()
    walk.do(by(Claimed(name="Mia"), MIA))
    assert held(walk.at) == (Status.WITH_AGENT, MIA, "Mia")
    assert walk.at.helper == ""


def test_a_ticket_that_waits_is_not_claimed_and_keeps_its_buttons() -> None:
    walk = begun(Status.WAITING)
    turn = walk.at.turn
    walk.do(LINE)
    assert held(walk.at) == (Status.WAITING, "", "")
    assert (shows(walk), walk.at.turn, walk.at.customers_turn) == ("step", turn, False)
    walk.do(Said(text="which lamp do you mean?"))
    assert walk.rows[-1].effects == ()


def test_canceling_a_ticket_beside_which_someone_wrote_continues_the_guide() -> None:
    walk = begun(Status.WAITING)
    walk.do(LINE)
    walk.do(Withdrawn())
    assert (walk.at.status, walk.at.hushed, shows(walk)) == (Status.GUIDING, False, "step")
    turn = walk.at.turn
    walk.do(by(Wrote(name="Mia", public=True), MIA))
    assert (walk.at.hushed, walk.at.turn) == (False, turn)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_after_the_end_a_line_is_kept_and_opens_nothing(status: Status) -> None:
    walk = begun(status)
    walk.do(LINE)
    assert walk.at.status is status
    assert walk.rows[-1].effects == ()


def test_in_a_private_place_a_line_claims_what_no_one_is_assigned_to() -> None:
    walk = begun(Status.WAITING)
    walk.do(by(Wrote(name="Max", text="hello")))
    assert walk.at.holder_name == "Max"


def test_a_stranger_does_not_continue_it() -> None:
    assert paused().try_(Withdrawn(actor="web:eve")) == Refusal(why="not_yours")
