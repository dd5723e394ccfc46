"""Tests rehearsals: the walks in a flow file, and the sentence that says how each ends."""

import pytest

from flows.authoring.flow_tests import WalkEnd, parse_end
from flows.authoring.reader import Rehearsal, read
from tests.flows.authoring.test_reader import GUIDE


def test_tests_of_a_file_are_rehearsals() -> None:
    first, second = read(GUIDE.encode(), "some.yaml").tests
    assert first == Rehearsal(name="it was off", do=("fixed",), ends="resolved at power", line=first.line)
    assert GUIDE.splitlines()[first.line - 1].strip().startswith("- {name: it was off")
    assert (second.end.how, second.end.step, second.end.reason, second.end.team) == (
        "escalated",
        "replace",
        "no_cable",
        "vendor",
    )


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("resolved at a", WalkEnd(how="resolved", step="a")),
        ("escalated at a-b", WalkEnd(how="escalated", step="a-b")),
        ("escalated at a no_cable", WalkEnd(how="escalated", step="a", reason="no_cable")),
        ("escalated at a to vendor", WalkEnd(how="escalated", step="a", team="vendor")),
        (
            "escalated  at a no_cable  to vendor",
            WalkEnd(how="escalated", step="a", reason="no_cable", team="vendor"),
        ),
        ("escalated at to", WalkEnd(how="escalated", step="to")),
    ],
)
def test_an_end_names_its_step_and_perhaps_reason_and_team(text: str, end: WalkEnd) -> None:
    assert parse_end(text) == end


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fixed",
        "resolved",
        "resolved at",
        "resolved at a b",
        "resolved at a to b",
        "escalated at a to",
        "at a",
    ],
)
def test_anything_else_is_no_end(text: str) -> None:
    with pytest.raises(ValueError, match="must be `resolved at STEP`"):
        parse_end(text)


def test_two_walks_of_one_name_are_refused() -> None:
    text = GUIDE.replace("name: no cable", "name: it was off")
    (error,) = read(text.encode(), "f.yaml").errors
    assert error.reason.endswith("has the same name")


def test_a_walk_may_end_at_a_hint_or_a_former_id() -> None:
    for step in ("light-hint", "mains"):
        reading = read(GUIDE.replace("resolved at power", f"resolved at {step}").encode(), "f.yaml")
        assert reading.errors == ()


def test_a_flow_without_walks_is_worth_advice() -> None:
    reading = read(GUIDE[: GUIDE.index("tests:")].encode(), "f.yaml")
    assert reading.flow is not None
    assert [finding.level for finding in reading.findings if "no `tests`" in finding.reason] == ["advice"]
