"""Tests walking a flow without a store: what it yields, what it refuses, and the file's own tests."""

from itertools import islice

import pytest

from flows.authoring.reader import Reading, Rehearsal, read
from flows.authoring.rehearsal import Ended, NotOffered, Turn, rehearse, walk
from flows.catalogue import Catalogue
from tests.fakes.flows import catalogue, fire, lamp


def turns(*answers: str) -> list[Turn | Ended]:
    return list(walk(catalogue(), lamp(), answers))


def test_a_walk_starts_with_the_intro_and_the_first_step() -> None:
    (first,) = turns()
    assert isinstance(first, Turn)
    assert (first.step, first.title, first.warning) == ("plug", "Plug it in", None)
    assert first.text == "Two sentences on lamps.\n\n1. Plug.\n2. Look."
    assert [(choice.id, choice.label) for choice in first.choices] == [
        ("fixed", "Fixed it"),
        ("still-failing", "Still failing"),
    ]


def test_the_intro_is_not_said_again_on_the_way_back() -> None:
    last = turns("still failing", "back")[-1]
    assert isinstance(last, Turn)
    assert last.text == "1. Plug.\n2. Look."


@pytest.mark.parametrize("answer", ["fixed", "Fixed it", "FIXED IT", " fixed  it ", "Fixed"])
def test_an_answer_is_an_id_or_a_label_in_any_case(answer: str) -> None:
    last = turns(answer)[-1]
    assert isinstance(last, Ended)
    assert (last.ended, last.at, last.reason, last.team) == ("resolved", "plug", None, None)
    assert "Good plug." in last.text


@pytest.mark.parametrize("answer", ["still-failing", "still failing", "Still Failing"])
def test_an_id_may_be_written_with_blanks(answer: str) -> None:
    last = turns(answer)[-1]
    assert isinstance(last, Turn)
    assert last.step == "bulb"


def test_the_end_of_the_guide_names_its_reason_its_team_and_where_to_write() -> None:
    last = turns("still failing", "whole", "still failing")[-1]
    assert isinstance(last, Ended)
    assert (last.ended, last.at, last.reason, last.team) == (
        "escalated",
        "switch",
        "guide_exhausted",
        "maker",
    )
    assert "help@lamps.example" in last.text


def test_a_person_may_be_asked_for_at_any_step() -> None:
    for before in ((), ("still failing",), ("still failing", "broken")):
        last = turns(*before, "PERSON")[-1]
        assert isinstance(last, Ended)
        assert (last.ended, last.reason, last.team) == ("escalated", "asked", "maker")
        assert "ticket" in last.text


def test_back_and_restart_lead_where_they_say() -> None:
    steps = [
        turn.step
        for turn in turns("still failing", "whole", "back", "broken", "restart")
        if isinstance(turn, Turn)
    ]
    assert steps == ["plug", "bulb", "switch", "bulb", "new-bulb", "plug"]


def test_an_answer_may_lead_into_another_flow_and_back_again() -> None:
    steps = [turn.step for turn in turns("still failing", "smell", "back") if isinstance(turn, Turn)]
    assert steps == ["plug", "bulb", "unplug", "bulb"]
    last = turns("still failing", "it smells of smoke", "still failing")[-1]
    assert isinstance(last, Ended)
    assert (last.at, last.team) == ("unplug", "safety")


def test_an_answer_that_is_not_offered_names_those_that_are() -> None:
    with pytest.raises(NotOffered) as wrong:
        turns("still failing", "purple")
    assert str(wrong.value) == (
        "'purple' is not an answer at 'bulb'; available: whole, broken, smell (It smells of smoke), "
        "cant-find (I can't find this), back, restart (Start over), person (Talk to a person)"
    )
    assert [option.id for option in wrong.value.offered][:2] == ["whole", "broken"]


def test_there_is_no_way_back_from_the_first_step() -> None:
    with pytest.raises(NotOffered, match="'back' is not an answer at 'plug'; available: fixed"):
        turns("back")


@pytest.mark.parametrize(
    "answers", [("fixed", "fixed"), ("person", "fixed"), ("still failing", "whole", "fixed", "x")]
)
def test_an_answer_after_the_end_is_refused_too(answers: tuple[str, ...]) -> None:
    with pytest.raises(NotOffered, match="comes after the end at"):
        turns(*answers)


def test_answers_that_run_out_leave_no_end() -> None:
    assert isinstance(turns("still failing")[-1], Turn)


def test_turns_come_one_by_one() -> None:
    seen = list(islice(walk(catalogue(), lamp(), ["still failing", "purple"]), 2))
    assert len(seen) == 2


def test_a_flow_need_not_be_on_offer_and_stands_in_for_the_one_of_its_name() -> None:
    other = lamp().model_copy(update={"title": "Another lamp", "intro": "Changed."})
    (first,) = walk(catalogue(), other, [])
    assert isinstance(first, Turn)
    assert first.text.startswith("Changed.")
    assert len(list(walk(Catalogue(), fire(), ["fixed"]))) == 2


def test_a_flow_that_is_not_there_leads_to_a_person() -> None:
    last = list(walk(Catalogue(), lamp(), ["still failing", "smell"]))[-1]
    assert isinstance(last, Ended)
    assert (last.ended, last.reason) == ("escalated", "broken")


def test_the_operators_settings_are_in_the_words() -> None:
    flow = read(WITH_TESTS.encode(), "f.yaml").flow
    assert flow is not None
    (first,) = walk(Catalogue(), flow, [], {"BRAND": "Acme"})
    assert isinstance(first, Turn)
    assert first.text.endswith("Turn the Acme tap.\n\nDoes water run?")
    assert first.warning == "Hot!"


WITH_TESTS = """\
flow: tap
title: The tap is dry
vars:
  brand: {setting: BRAND, default: old}
teams:
  plumber: {name: the plumber}
  landlord: {name: the landlord}
escalate: plumber
steps:
  - id: turn
    was: turn-it
    title: Turn it
    say: Turn the {brand} tap.
    test: Does water run?
    warn: Hot!
  - id: look
    title: Look below
    ask: Is the floor wet?
    answers:
      Wet: {escalate: landlord, reason: leak}
      Dry: next
tests:
  - {name: first, do: [fixed], ends: resolved at turn}
  - {name: by its former id, do: [Fixed it], ends: resolved at turn-it}
  - {name: leak, do: [still failing, wet], ends: escalated at look leak to landlord}
  - {name: any reason, do: [still failing, dry], ends: escalated at look}
"""


GOT = "it was escalated at look guide_exhausted to plumber"
MOIST = (
    "'moist' is not an answer at 'look'; available: wet, dry, cant-find (I can't find this), "
    "back, restart (Start over), person (Talk to a person)"
)


def changed(old: str, new: str) -> Reading:
    assert old in WITH_TESTS
    reading = read(WITH_TESTS.replace(old, new).encode(), "tap.yaml")
    assert reading.flow is not None, reading.findings
    return reading


def test_the_tests_of_a_file_are_walked_and_say_nothing_when_they_hold() -> None:
    reading = read(WITH_TESTS.encode(), "tap.yaml")
    assert len(reading.tests) == 4
    assert rehearse(reading) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "do: [still failing, wet]",
            "do: [still failing, dry]",
            f"the test 'leak' should be escalated at look leak to landlord, but {GOT}",
        ),
        (
            "do: [fixed], ends: resolved at turn}",
            "do: [fixed], ends: resolved at look}",
            "the test 'first' should be resolved at look, but it was resolved at turn",
        ),
        (
            "do: [still failing, wet]",
            "do: [still failing]",
            (
                "the test 'leak' should be escalated at look leak to landlord, "
                "but it is still at 'look' after its last answer"
            ),
        ),
        (
            "do: [still failing, wet]",
            "do: [still failing, moist]",
            f"the test 'leak' should be escalated at look leak to landlord, but {MOIST}",
        ),
        (
            "do: [fixed], ends: resolved at turn}",
            "do: [fixed, fixed], ends: resolved at turn}",
            "the test 'first' should be resolved at turn, but 'fixed' comes after the end at 'turn'",
        ),
        (
            "ends: escalated at look leak to landlord",
            "ends: escalated at look leak to plumber",
            (
                "the test 'leak' should be escalated at look leak to plumber, "
                "but it was escalated at look leak to landlord"
            ),
        ),
    ],
)
def test_a_test_that_does_not_hold_says_what_was_expected_and_what_happened(
    old: str, new: str, said: str
) -> None:
    reading = changed(old, new)
    (finding,) = rehearse(reading)
    assert finding.reason == said
    assert (finding.file, finding.column, finding.level) == ("tap.yaml", 1, "error")
    assert new in WITH_TESTS.replace(old, new).splitlines()[finding.line - 1]


def test_a_file_with_errors_has_nothing_to_walk() -> None:
    reading = read(b"flow: x\n", "x.yaml")
    assert reading.errors
    assert rehearse(reading) == ()


def test_a_test_without_answers_stands_at_the_first_step() -> None:
    reading = read(WITH_TESTS.encode(), "tap.yaml")
    empty = reading.model_copy(update={"tests": (Rehearsal(name="none", do=(), ends="resolved at turn"),)})
    (finding,) = rehearse(empty)
    assert finding.reason.endswith("it is still at 'turn' after its last answer")
