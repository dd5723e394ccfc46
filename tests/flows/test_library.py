"""Tests the product's own flows: no lint findings, their own tests pass, and they reach every end."""

import re
from pathlib import Path
from typing import Final

import pytest

import flows
from flows.authoring.reader import Reading, read
from flows.authoring.rehearsal import ALWAYS, Ended, Turn, rehearse, walk
from flows.catalogue import Catalogue
from flows.flow import ESCALATED, Flow
from flows.text.starts import recognise

ROOT: Final = Path(flows.__file__).parent
FILES: Final = sorted(path for path in (ROOT / "library").glob("*.yaml") if path.name != "replies.yaml")


def reading(path: Path) -> Reading:
    return read(path.read_bytes(), path.name)


def flow(path: Path) -> Flow:
    found = reading(path).flow
    assert found is not None
    return found


each = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@each
def test_a_flow_of_the_library_is_without_errors_and_without_advice(path: Path) -> None:
    assert [str(finding) for finding in reading(path).findings] == []
    assert flow(path).id == path.stem


@each
def test_its_own_tests_hold(path: Path) -> None:
    assert [str(finding) for finding in rehearse(reading(path))] == []


@each
def test_its_own_tests_reach_every_end_and_press_every_answer(path: Path) -> None:
    pressed: set[tuple[str, str]] = set()
    for test in reading(path).tests:
        seen = list(walk(Catalogue(), flow(path), test.do))
        assert isinstance(seen[-1], Ended)
        for turn, answer in zip(seen[:-1], test.do, strict=True):
            assert isinstance(turn, Turn)
            said = answer.casefold().replace("-", " ")
            names = {
                option.id: (option.id.replace("-", " "), option.label.casefold()) for option in turn.choices
            }
            pressed |= {(turn.step, choice) for choice, known in names.items() if said in known}
    ends = {
        (step.id, choice.id)
        for step in flow(path).steps
        for choice in step.choices
        if choice.fixed or (choice.target.startswith(ESCALATED) and choice.id != "cant-find")
    }
    assert ends - pressed == set()


@each
def test_each_of_its_error_texts_starts_it_among_all_of_them(path: Path) -> None:
    shelf = tuple(map(flow, FILES))
    for written in flow(path).start:
        text = re.sub(r"\{\w+\}", "since Tuesday", written)
        found = recognise(shelf, f"Hello!\n{text.upper()}\nthanks")
        assert found is not None
        assert found.flow == path.stem
        assert set(found.observations.values()) <= {"SINCE TUESDAY"}


@each
def test_its_lines_are_short_enough_to_read_on_a_phone(path: Path) -> None:
    for step in flow(path).steps:
        lines = re.findall(r"^\s*(\d+\..*)$", step.text, re.MULTILINE)
        assert len(lines) <= 6
        assert all(len(line) <= 120 for line in lines), step.id
        assert all(len(choice.label) <= 50 for choice in step.choices)


def test_the_two_flows_have_nothing_in_common_but_the_format() -> None:
    first, second = (
        flow(ROOT / "library" / f"{name}.yaml") for name in ("connection-not-active", "printer-offline")
    )
    assert {step.id for step in first.steps}.isdisjoint(step.id for step in second.steps)
    assert {team.id for team in first.teams}.isdisjoint(team.id for team in second.teams)
    assert any(step.id.endswith("-hint") for step in second.steps)


def test_no_code_knows_a_step_a_choice_or_a_team_of_the_library() -> None:
    known = {step.id for path in FILES for step in flow(path).steps if "-" in step.id} | {
        "conductor",
        "helpdesk",
    }
    code = {
        path: path.read_text("utf-8")
        for path in ROOT.glob("*.py")
        if path.stem not in ("masking", "ordinary")
    }
    found = {(path.name, name) for path, text in code.items() for name in known if f'"{name}"' in text}
    assert found == set()
    assert set(ALWAYS) == {"back", "restart", "person"}
