"""Tests messages and views by Slack's own TypeScript types, as `vendor_types` turns them into a JSON schema."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from adapters.slack.render import card as slack_card
from adapters.slack.render import forms
from adapters.slack.render.home import HomeRow, home
from adapters.slack.render.offers import declined_offer, help_offer
from bot.ports import Delivery
from flows.button import Button
from flows.conversation import Address
from flows.effects import Retire, Tell
from flows.events import REASONS
from flows.text.markup.words import parse
from flows.text.phrases import reason_label
from tests.adapters.slack.support.prompts import EVERYTHING, card, flow
from tests.adapters.slack.support.schema_check import HERE, conversation, every_prompt
from tests.conftest import need
from tests.fakes.flows import lamp
from tests.fakes.slack import vendor_types

BUTTON = Button(conversation=HERE, turn=3, built_in="step")
Judge = Callable[[str, Any], list[str]]


@pytest.fixture(scope="session")
def judge() -> Judge:
    """Says what is wrong with a value of one of Slack's types."""
    need("@slack/types", vendor_types.installed())

    def say(kind: str, value: Any) -> list[str]:
        return vendor_types.faults(kind, json.loads(json.dumps(value)))

    return say


def messages() -> Iterator[tuple[str, slack_card.Message]]:
    """One of every kind, and every card of every flow."""
    for name, prompt, at in every_prompt():
        yield name, slack_card.card(prompt, at, "e.1", again=True)
    many = tuple(choice for number in range(9) for choice in _more(number))
    yield "everything", card(again=True)
    yield "a menu", card(flow(choices=many))
    delivery = Delivery(
        effect=Tell(id="e.1", words="escalated"),
        conversation=conversation(lamp()),
        address=Address(channel="slack"),
    )
    words = parse(
        "Some **words**, *more*, `code`, [a link](https://lamps.example).\n\n3. one\n   - two\n4. three"
    )
    told = slack_card.message(delivery.model_copy(update={"words": words}))
    assert told is not None
    yield "told", told
    yield (
        "collapsed",
        slack_card.collapsed(delivery.model_copy(update={"words": words, "effect": Retire(id="e.2")})),
    )
    yield "note", slack_card.note("Hello.", "https://lamps.slack.com/archives/C1/p1", [("Show it", BUTTON)])
    yield "offer", slack_card.offer("The lamp", "a", "b", "c")
    yield (
        "help offer",
        help_offer("We're back on Monday.", "help:ticket:slack:T1:U1", "help:problem:slack:T1:U1"),
    )
    yield "declined offer", declined_offer("help:ticket:slack:T1:U1")
    yield "collapsed offer", slack_card.collapsed_offer("All right.")


def _more(number: int) -> list[Any]:
    return [choice.model_copy(update={"id": f"{choice.id}-{number}"}) for choice in EVERYTHING.choices]


def test_slacks_own_types_take_every_message(judge: Judge) -> None:
    found = {
        f"{name} block {number}": judge("KnownBlock", block)
        for name, message in messages()
        for number, block in enumerate(message.blocks)
    }
    assert len(found) > 500
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_slacks_own_types_take_every_view(judge: Judge) -> None:
    reasons = [(reason, reason_label(reason)) for reason in REASONS]
    for view in (
        forms.details_form(BUTTON, 71, reasons),
        forms.details_form(BUTTON, 71, reasons * 3),
        forms.summary_view("Ticket #71\n" * 900, 71, "help@lamps.example"),
        forms.later_form(BUTTON),
        forms.colleague_form(BUTTON),
    ):
        assert judge("ModalView", view) == []
    way = "https://lamps.slack.com/archives/C1/p1"
    rows = [
        HomeRow(title="a", state="b", when=1_764_000_000_000, url=way, button=BUTTON, open=True),
        HomeRow(title="a", state="b", when=0, button=BUTTON, open=False),
    ]
    for offers in (1, 30):
        view = home(rows, [(f"f{number}", "Flow") for number in range(offers)], "Lamps", "help@lamps.example")
        assert judge("HomeView", view) == []


@pytest.mark.parametrize(
    "bad",
    [
        {"type": "actions", "elements": [{"type": "button", "text": "plain", "value": "x"}]},
        {"type": "rich_text", "elements": [{"type": "text", "text": "outside of a section"}]},
        {"type": "header", "text": {"type": "mrkdwn", "text": "*bold*"}},
        {"type": "image", "image_url": "https://lamps.example/plug.png"},
        {"type": "nonsense"},
    ],
    ids=lambda bad: str(bad["type"]),
)
def test_the_judge_is_seen_to_say_no(judge: Judge, bad: dict[str, Any]) -> None:
    assert judge("KnownBlock", bad) != []
