"""Tests what free text does: it answers plainly, is asked about, belongs to the step before, or is kept."""

import pytest

from flows.conversation import Status
from flows.effects import Refusal, Retire, Tell
from flows.events import (
    Answered,
    Dismissed,
    Escalated,
    Likeness,
    Reopened,
    Said,
    Started,
)
from flows.flow import Flow
from flows.prompts import prompt
from flows.suggestions import Suggestion
from tests.fakes.flows import Walk

FIXED_LIKELY = Likeness(meanings=(("fixed", 700), ("none", 200), ("still-failing", 50)))
FAILING_LIKELY = Likeness(meanings=(("still-failing", 600), ("none", 200), ("fixed", 50)))
PERSON_LIKELY = Likeness(meanings=(("person", 800), ("none", 100)))
NOTHING_LIKELY = Likeness(meanings=(("none", 900), ("fixed", 90)))
BACK_AGAIN = Likeness(meanings=(("again", 500), ("still-failing", 300), ("none", 100)))


def started() -> Walk:
    walk = Walk()
    walk.start(flow="lamp")
    return walk


def began(text: str, likeness: Likeness | None = None) -> Walk:
    """Start with first words and no guide chosen."""
    walk = Walk()
    walk.do(Started(door="web/ana", address="web||||ana", text=text, likeness=likeness))
    return walk


def flow_of(walk: Walk) -> Flow:
    return walk.shelf.by_id[walk.at.flow]


def say(walk: Walk, text: str, likeness: Likeness | None = None, turn: int | None = None) -> None:
    walk.do(Said(text=text, likeness=likeness, turn=walk.at.turn if turn is None else turn))


def asked(walk: Walk) -> Suggestion:
    found = prompt(flow_of(walk), walk.at, {}).suggestion
    assert found is not None
    return found


def told(walk: Walk) -> list[str]:
    return [effect.words for effect in walk.rows[-1].effects if isinstance(effect, Tell)]


def kinds(walk: Walk) -> list[str]:
    return [effect.kind for effect in walk.rows[-1].effects]


# ---- likely ----------------------------------------------------------------------------------------------------------


def test_words_that_likely_mean_fixed_are_asked_about_and_resolve_nothing() -> None:
    walk = started()
    say(walk, "I think we're good over here", FIXED_LIKELY)
    assert walk.at.status is Status.GUIDING
    assert (walk.at.step, walk.at.turn) == ("plug", 1)
    assert kinds(walk) == ["suggest"]
    question = asked(walk)
    assert question.question == "Sounds like it's working now. Is it fixed?"
    assert [(each.choice, each.yes) for each in question.choices] == [("fixed", "Yes, fixed")]
    assert question.dismiss == "No"


def test_the_yes_is_an_ordinary_answer_of_that_turn() -> None:
    walk = started()
    say(walk, "I think we're good over here", FIXED_LIKELY)
    walk.do(Answered(turn=1, choice="fixed"))
    assert walk.at.status is Status.RESOLVED
    assert walk.at.suggested == ()
    retired = [effect for effect in walk.rows[-1].effects if isinstance(effect, Retire)]
    assert [effect.suggested for effect in retired] == [(), ("fixed",)]


def test_a_no_keeps_the_words_and_the_step() -> None:
    walk = started()
    say(walk, "I think we're good over here", FIXED_LIKELY)
    walk.do(Dismissed(turn=1))
    assert (walk.at.status, walk.at.turn, walk.at.suggested) == (Status.GUIDING, 1, ())
    assert told(walk) == ["dismissed"]
    assert prompt(flow_of(walk), walk.at, {}).suggestion is None


@pytest.mark.parametrize(
    ("typed", "step"), [("yes", "bulb"), ("yep", "bulb"), ("no", "plug"), ("nope", "plug")]
)
def test_a_typed_yes_or_no_answers_the_bots_own_question(typed: str, step: str) -> None:
    walk = started()
    say(walk, "it did zilch over here", FAILING_LIKELY)
    say(walk, typed)
    assert (walk.at.status, walk.at.step, walk.at.suggested) == (Status.GUIDING, step, ())


def test_words_alone_never_resolve_what_was_only_likely() -> None:
    walk = started()
    say(walk, "it seems alright here", FIXED_LIKELY)
    say(walk, "yes")
    assert (walk.at.status, walk.at.suggested) == (Status.GUIDING, ("fixed",))
    assert told(walk) == ["press_yes"]
    walk.do(Answered(turn=1, choice="fixed"))
    assert walk.at.status is Status.RESOLVED


def test_the_same_meaning_twice_is_asked_once() -> None:
    walk = started()
    say(walk, "seems alright here", FIXED_LIKELY)
    say(walk, "yeah, seems alright to me", FIXED_LIKELY)
    assert walk.rows[-1].effects == ()
    assert walk.at.suggested == ("fixed",)


def test_another_meaning_replaces_the_question() -> None:
    walk = started()
    say(walk, "seems alright here", FIXED_LIKELY)
    first = walk.at.suggested_effect
    say(walk, "hm, on second thought that was the other lamp", FAILING_LIKELY)
    assert walk.at.suggested == ("still-failing",)
    assert kinds(walk) == ["retire", "suggest"]
    retired = walk.rows[-1].effects[0]
    assert isinstance(retired, Retire)
    assert (retired.of, retired.suggested) == (first, ("fixed",))


def test_words_that_mean_nothing_are_kept_with_a_sentence() -> None:
    walk = started()
    say(walk, "my cat sleeps under it", NOTHING_LIKELY)
    assert told(walk) == ["kept"]
    assert walk.at.suggested == ()


def test_without_an_encoder_only_plain_words_are_understood() -> None:
    walk = started()
    say(walk, "I think we're good over here")
    assert told(walk) == ["kept"]


def test_a_likely_wish_for_a_person_is_asked_about_and_counts_from_rest_as_an_answer() -> None:
    walk = started()
    say(walk, "is there somebody real behind this", PERSON_LIKELY)
    assert asked(walk).question == "Would you like to talk to a person?"
    assert walk.at.ticket == 0
    walk.do(Answered(turn=1, choice="person"))
    assert isinstance(walk.rows[-1].event, Escalated)
    assert walk.at.status is Status.WAITING
    assert walk.at.suggested == ()


def test_a_likely_return_after_the_end_is_asked_about() -> None:
    walk = started()
    walk.do(Answered(turn=1, choice="fixed"))
    say(walk, "hm it went dark once more this morning", BACK_AGAIN)
    assert walk.at.status.ended
    assert asked(walk).choices[0].built_in == "reopen"
    walk.do(Answered(turn=walk.at.turn, choice="reopen"))
    assert isinstance(walk.rows[-1].event, Reopened)
    assert walk.at.status is Status.GUIDING


def test_an_answer_of_the_authors_is_suggested_by_its_own_words() -> None:
    walk = started()
    walk.do(Answered(turn=1, choice="still-failing"))
    close = Likeness(meanings=(("none", 500),), answers=(("broken", 800), ("whole", 400), ("none", 300)))
    say(walk, "the little wire is snapped in two", close)
    assert asked(walk).question == "Is your answer “Broken”?"
    walk.do(Answered(turn=2, choice="broken"))
    assert walk.at.step == "new-bulb"


def test_a_suggestion_goes_with_the_step_it_was_about() -> None:
    walk = started()
    say(walk, "seems alright here", FIXED_LIKELY)
    walk.do(Answered(turn=1, choice="still-failing"))
    assert walk.at.suggested == ()
    assert prompt(flow_of(walk), walk.at, {}).suggestion is None


def test_a_question_of_the_customers_is_no_answer() -> None:
    walk = started()
    walk.do(Answered(turn=1, choice="still-failing"))
    close = Likeness(meanings=(("none", 500),), answers=(("broken", 800), ("none", 300)))
    say(walk, "what does broken look like", close)
    assert walk.at.suggested == ()


# ---- which step was meant --------------------------------------------------------------------------------------------


def test_the_same_thought_twice_moves_one_step() -> None:
    walk = started()
    say(walk, "nope", turn=1)
    say(walk, "still not working", turn=1)
    assert (walk.at.step, walk.at.turn) == ("bulb", 2)
    assert walk.rows[-1].effects == ()


def test_words_for_the_step_before_that_say_it_works_are_asked_about() -> None:
    walk = Walk()
    walk.start(flow="lamp")
    walk.do(Answered(turn=1, choice="still-failing"))
    walk.do(Answered(turn=2, choice="broken"))
    say(walk, "it works now", turn=2)
    assert walk.at.status is Status.GUIDING
    assert walk.at.suggested == ("fixed",)


def test_a_wish_for_a_person_counts_whenever_it_was_written() -> None:
    walk = started()
    walk.do(Answered(turn=1, choice="still-failing"))
    say(walk, "human please", turn=1)
    assert walk.at.status is Status.WAITING


def test_other_words_for_the_step_before_are_kept() -> None:
    walk = started()
    walk.do(Answered(turn=1, choice="still-failing"))
    say(walk, "the cable is new, by the way", FIXED_LIKELY, turn=1)
    assert told(walk) == ["kept"]
    assert (walk.at.turn, walk.at.suggested) == (2, ())


def test_words_for_a_turn_to_come_are_refused() -> None:
    walk = started()
    assert walk.try_(Said(text="it works", turn=9)) == Refusal(why="future_turn")


# ---- a ticket and first words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["still nothing", "no", "nope", "still failing on my end", "same error"])
def test_with_a_ticket_open_what_still_fails_is_words_for_the_ticket(text: str) -> None:
    walk = started()
    walk.do(Escalated())
    say(walk, text, FAILING_LIKELY)
    assert (walk.at.step, walk.at.turn) == ("plug", 1)
    assert told(walk) == ["kept_waiting"]


def test_with_a_ticket_open_it_works_now_still_closes_it() -> None:
    walk = started()
    walk.do(Escalated())
    say(walk, "it works now")
    assert walk.at.status is Status.RESOLVED


def test_first_words_that_ask_for_a_person_open_a_ticket_at_once() -> None:
    walk = began("human please")
    assert walk.at.status is Status.WAITING
    assert (walk.at.ticket > 0, walk.at.reasons) == (True, ("asked",))
    assert told(walk) == ["escalated_first"]


def test_a_description_is_asked_about_before_its_guide_starts() -> None:
    walk = began("no light in the hallway", Likeness(flows=(("lamp", 700), ("none", 300))))
    assert walk.at.flow == "picker"
    assert told(walk) == []
    assert asked(walk).question == "Is this about “The lamp stays dark”?"
    assert [each.yes for each in asked(walk).choices] == ["Yes"]
    walk.do(Answered(turn=walk.at.turn, choice="lamp"))
    assert (walk.at.flow, walk.at.step) == ("lamp", "plug")


def test_a_description_that_fits_several_guides_offers_those() -> None:
    walk = began("smoke and no light", Likeness(flows=(("lamp", 700), ("fire", 690), ("none", 100))))
    assert [each.choice for each in asked(walk).choices] == ["lamp", "fire"]
    assert asked(walk).dismiss == "None of these"


def test_first_words_that_fit_nothing_are_answered_with_the_list() -> None:
    walk = began("my cat is stuck", Likeness(flows=(("lamp", 300), ("none", 600))))
    assert told(walk) == ["not_recognised"]
    assert walk.at.suggested == ()
