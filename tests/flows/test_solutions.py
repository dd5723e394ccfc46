"""Tests the solutions that agents choose from: the flow's own list, or the default one."""

from flows.flow import USUAL, solutions
from tests.flows.authoring.test_reader import GUIDE, steps, understood


def test_what_solves_it_is_the_flows_own_list_or_the_usual_one() -> None:
    assert solutions(understood(GUIDE + "solutions: [A step of the guide, A new cable]\n")) == (
        "A step of the guide",
        "A new cable",
    )
    assert solutions(steps("  - {id: a, title: A, say: B}")) == USUAL


def test_a_flow_without_a_list_keeps_the_revision_it_always_had() -> None:
    assert "solutions" not in steps("  - {id: a, title: A, say: B}").canonical()
