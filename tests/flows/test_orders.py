"""What agents order: lines that begin with !, and buttons that only a whole order can stand on."""

import pytest

from flows.orders import Order, meant

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
