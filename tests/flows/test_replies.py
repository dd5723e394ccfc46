"""Tests saved replies: the file, its errors, and filling in the blanks."""

from pathlib import Path

import pytest

from flows.authoring.replies import read_replies, unknown_flows
from flows.conversation import Conversation
from flows.orders import Meant, is_order, meant
from flows.replies import BLANKS, Canned
from flows.views.reply_blanks import ready
from tests.fakes.flows import Walk, lamp


def told(text: str) -> list[str]:
    return [str(finding) for finding in read_replies(text.encode(), "replies.yaml").findings]


def test_a_file_gives_replies_in_its_order() -> None:
    text = """
thanks: {title: Thank you, say: 'Thank you, {contact}.'}
log: {title: The log, say: 'Send it.', flows: lamp}
"""
    read = read_replies(text.encode(), "replies.yaml")
    assert read.findings == ()
    assert read.replies == (
        Canned(id="thanks", title="Thank you", text="Thank you, {contact}."),
        Canned(id="log", title="The log", text="Send it.", flows=("lamp",)),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: the file is empty; start with `an-id:`"),
        ("- a", "1:1: this file must be a mapping of reply ids (`thanks:`), not a list"),
        ("thanks: hello", "1:9: a reply must be a mapping with title and say, not text"),
        ("thanks: {title: A}", "1:9: a reply is missing the key 'say': what the customer reads"),
        ("thanks: {title: A, sya: b, say: c}", "1:20: unknown key 'sya' in a reply; did you mean 'say'?"),
        ("close: {title: A, say: b}", "1:1: `!close` is already a command; give the reply another id"),
        ("help: {title: A, say: b}", "1:1: `!help` is already a command; give the reply another id"),
        (
            "a: {title: A, say: 'Hi {contct}'}",
            "1:15: there is no '{contct}'; did you mean 'contact'?; available: ",
        ),
        ("a: {title: A, say: b}\na: {title: A, say: b}", "2:1: the key 'a' is already used in line 1"),
        ("a: &b c", "1:4: YAML reads text that starts with & as an anchor; put it in quotes"),
        ("\t", "1:1: not valid YAML"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_place(text: str, said: str) -> None:
    found = told(text)
    assert found[0].startswith(f"replies.yaml:{said}"), found
    assert all("\n" not in line for line in found)


def test_a_mistake_in_one_reply_takes_no_other_down() -> None:
    read = read_replies(b"a: {title: A}\nb: {title: B, say: c}\n", "replies.yaml")
    assert [reply.id for reply in read.replies] == ["b"]


def test_a_reply_for_a_flow_that_there_is_not_is_told() -> None:
    read = read_replies(b"a: {title: A, say: b}\nb: {title: B, say: c, flows: [lamp, lapm]}\n", "r.yaml")
    (found,) = map(str, unknown_flows(read, {"lamp"}))
    assert (
        found
        == "r.yaml:2:1: the reply 'b' is for the flow 'lapm', which does not exist; did you mean 'lamp'?"
    )


def whole(at: Conversation, text: str, **settings: str) -> str:
    (reply,) = ready((Canned(id="a", title="A", text=text),), at, lamp(), settings, "Max")
    return reply.text


def test_blanks_are_filled_and_what_a_customer_is_called_is_never_a_blank() -> None:
    walk = Walk()
    walk.start(text="lamp is dark")
    at = walk.at.model_copy(update={"name": "{agent}", "ticket": 12, "team": "maker"})
    every = " | ".join(f"{{{blank}}}" for blank in BLANKS)
    said = whole(at, every, PRODUCT_NAME="Lamps")
    assert said == "{agent} | Max | #12 | the lamp maker | The lamp stays dark | Plug it in | Lamps"


def test_without_a_name_or_a_ticket_the_sentence_still_reads_well() -> None:
    walk = Walk()
    walk.start(text="lamp is dark")
    assert (
        whole(walk.at, "Hello {contact}, your ticket {ticket} is here.")
        == "Hello there, your ticket is here."
    )


def test_a_reply_for_other_flows_is_not_offered() -> None:
    walk = Walk()
    walk.start(text="lamp is dark")
    kept = (
        Canned(id="a", title="A", text="b", flows=("fire",)),
        Canned(id="c", title="C", text="d", flows=("lamp",)),
    )
    assert [reply.id for reply in ready(kept, walk.at, lamp(), {}, "Max")] == ["c"]


def test_a_line_that_is_its_id_means_the_reply_and_nothing_else_does() -> None:
    kept = {"thanks": "Thank you."}
    assert meant("!thanks", kept) == Meant(kind="canned", text="thanks")
    assert meant("!thanks a lot", kept) == Meant(kind="reply", text="thanks a lot")
    assert meant("! thanks", kept) == Meant(kind="reply", text="thanks")
    assert meant("thanks", kept).kind == "note"
    assert meant("!thanks").kind == "reply"
    assert [word for word in ("close", "claim", "help", "r", "thanks") if is_order(word)] == [
        "close",
        "claim",
        "help",
        "r",
    ]


def test_those_that_come_with_the_product_have_no_mistakes_and_leave_no_blank() -> None:
    walk = Walk()
    walk.start(text="lamp is dark")
    data = (Path(__file__).parents[2] / "flows" / "library" / "replies.yaml").read_bytes()
    read = read_replies(data, "replies.yaml")
    assert read.findings == ()
    said = [reply.text for reply in ready(read.replies, walk.at, lamp(), {}, "Max")]
    assert len(said) == len(read.replies) > 0
    assert not any("{" in text or "  " in text for text in said)
