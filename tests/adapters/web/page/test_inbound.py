"""Tests that forms become events whose keys count a double click once."""

import pytest

from adapters.web.inbound import TEXT_LIMIT, BadRequest, clean, event_of_form, start_of_form
from flows.events import (
    Answered,
    Back,
    Detailed,
    Escalated,
    Napped,
    Rated,
    Reopened,
    Restarted,
    Said,
    Withdrawn,
)

FORM = {"key": "abc123", "turn": "3"}


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        ({"do": "answered:fixed"}, Answered(turn=3, choice="fixed")),
        ({"do": "said", "text": " it says\r\n1604 "}, Said(turn=3, text="it says\n1604")),
        ({"do": "back"}, Back(turn=3)),
        ({"do": "restart"}, Restarted(turn=3)),
        ({"do": "escalate"}, Escalated()),
        ({"do": "later:computer"}, Napped(until="computer")),
        ({"do": "details:hosted"}, Detailed(reason="hosted")),
        ({"do": "details", "text": "x", "reach": "a@b\nc"}, Detailed(text="x", reach="a@b c")),
        ({"do": "reopen"}, Reopened()),
        ({"do": "rated:4", "text": " quick "}, Rated(score=4, text="quick")),
        ({"do": "withdraw"}, Withdrawn()),
    ],
    ids=str,
)
def test_a_button_is_the_event_it_stands_for(fields: dict[str, str], event: Answered) -> None:
    made = event_of_form(FORM | fields, "07c", "web:ana")
    assert (made.conversation, made.actor) == ("07c", "web:ana")
    assert made.model_copy(update={"key": "", "conversation": "", "actor": ""}) == event


def test_the_same_press_has_the_same_key_and_another_press_another() -> None:
    def key(**fields: str) -> str:
        return event_of_form(FORM | fields, "07c", "web:ana").key

    assert key(do="answered:fixed") == key(do="answered:fixed")
    assert key(do="answered:fixed") != key(do="answered:still-failing")
    assert key(do="said", text="a") != key(do="said", text="b"), (
        "what was mended after a lost answer is said as well"
    )
    assert key(do="back") != key(do="back", key="another")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"do": "joined"},
        {"do": "said", "text": "\x00\x07\ufeff"},
        {"do": "later:never"},
        {"do": "details:made-up"},
        {"do": "details"},
        {"do": "back", "turn": "x"},
        {"do": "back", "turn": "٣"},
        {"do": "back", "key": ""},
        {"do": "back", "key": "a b"},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_said(fields: dict[str, str]) -> None:
    with pytest.raises(BadRequest, match=r"\.$"):
        event_of_form(FORM | fields, "07c", "web:ana")


def test_words_lose_what_nobody_can_see_and_keep_their_lines() -> None:
    assert clean("a\x00b\r\nc\rd\te\x1b[31m\u2028") == "ab\nc\nd\te[31m"


def test_a_long_text_is_read_as_a_whole_and_one_over_the_limit_is_refused_by_name() -> None:
    event = event_of_form(FORM | {"do": "said", "text": "x" * TEXT_LIMIT}, "07c", "web:ana")
    assert isinstance(event, Said)
    assert len(event.text) == TEXT_LIMIT
    for do in ("said", "details"):
        with pytest.raises(BadRequest, match="more than 40,000 characters"):
            event_of_form(FORM | {"do": do, "text": "x" * (TEXT_LIMIT + 1)}, "07c", "web:ana")
    with pytest.raises(BadRequest, match="more than 40,000 characters"):
        start_of_form(FORM | {"do": "text", "text": "x" * (TEXT_LIMIT + 1)}, "ana", "web:ana")


def test_a_visitor_has_a_door_for_each_flow_and_one_for_none() -> None:
    flow = start_of_form(FORM | {"do": "flow:lamp", "text": "not sent"}, "ana", "web:ana")
    assert (flow.door, flow.flow, flow.text, flow.address) == ("web/ana/lamp", "lamp", "", "web||||ana")
    text = start_of_form(FORM | {"do": "text", "text": "dark"}, "ana", "web:ana")
    assert (text.door, text.flow, text.text) == ("web/ana/", "", "dark")
    person = start_of_form(FORM | {"do": "person", "text": "half a sentence"}, "ana", "web:ana")
    assert (person.door, person.flow, person.text) == ("web/ana/", "", "")
    for do in ("", "text", "explode"):
        with pytest.raises(BadRequest):
            start_of_form(FORM | {"do": do}, "ana", "web:ana")
