"""Tests how Discord draws the question about what words likely meant."""

import pytest

from adapters.discord.render import card
from bot.ports import Delivery
from flows.conversation import Address
from flows.effects import Retire, Suggest
from flows.prompts import options
from flows.suggestions import COMMANDS, Suggestion, settled, suggestion_of
from flows.views.quotes import verbatim
from tests.adapters.discord.support.schema_check import conversation, every_flow, faults, pressed, shown
from tests.fakes.flows import lamp

PLACE = Address(channel="discord", workspace="1", room="2", thread="3", person="4")
STEP = [("fixed", "Fixed it"), ("still-failing", "Still failing")]


def drawn(asks: Suggestion | None) -> card.Message:
    """Return the message of a suggestion."""
    delivery = Delivery(
        effect=Suggest(id="s.0", turn=1), conversation=conversation(lamp()), address=PLACE, suggestion=asks
    )
    message = card.message(delivery)
    assert message is not None
    return message


def test_the_question_has_a_button_for_yes_and_one_for_no() -> None:
    message = drawn(suggestion_of(("fixed",), STEP))
    assert message.flags == card.V2  # everyone sees it
    assert shown(message) == "Sounds like it's working now. Is it fixed?"
    assert pressed(message) == {"Yes, fixed": "fixed", "No": "=dismiss"}
    assert faults(message) == []


@pytest.mark.parametrize(("name", "built_in"), COMMANDS.items())
def test_a_built_in_button_is_asked_about_too(name: str, built_in: str) -> None:
    message = drawn(suggestion_of((name,), STEP))
    assert [*pressed(message).values()] == [f"={built_in}", "=dismiss"]
    assert faults(message) == []


def test_several_guides_are_offered_by_name() -> None:
    message = drawn(suggestion_of(("lamp", "fire"), [("lamp", "The lamp"), ("fire", "Smoke")], starts=True))
    assert pressed(message) == {"The lamp": "lamp", "Smoke": "fire", "None of these": "=dismiss"}
    assert faults(message) == []


def test_discord_accepts_the_question_about_any_answer_of_any_step() -> None:
    for flow in every_flow():
        for step in flow.steps:
            labels = [(one.id, one.label) for one in options(flow, conversation(flow, step=step.id))]
            for choice, _ in labels:
                message = drawn(suggestion_of((choice,), labels))
                assert faults(message) == [], (flow.id, step.id, choice)
                assert [*pressed(message).values()] == [choice, "=dismiss"]


@pytest.mark.parametrize(
    "label", ["x" * 3200, "😀" * 200, "@everyone", "*a* `b` # c", "two\nlines", "\u200b"]
)
def test_discord_accepts_the_question_about_any_label(label: str) -> None:
    assert faults(drawn(suggestion_of(("a",), [("a", label)]))) == []
    assert faults(drawn(suggestion_of(("a", "b"), [("a", label), ("b", label + "!")]))) == []


@pytest.mark.parametrize(
    ("answer", "left"),
    [("fixed", " · Yes, fixed"), ("dismissed", " · No"), ("escalate", ""), ("still-failing", "")],
)
def test_an_answered_question_shrinks_to_a_line(answer: str, left: str) -> None:
    words = verbatim(settled(("fixed",), answer, STEP))
    retired = Delivery(effect=Retire(id="r.1"), conversation=conversation(lamp()), address=PLACE, words=words)
    message = card.collapsed(retired)
    assert shown(message) == f"-# Sounds like it's working now. Is it fixed?{left}"
    assert pressed(message) == {}
    assert faults(message) == []
