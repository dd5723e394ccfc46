"""Tests agents' orders: messages that begin with !, and buttons with a complete order."""

import pytest

from flows.conversation import Conversation, Status
from flows.effects import Refusal
from flows.orders import AT_HAND, MORE, VERBS, Order, label, meant, refused, why
from flows.text.agent_phrases import AGENT_PHRASES

CONVERSATION = "07abcdefghijklmnop"


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("She forgets the plug", "note", "She forgets the plug"),
        ("so! strange", "note", "so! strange"),
        ("", "note", ""),
        ("!Is it plugged in?", "reply", "Is it plugged in?"),
        ("!  Is it?", "reply", "Is it?"),
        ("! close the window", "reply", "close the window"),
        ("!Hold on, I look", "reply", "Hold on, I look"),
        ("!Wake up the computer", "reply", "Wake up the computer"),
        ("!Start QuickBooks", "reply", "Start QuickBooks"),
        ("!42 is the row", "reply", "42 is the row"),
        ("!r hello", "asked", "hello"),
        ("!reply\nhello", "asked", "hello"),
        ("!close the window", "asked", "close the window"),
        ("!Close.", "asked", "Close."),
        ("!done", "asked", "done"),
        ("!help", "asked", "help"),
        ("!note to self", "asked", "note to self"),
        ("!", "asked", ""),
        ("!!!", "asked", ""),
        ("!! urgent", "asked", "urgent"),
    ],
)
def test_a_line_is_a_note_a_reply_or_asked_about(line: str, kind: str, text: str) -> None:
    found = meant(line)
    assert (found.kind, found.text) == (kind, text)


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        ("!wake", "wake"),
        ("!unsnooze", "wake"),
        ("!claim", "claim"),
        ("!Release", "release"),
        ("!resolve", "resolve"),
        ("!close", "resolve"),
    ],
)
def test_a_plain_command_is_done_at_once(line: str, verb: str) -> None:
    assert (meant(line).kind, meant(line).verb) == ("order", verb)


def test_an_order_comes_back_from_its_button() -> None:
    order = Order(verb="send", conversation=CONVERSATION, of="tok-en_1")
    assert Order.parse(str(order)) == order


@pytest.mark.parametrize(
    "carried",
    [
        "",
        "room:claim",
        f"room:rob:{CONVERSATION}:",
        "room:claim:x:",
        f"room:claim:{CONVERSATION}:a b",
        f"{CONVERSATION}:1:fixed",
    ],
)
def test_anything_else_is_no_order(carried: str) -> None:
    assert Order.parse(carried) is None


def standing(status: Status, held_by: str = "") -> Conversation:
    return Conversation(id=CONVERSATION, contact="web:ana", status=status, holder_name=held_by)


def test_the_toolbar_has_every_action_once() -> None:
    assert len({*AT_HAND, *MORE}) == len(AT_HAND) + len(MORE)
    assert {*AT_HAND, *MORE} == VERBS - {"take", "wake", "send"}, "these stand where they are needed"


def test_every_order_has_a_label() -> None:
    labels = [label(Order.model_validate({"verb": verb, "conversation": CONVERSATION})) for verb in VERBS]
    assert len(set(labels)) == len(VERBS)
    assert label(Order(verb="back", conversation=CONVERSATION, of="lamp")) == "Choose the step…"


@pytest.mark.parametrize(
    ("status", "refusal", "sentence", "instead"),
    [
        (Status.WITH_AGENT, "held", "refused_held", ["take"]),
        (Status.WITH_AGENT, "not_offered", "refused_no_choice", []),
        (Status.WITH_AGENT, "not_now", "refused_not_now", []),
        (Status.WAITING, "not_now", "refused_unclaimed", ["claim"]),
        (Status.GUIDING, "not_now", "refused_unclaimed", ["claim"]),
        (Status.RESOLVED, "not_now", "refused_resolved", ["claim"]),
        (Status.RESOLVED, "not_offered", "refused_resolved", ["claim"]),
        (Status.CLOSED, "not_now", "refused_closed", []),
    ],
)
def test_a_refusal_says_why_and_what_to_press_instead(
    status: Status, refusal: str, sentence: str, instead: list[str]
) -> None:
    named, orders = why(standing(status), Refusal.model_validate({"why": refusal}))
    assert (named, [order.verb for order in orders]) == (sentence, instead)
    assert named in AGENT_PHRASES


def test_who_is_assigned_is_named() -> None:
    held = Refusal(why="held")
    assert refused(standing(Status.WITH_AGENT, "Mia"), held).startswith("This ticket is assigned to Mia,")
    assert "assigned to another agent," in refused(standing(Status.WITH_AGENT), held)
