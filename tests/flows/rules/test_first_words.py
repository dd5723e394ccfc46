"""Tests starts that open a ticket at once: no guide is shown, and the operator's own team helps."""

import pytest

from flows.conversation import Status
from flows.effects import Change, Tell
from flows.events import Started
from flows.prompts import prompt, tell_words
from flows.text.markup.words import plain
from tests.fakes.flows import Walk


@pytest.mark.parametrize(
    ("text", "flow"), [("our invoices look odd", "picker"), ("", "picker"), ("lamp is dark", "lamp")]
)
@pytest.mark.parametrize(
    ("asked", "reason"), [("asked", "asked"), ("by_agent", "by_agent"), ("idle", "asked")]
)
def test_a_start_may_open_a_ticket_whatever_its_words(text: str, flow: str, asked: str, reason: str) -> None:
    walk = Walk()
    at = walk.do(Started(door="web/ana", address="web||||ana", text=text, ticket=asked))
    assert (at.status, at.reasons, at.team, at.flow) == (Status.WAITING, (reason,), "support", flow)
    assert at.ticket_open
    (change,) = walk.rows
    assert isinstance(change, Change)
    (told,) = (effect for effect in change.effects if isinstance(effect, Tell))
    guide = next(each for each in walk.shelf.by_id.values() if each.id == flow)
    assert plain(tell_words(told.words, guide, at, {})) == (
        "I opened ticket #71 with our support team, who can see this conversation."
    )
    assert prompt(guide, at, {}).kind == "waiting"
