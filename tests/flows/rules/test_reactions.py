"""Tests what a reaction to the live prompt does: the bot asks whether it means an answer."""

import pytest

from flows.effects import Refusal
from flows.events import Answered, Reacted
from tests.fakes.flows import Walk


def started() -> Walk:
    walk = Walk()
    walk.start(flow="lamp")
    return walk


def suggested(walk: Walk) -> tuple[str, ...]:
    return walk.at.suggested


def kinds(walk: Walk) -> list[str]:
    return [effect.kind for effect in walk.rows[-1].effects]


@pytest.mark.parametrize(("sign", "choice"), [("✅", "fixed"), ("👍", "fixed"), ("❌", "still-failing")])
def test_a_reaction_is_asked_about_and_answers_nothing(sign: str, choice: str) -> None:
    walk = started()
    walk.do(Reacted(sign=sign, turn=1))
    assert (walk.at.step, suggested(walk), kinds(walk)) == ("plug", (choice,), ["suggest"])
    walk.do(Reacted(sign=sign, turn=1))
    assert kinds(walk) == []
    walk.do(Answered(turn=1, choice=choice))
    assert suggested(walk) == ()
    assert walk.at.turn == 2


def test_taking_a_reaction_back_takes_only_its_own_question_back() -> None:
    walk = started()
    walk.do(Reacted(sign="✅", turn=1))
    walk.do(Reacted(sign="❌", turn=1, taken_back=True))
    assert suggested(walk) == ("fixed",)
    walk.do(Reacted(sign="👍", turn=1, taken_back=True))
    assert (suggested(walk), kinds(walk)) == ((), ["retire"])


def test_a_reaction_that_no_answer_fits_asks_nothing() -> None:
    for sign, flow in (("🎉", "lamp"), ("✅", "")):
        walk = Walk()
        walk.start(flow=flow)
        walk.do(Reacted(sign=sign, turn=1))
        assert (suggested(walk), kinds(walk)) == ((), [])


def test_after_the_end_only_a_cross_is_asked_about() -> None:
    walk = started()
    walk.do(Answered(turn=1, choice="fixed"))
    walk.do(Reacted(sign="👍", turn=walk.at.turn))
    assert suggested(walk) == ()
    walk.do(Reacted(sign="❌", turn=walk.at.turn))
    assert suggested(walk) == ("reopen",)


def test_a_reaction_to_an_earlier_step_or_of_another_person_is_refused() -> None:
    walk = started()
    walk.do(Answered(turn=1, choice="still-failing"))
    assert walk.try_(Reacted(sign="✅", turn=1)) == Refusal(why="past_turn")
    assert walk.try_(Reacted(sign="✅", turn=2, actor="web:eve")) == Refusal(why="not_yours")
