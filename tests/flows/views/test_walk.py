"""Tests that what is drawn on with a journal is what is drawn of it from nothing, whatever happens in between."""

from collections.abc import Sequence
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings

from flows.acts import Claimed, HandedBack, Noted, Replied
from flows.effects import Change
from flows.events import Answered, Back, Detailed, Edited, Escalated, Event, Joined, Restarted, Said, Spoken
from flows.text.markup.words import plain
from flows.views.answered_steps import answered_steps
from flows.views.dossier import Dossier, dossier
from flows.views.screen import Screen, screen
from flows.views.walk import Walk
from tests.fakes import flows as fakes

MAX = "desk:max"
EVENTS = st.sampled_from(
    [
        Answered(choice="still-failing"),
        Answered(choice="whole"),
        Answered(choice="fixed"),
        Back(),
        Restarted(),
        Said(text="it hums"),
        Said(text="late", turn=1),
        Escalated(),
        Detailed(text="since May", reach="ana@example.com"),
        Joined(actor="web:ben", name="Ben"),
        Claimed(actor=MAX, name="Max"),
        Claimed(actor=MAX, name="Maximilian"),
        Replied(actor=MAX, name="Max", text="Hello"),
        Noted(actor=MAX, name="Max", text="They are in a hurry"),
        HandedBack(actor=MAX, name="Max", step="plug", done=("plug",)),
        Edited(text="it hums loudly"),
        Edited(),
    ]
)
TEXTS = st.sampled_from(["", "it hums", "**bold**", "nope"])


class Twice:
    """Draws each state of a conversation twice: from nothing, and with the walk of the states before."""

    def __init__(self) -> None:
        self.conversation = fakes.Walk()
        self.flows = {flow.revision: flow for flow in self.conversation.shelf.by_id.values()}
        self.words: dict[int, Spoken] = {}
        self.conversation.start(text="dark")
        self.walk = Walk(self.conversation.at.id)

    def do(self, event: Event) -> None:
        """Do what the engine allows, with the words beside it."""
        if isinstance(event, Answered | Back | Said):
            turn = self.conversation.at.turn if getattr(event, "turn", None) is None else event.turn
            event = event.model_copy(update={"turn": turn})
        if isinstance(event, Edited):
            event = event.model_copy(update={"version": max(self.words, default=1), "was": "said"})
        if isinstance(self.conversation.try_(event), Change):
            self.conversation.do(event)
            if text := getattr(event, "text", ""):
                self.words[self.conversation.at.version] = Spoken(text=text)

    def drawn(self, rows: Sequence[Change], walk: Walk | None = None) -> tuple[Any, Dossier]:
        at, words, known = self.conversation.at, self.words, self.flows
        seen = screen(at, rows, words, known, {}, walk)
        return seen, dossier(at, rows, words, known, {}, walk)

    def check(self) -> None:
        assert self.drawn(self.conversation.rows, self.walk) == self.drawn(self.conversation.rows)
        assert len(self.walk) == len(self.conversation.rows)
        at, rows = self.conversation.at, self.conversation.rows
        found = [(each.title, each.answer) for each in answered_steps(at, rows, self.flows, {})]
        assert found == answered_on(screen(at, rows, {}, self.flows, {}))


def answered_on(screen: Screen) -> list[tuple[str, str]]:
    """Return the titles of a screen's steps with their answers."""
    title, found = "", []
    for message in screen.messages:
        if message.kind == "step":
            title = plain(message.words)
        elif message.answers_step and title:
            found.append((title, plain(message.words)))
    return found


@settings(max_examples=150, deadline=None)
@given(
    moves=st.lists(
        EVENTS
        | st.tuples(st.just("words"), st.integers(1, 20), TEXTS)
        | st.sampled_from(["read again", "erased", "earlier"]),
        max_size=14,
    )
)
def test_a_grown_drawing_is_the_drawing_from_nothing(moves: list[Any]) -> None:
    twice = Twice()
    for move in moves:
        match move:
            case "read again":
                twice.conversation.rows = [row.model_copy() for row in twice.conversation.rows]
            case "erased":
                twice.conversation.rows = [without_names(row) for row in twice.conversation.rows]
            case "earlier":
                first = twice.conversation.rows[:1]
                assert twice.drawn(first, twice.walk) == twice.drawn(first)
            case ("words", version, text):
                twice.words[version] = Spoken(text=text)
            case _:
                twice.do(move)
        twice.check()


def without_names(row: Change) -> Change:
    """Return a row as it reads when its author was erased."""
    if not getattr(row.event, "name", ""):
        return row
    return row.model_copy(update={"event": row.event.model_copy(update={"name": ""})})


def test_what_was_drawn_is_not_drawn_again() -> None:
    twice = Twice()
    twice.do(Answered(choice="still-failing"))
    first = twice.drawn(twice.conversation.rows, twice.walk)[0].messages
    twice.do(Said(text="it hums"))
    later = twice.drawn(twice.conversation.rows, twice.walk)[0].messages
    assert [message is known for message, known in zip(later, first, strict=False)] == [True] * len(first)
    assert len(later) > len(first)
