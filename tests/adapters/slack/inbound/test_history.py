"""Tests what Slack's history says about a question: whether it still waits, and what its author asked."""

from typing import Any

import pytest

from adapters.slack.inbound.history import asked, waits
from flows.text.markup.typed_words import TypedWords

Json = dict[str, Any]

ROOT: Json = {"user": "U3", "ts": "1700000000.000100", "text": "our invoices look odd"}
OWN: Json = {"user": "U3", "ts": "1700000060.000100", "text": "anybody?", "thread_ts": ROOT["ts"]}
ANSWER = OWN | {"user": "U2", "ts": "1700000070.000100"}


@pytest.mark.parametrize(
    ("thread", "still"),
    [
        ([ROOT], True),
        ([ROOT, OWN], True),
        ([ROOT, OWN, ANSWER], False),
        ([ROOT | {"reactions": [{"name": "eyes", "users": ["U2"]}]}], False),
        ([ROOT | {"reactions": [{"name": "pray", "users": ["U3"]}]}], True),
        ([ROOT | {"subtype": "tombstone", "user": "USLACKBOT"}], False),
        ([ROOT | {"text": " "}], False),
        ([ROOT | {"text": "", "files": [{"id": "F1"}]}], True),
        ([ROOT | {"user": "U9"}], False),
        ([], False),
    ],
)
def test_a_question_waits_until_someone_else_replies_or_reacts_or_it_is_gone(
    thread: list[Json], still: bool
) -> None:
    assert waits(thread, "U3") is still


def test_a_question_is_what_its_author_wrote_within_ten_minutes() -> None:
    later = ROOT | {"ts": "1700000601.000100", "text": "and another thing"}
    picture = ROOT | {"ts": "1700000030.000100", "text": "", "files": [{"id": "F1", "name": "odd.png"}]}
    told = [later, ANSWER, OWN, picture, ROOT, ROOT]
    words, files = asked(told, "U3", ROOT["ts"], "T1")
    assert words.text == "our invoices look odd\n\nanybody?"
    assert [(file.id, file.name) for file in files] == [("F1", "odd.png")]
    assert asked([], "U3", ROOT["ts"], "T1") == (TypedWords(""), ())
