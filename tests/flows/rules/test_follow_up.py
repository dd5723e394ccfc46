"""Tests the message the day after a fix: one question, two answers, and silence is fine."""

import pytest

from flows.conversation import Status
from flows.effects import Ask, Refusal
from flows.events import Answered, Claimed, Concluded, Event, Rated, Reopened, Said, TimerRang
from flows.prompts import prompt
from flows.text.markup.words import plain
from flows.views.dossier import dossier
from tests.fakes.agents import by
from tests.fakes.flows import Walk, catalogue, fire, lamp


def fixed(followed: frozenset[str] = frozenset({"web"})) -> Walk:
    walk = Walk(catalogue().model_copy(update={"followed": followed}))
    walk.start()
    walk.do(Answered(turn=walk.at.turn, choice="fixed"))
    return walk


def asked() -> Walk:
    walk = fixed()
    walk.do(rang(walk, "follow_up"))
    return walk


def rang(walk: Walk, kind: str) -> Event:
    return TimerRang(kind=kind, actor="timer", turn=walk.at.turn, status=walk.at.status)


def armed(walk: Walk) -> list[tuple[str, str]]:
    return [(timer.kind, timer.after) for timer in walk.rows[-1].timers or ()]


def test_the_day_after_a_fix_the_bot_asks_once_before_anything_closes() -> None:
    walk = fixed()
    assert armed(walk) == [("follow_up", "tomorrow")]
    walk.do(rang(walk, "follow_up"))
    assert walk.at.status is Status.RESOLVED
    assert any(isinstance(effect, Ask) for effect in walk.rows[-1].effects)
    shown = prompt(lamp(), walk.at, {})
    assert (shown.kind, shown.title) == ("resolved", "Is it still working?")
    assert [(choice.id, choice.label) for choice in shown.choices] == [("still-working", "Still working")]
    assert not shown.asks_how
    assert "The lamp stays dark" in plain(shown.text)
    assert "Good plug." not in plain(shown.text)
    assert armed(walk) == [("close", "close")]
    assert walk.try_(rang(walk, "follow_up")) == Refusal(why="not_now")


@pytest.mark.parametrize("press", [True, False])
def test_still_working_ends_quietly_with_thanks(press: bool) -> None:
    walk = asked()
    walk.do(Answered(turn=walk.at.turn, choice="still-working") if press else Said(text="still working"))
    assert (walk.at.status, walk.at.follow_up) == (Status.RESOLVED, "confirmed")
    shown = prompt(lamp(), walk.at, {})
    assert shown.choices == ()
    assert plain(shown.text).startswith("Thanks for letting me know.")
    assert armed(walk) == [("close", "close")]
    flows = {flow.revision: flow for flow in (lamp(), fire(), catalogue().picker)}
    tried = dossier(walk.at, walk.rows, {}, flows, {}).screen.tried
    assert [row.answer for row in tried] == ["Fixed it"], "that it still works is no step tried"


def test_its_happening_again_continues_the_guide_and_a_new_fix_is_asked_about_again() -> None:
    walk = asked()
    walk.do(Reopened())
    assert (walk.at.status, walk.at.follow_up, walk.at.returns) == (Status.GUIDING, "", 1)
    walk.do(Answered(turn=walk.at.turn, choice="fixed"))
    assert armed(walk) == [("follow_up", "tomorrow")]


def test_silence_is_fine_and_closes_as_before() -> None:
    walk = asked()
    walk.do(rang(walk, "close"))
    assert walk.at.status is Status.CLOSED
    assert walk.do(Reopened()).status is Status.GUIDING


def test_a_rating_in_between_changes_nothing_about_it() -> None:
    walk = fixed()
    walk.do(Rated(score=5))
    assert walk.rows[-1].timers is None
    walk.do(rang(walk, "follow_up"))
    assert walk.at.follow_up == "asked"


def test_a_second_press_and_a_press_before_the_question_do_nothing() -> None:
    walk = asked()
    turn = walk.at.turn
    walk.do(Answered(turn=turn, choice="still-working"))
    assert walk.try_(Answered(turn=turn, choice="still-working")) == Refusal(why="past_turn")
    early = fixed()
    assert early.try_(Answered(turn=early.at.turn, choice="still-working")) == Refusal(why="not_offered")


def test_where_no_message_reaches_the_customer_none_is_sent() -> None:
    assert armed(fixed(frozenset())) == [("close", "close")]
    assert armed(fixed(frozenset({"slack"}))) == [("close", "close")]


def test_what_an_agent_resolved_is_not_asked_about() -> None:
    walk = Walk(catalogue().model_copy(update={"followed": frozenset({"web"})}))
    walk.start()
    walk.do(by(Claimed(name="Max")))
    walk.do(by(Concluded(name="Max")))
    assert armed(walk) == [("close", "close")]


def test_a_step_with_a_check_is_not_asked_about_because_the_check_knows() -> None:
    flow = lamp()
    plug = flow.first.model_copy(update={"check": "lamp_is_on"})
    checked = flow.model_copy(update={"steps": (plug, *flow.steps[1:])})
    shelf = catalogue().model_copy(update={"flows": (checked, fire()), "followed": frozenset({"web"})})
    walk = Walk(shelf)
    walk.start()
    walk.do(Answered(turn=walk.at.turn, choice="fixed"))
    assert armed(walk) == [("close", "close")]


@pytest.mark.parametrize(
    "text", ["yes", "yes it does", "Yep!", "it still works", "all good, thanks", "works"]
)
def test_the_question_hears_a_yes(text: str) -> None:
    walk = asked()
    walk.do(Said(text=text))
    assert (walk.at.status, walk.at.follow_up) == (Status.RESOLVED, "confirmed")


@pytest.mark.parametrize("text", ["no", "Nope.", "still failing", "it does not work"])
def test_the_question_hears_a_no(text: str) -> None:
    walk = asked()
    walk.do(Said(text=text))
    assert (walk.at.status, walk.at.step) == (Status.GUIDING, "plug")


@pytest.mark.parametrize("text", ["does it?", "yes but the bulb flickers", "not sure"])
def test_what_is_neither_is_kept(text: str) -> None:
    walk = asked()
    walk.do(Said(text=text))
    assert (walk.at.status, walk.at.follow_up) == (Status.RESOLVED, "asked")
