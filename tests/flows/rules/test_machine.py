"""Tests the two state machines: existing moves, missing moves, and names that could clash."""

import itertools
from typing import get_args

import pytest

from flows.conversation import Status
from flows.flow import Choice, Escalation, Flow, Step, Team
from flows.rules.machine import LIFECYCLE, Trigger, live, trees
from tests.fakes.flows import lamp


def test_every_move_of_the_lifecycle_is_the_one_in_the_table() -> None:
    table = {(trigger, source): target for trigger, source, target in LIFECYCLE}
    for trigger, status in itertools.product(get_args(Trigger), Status):
        assert live(status, trigger) == table.get((trigger, status))


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_an_ended_conversation_is_moved_by_nothing_but_reopen_expire_and_an_agent(status: Status) -> None:
    moves = {trigger for trigger in get_args(Trigger) if live(status, trigger) is not None}
    assert moves <= {"reopen", "return", "queue", "expire", "claim"}


def test_a_choice_leads_where_the_flow_says() -> None:
    flow = lamp()
    for step in flow.steps:
        for choice in step.choices:
            assert trees().target(flow, step.id, choice.id) == choice.target


def test_a_choice_of_another_step_leads_nowhere() -> None:
    assert trees().target(lamp(), "plug", "whole") is None


def test_an_unknown_step_is_no_error() -> None:
    assert trees().target(lamp(), "no-such-step", "fixed") is None


@pytest.mark.parametrize("name", ["state", "trigger", "to", "is", "may", "machine", "events"])
def test_a_choice_named_like_something_of_the_library_is_just_a_choice(name: str) -> None:
    way = Escalation(team="t", reason="r")
    step = Step(id="one", title="One", text="x", choices=(Choice(id=name, label="L", escalate=way),))
    flow = Flow(id=f"flow-{name}", title="F", teams=(Team(id="t", name="T"),), escalate=way, steps=(step,))
    assert trees().target(flow, "one", name) == "=escalated/t/r"


def test_a_walk_leaves_nothing_behind_in_the_shared_machine() -> None:
    flow = lamp()
    assert trees().target(flow, "plug", "still-failing") == "bulb"
    assert trees().target(flow, "plug", "still-failing") == "bulb"
