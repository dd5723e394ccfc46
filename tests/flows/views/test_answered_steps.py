"""Tests that the list of answered steps is the screen's, also when no card followed an answer."""

import pytest

from flows.conversation import Status
from flows.engine import apply
from flows.events import Answered
from flows.views.answered_steps import answered_steps
from flows.views.screen import screen
from tests.fakes import flows as fakes
from tests.flows.views.test_walk import answered_on


@pytest.mark.parametrize("status", [Status.GUIDING, Status.WITH_AGENT])
def test_an_answer_without_a_card_after_it_is_listed_as_the_screen_shows_it(status: Status) -> None:
    walk = fakes.Walk()
    walk.start()
    walk.do(Answered(choice="still-failing", turn=walk.at.turn))
    last = walk.rows[-1]
    silent = {"status": status, "prompt_effect": ""}
    row = last.model_copy(
        update={
            "event": Answered(choice="whole", turn=walk.at.turn),
            "effects": (),
            "set": silent,
            "version": last.version + 1,
        }
    )
    rows, at = [*walk.rows, row], apply(walk.at, row)
    flows = {flow.revision: flow for flow in walk.shelf.by_id.values()}
    found = [(each.title, each.answer) for each in answered_steps(at, rows, flows, {})]
    assert found == answered_on(screen(at, rows, {}, flows, {}))
    assert len(found) == 2
