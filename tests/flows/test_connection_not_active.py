"""Tests the first guide on its whole graph: every situation, and every event in it.

Each law of the guide is a function from what was explored to the moves that break it; flows broken on purpose show
that the laws see it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pytest

import flows
from flows.authoring.reader import read
from flows.conversation import Status
from flows.flow import Flow
from flows.text.markup.words import plain
from tests.fakes.exploration import Move, Situation, explore

FILE: Final = Path(flows.__file__).parent / "library" / "connection-not-active.yaml"

BLANK: Final = ("still failing", "still failing", "still failing", "blank")
RESET: Final = ("still failing", "still failing", "still failing", "has a value", "have-it")
EMPTY: Final = (*BLANK, "empty", "have-it")

TABLE: Final[Mapping[str, Mapping[str, str]]] = {
    "computer-on": {"fixed": "=resolved", "still-failing": "web-connector"},
    "web-connector": {"fixed": "=resolved", "still-failing": "auto-run", "cant-open-it": "open-it"},
    "open-it": {"open-now": "web-connector", "wont-open": "=escalated/product/web_connector_missing"},
    "auto-run": {"fixed": "=resolved", "still-failing": "every-min"},
    "every-min": {"blank": "password", "has-a-value": "every-min-guide"},
    "every-min-guide": {
        "have-it": "every-min-reset",
        "dont-have-it": "=escalated/product/setup_guide_unknown",
    },
    "every-min-reset": {
        "fixed": "=resolved",
        "still-failing": "password",
        "removed": "=escalated/product/connection_removed",
    },
    "password": {"dots": "=escalated/conductor/guide_exhausted", "empty": "password-guide"},
    "password-guide": {
        "have-it": "password-reenter",
        "dont-have-it": "=escalated/product/setup_guide_unknown",
    },
    "password-reenter": {"fixed": "=resolved", "still-failing": "=escalated/conductor/guide_exhausted"},
}
OBSERVED: Final = {"open-it", "every-min", "every-min-guide", "password", "password-guide"}
SYNCED: Final = {"computer-on", "web-connector", "auto-run"}
TESTED_IN_THE_GUIDE: Final = {"every-min-reset", "password-reenter"}
IN_THE_CONNECTOR: Final = {"auto-run", "every-min", "every-min-reset", "password", "password-reenter"}


@lru_cache(maxsize=1)
def guide() -> Flow:
    reading = read(FILE.read_bytes(), str(FILE))
    assert reading.flow is not None, reading.findings
    return reading.flow


# ---- the laws of the guide -------------------------------------------------------------------------------------------

Law = Callable[[Iterable[Move]], Iterator[Move]]


def only_what_says_it_works_resolves(moves: Iterable[Move]) -> Iterator[Move]:
    for move in moves:
        if move.after.at.status is Status.RESOLVED and move.before.at.status is not Status.RESOLVED:
            label = next(
                (option.label for option in move.before.shown.choices if option.id == move.answer), ""
            )
            if move.answer != "fixed" or label not in ("Fixed it", "It works now"):
                yield move


def an_observation_never_resolves(moves: Iterable[Move]) -> Iterator[Move]:
    for move in moves:
        watching = move.before.asks and (move.before.step.observes or move.before.at.step in OBSERVED)
        if watching and move.after.at.status is Status.RESOLVED:
            yield move


def blank_never_leads_to_remove(moves: Iterable[Move]) -> Iterator[Move]:
    for move in moves:
        if _removes(move.after) and move.after.chose("every-min", "blank"):
            yield move


def dots_never_lead_to_re_entry(moves: Iterable[Move]) -> Iterator[Move]:
    for move in moves:
        shown = move.after.asks and move.after.at.step in ("password-reenter", "password-guide")
        if shown and (move.after.chose("password", "dots") or not move.after.chose("password", "empty")):
            yield move


def remove_is_shown_only_with_the_setup_guide_at_hand(moves: Iterable[Move]) -> Iterator[Move]:
    for move in moves:
        if _removes(move.after) and not move.after.chose("every-min-guide", "have-it"):
            yield move


def the_password_is_re_entered_only_with_the_setup_guide_at_hand(moves: Iterable[Move]) -> Iterator[Move]:
    for move in moves:
        shown = move.after.asks and move.after.at.step == "password-reenter"
        if shown and not move.after.chose("password-guide", "have-it"):
            yield move


def each_warning_stands_in_its_step(moves: Iterable[Move]) -> Iterator[Move]:
    wanted = {"auto-run": "Auto-Run", "every-min": "Every-Min", "password-reenter": "password"}
    for move in moves:
        warning = plain(move.after.shown.warning)
        word = wanted.get(move.after.at.step) if move.after.asks else None
        if (word is None) is not (warning == "") or (word or "") not in warning:
            yield move


def the_only_way_is_told_in_the_reset_alone(moves: Iterable[Move]) -> Iterator[Move]:
    for move in moves:
        resets = move.after.asks and move.after.at.step == "every-min-reset"
        if ("only way" in f"{move.after.text}\n{move.said}") is not resets:
            yield move


def hide_is_advice_after_a_fix_from_the_second_step_on(moves: Iterable[Move]) -> Iterator[Move]:
    late = set(TABLE) - {"computer-on"} - OBSERVED
    for move in moves:
        fixed = move.after.at.status is Status.RESOLVED and move.after.at.step in late
        if ("Hide" in f"{move.after.text}\n{move.said}") is not fixed:
            yield move


def a_person_is_one_click_away(moves: Iterable[Move]) -> Iterator[Move]:
    every = tuple(moves)
    for move in every:
        if move.event.type == "escalate" and not move.after.at.ticket_open:
            yield move
    helped = {str(move.before) for move in every if move.event.type in ("escalate", "reopen")}
    # A circle is not walked twice: the step is the same as the first time.
    yield from (move for move in every if str(move.after) not in helped and not move.after.circles)


def nothing_moves_unless_the_customer_acts(moves: Iterable[Move]) -> Iterator[Move]:
    for move in moves:
        if move.event.type == "timer" and (move.after.at.step, move.after.at.path) != (
            move.before.at.step,
            move.before.at.path,
        ):
            yield move


def only_opening_it_leads_to_where_one_has_been(moves: Iterable[Move]) -> Iterator[Move]:
    for move in moves:
        if move.answer and move.after.circles and not _opened(move):
            yield move


def nothing_in_the_connector_is_asked_of_those_who_cannot_open_it(moves: Iterable[Move]) -> Iterator[Move]:
    for move in moves:
        opened = move.after.chose("open-it", "open-now") or not move.after.chose(
            "web-connector", "cant-open-it"
        )
        if move.after.asks and move.after.at.step in IN_THE_CONNECTOR and not opened:
            yield move


LAWS: Final[tuple[Law, ...]] = (
    only_what_says_it_works_resolves,
    an_observation_never_resolves,
    blank_never_leads_to_remove,
    dots_never_lead_to_re_entry,
    remove_is_shown_only_with_the_setup_guide_at_hand,
    the_password_is_re_entered_only_with_the_setup_guide_at_hand,
    each_warning_stands_in_its_step,
    the_only_way_is_told_in_the_reset_alone,
    hide_is_advice_after_a_fix_from_the_second_step_on,
    a_person_is_one_click_away,
    nothing_moves_unless_the_customer_acts,
    only_opening_it_leads_to_where_one_has_been,
    nothing_in_the_connector_is_asked_of_those_who_cannot_open_it,
)


def _opened(move: Move) -> bool:
    return (move.before.at.step, move.answer, move.after.at.step) == ("open-it", "open-now", "web-connector")


def _removes(situation: Situation) -> bool:
    return re.search(r"\bremove", situation.text, re.IGNORECASE) is not None


@lru_cache(maxsize=1)
def everything() -> tuple[Move, ...]:
    return tuple(explore(guide()))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_holds_in_every_situation(law: Law) -> None:
    assert [str(move) for move in law(everything())] == []


def test_every_step_was_reached_in_many_ways() -> None:
    moves = everything()
    assert {move.after.at.step for move in moves if move.after.asks} == set(TABLE)
    assert {move.after.at.status for move in moves} == set(Status) - {Status.WITH_AGENT}
    assert len(moves) > 2_000
    assert any(_removes(move.after) for move in moves)


# ---- laws that are broken on purpose ---------------------------------------------------------------------------------


def broken(step: str, choice: str = "", **fields: Any) -> Flow:
    """Return the guide with other fields in one choice of a step, or in the step itself."""
    data = guide().model_dump()
    (part,) = [found for found in data["steps"] if found["id"] == step]
    if choice:
        (part,) = [found for found in part["choices"] if found["id"] == choice]
        part |= {"to": None, "fixed": False, "escalate": None, "link": None}
    part |= fields
    return Flow.model_validate(data)


@pytest.mark.parametrize(
    ("law", "flow"),
    [
        (blank_never_leads_to_remove, broken("every-min", "blank", to="every-min-reset")),
        (
            remove_is_shown_only_with_the_setup_guide_at_hand,
            broken("every-min", "has-a-value", to="every-min-reset"),
        ),
        (
            remove_is_shown_only_with_the_setup_guide_at_hand,
            broken("every-min", text="Is it blank? Else Remove it."),
        ),
        (an_observation_never_resolves, broken("every-min", "blank", fixed=True)),
        (only_what_says_it_works_resolves, broken("password", "dots", fixed=True)),
        (only_what_says_it_works_resolves, broken("auto-run", "fixed", fixed=True, label="Next")),
        (dots_never_lead_to_re_entry, broken("password", "dots", to="password-guide")),
        (
            the_password_is_re_entered_only_with_the_setup_guide_at_hand,
            broken("password", "empty", to="password-reenter"),
        ),
        (each_warning_stands_in_its_step, broken("auto-run", warn=None)),
        (each_warning_stands_in_its_step, broken("web-connector", warn="Never type into Every-Min.")),
        (
            the_only_way_is_told_in_the_reset_alone,
            broken("every-min", why="Adding it again is the only way."),
        ),
        (hide_is_advice_after_a_fix_from_the_second_step_on, broken("computer-on", fixed="Click Hide.")),
        (hide_is_advice_after_a_fix_from_the_second_step_on, broken("auto-run", fixed=None)),
        (
            only_opening_it_leads_to_where_one_has_been,
            broken("password-reenter", "still-failing", to="computer-on"),
        ),
        (
            only_opening_it_leads_to_where_one_has_been,
            broken("open-it", "wont-open", to="computer-on"),
        ),
        (
            nothing_in_the_connector_is_asked_of_those_who_cannot_open_it,
            broken("open-it", "wont-open", to="auto-run"),
        ),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_the_law_sees_a_flow_that_breaks_it(law: Law, flow: Flow) -> None:
    assert any(law(explore(flow)))
