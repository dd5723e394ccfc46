"""Tests the rating: asked once after a solution, never after a silent close, and delaying nothing."""

import pytest

from flows.conversation import Status
from flows.effects import Ask, Change, Refusal, Tell
from flows.events import Answered, Concluded, Rated, Reopened, TimerRang
from flows.prompts import prompt
from tests.fakes.flows import Walk, lamp


def solved(*, by_an_agent: bool = False) -> Walk:
    walk = Walk()
    walk.start()
    if by_an_agent:
        walk.do(Concluded(actor="desk:max"))
    else:
        walk.do(Answered(turn=1, choice="fixed"))
    return walk


def asks(walk: Walk) -> bool:
    return prompt(lamp(), walk.at, {}).asks_how


@pytest.mark.parametrize("by_an_agent", [False, True])
def test_after_a_solution_the_customer_is_asked_until_they_have_said(by_an_agent: bool) -> None:
    walk = solved(by_an_agent=by_an_agent)
    assert asks(walk)
    assert walk.do(Rated(score=4)).rated == 4
    assert not asks(walk)
    assert walk.try_(Rated(score=1)) == Refusal(why="not_now")


def test_they_are_thanked_and_nothing_else_changes() -> None:
    walk = solved()
    change = walk.try_(Rated(score=5))
    assert isinstance(change, Change)
    assert (dict(change.set), change.timers) == ({"rated": 5}, None)
    assert [effect.words for effect in change.effects if isinstance(effect, Tell)] == ["rated"]
    assert not any(isinstance(effect, Ask) for effect in change.effects)


@pytest.mark.parametrize("score", [0, 6, -1])
def test_it_is_said_from_one_to_five(score: int) -> None:
    assert solved().try_(Rated(score=score)) == Refusal(why="not_offered", offered=("1", "2", "3", "4", "5"))


def test_before_a_solution_and_after_a_silent_close_nobody_is_asked() -> None:
    walk = Walk()
    walk.start()
    assert not asks(walk)
    assert walk.try_(Rated(score=5)) == Refusal(why="not_now")
    walk.do(TimerRang(kind="close", turn=1, status="guiding", actor="timer"))
    assert walk.at.status is Status.CLOSED
    assert not asks(walk)
    assert walk.try_(Rated(score=5)) == Refusal(why="not_now")


def test_who_has_said_it_is_not_asked_again_when_it_comes_back_and_is_solved_again() -> None:
    walk = solved()
    walk.do(Rated(score=2))
    at = walk.do(Reopened())
    walk.do(Answered(turn=at.turn, choice="fixed"))
    assert not asks(walk)


def test_nobody_else_says_it() -> None:
    assert solved().try_(Rated(score=1, actor="web:eve")) == Refusal(why="not_yours")


def explains(walk: Walk) -> bool:
    return prompt(lamp(), walk.at, {}).asks_words


def test_words_may_follow_the_score_once_and_under_the_same_score() -> None:
    walk = solved()
    assert not explains(walk)
    walk.do(Rated(score=2))
    assert explains(walk)
    assert walk.try_(Rated(score=2)) == Refusal(why="not_now")
    assert walk.try_(Rated(score=5, text="changed my mind")) == Refusal(why="not_now")
    walk.do(Rated(score=2, text="It took long"))
    assert (walk.at.rated, walk.rows[-1].effects) == (2, ())
    assert not explains(walk)
    assert walk.try_(Rated(score=2, text="and again")) == Refusal(why="not_now")


def test_who_said_why_at_once_is_not_asked_for_it() -> None:
    walk = solved()
    walk.do(Rated(score=2, text="It took long"))
    assert not explains(walk)
