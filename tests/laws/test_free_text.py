"""Tests the laws of free text: an answer needs a button or a plain sentence, and the journal needs no encoder.

A likeness may say anything here: no score, however high, may act.
"""

import hypothesis.strategies as st
from hypothesis import given

from adapters.storage.records.journal.before import Before
from adapters.storage.records.journal.rows import row, unrow
from flows.conversation import Conversation, Status
from flows.effects import Change
from flows.engine import advance
from flows.events import (
    Answered,
    Back,
    Dismissed,
    Escalated,
    Event,
    Likeness,
    Reacted,
    Reopened,
    Restarted,
    Said,
    Started,
)
from flows.screen_answers import screen_answers
from tests.fakes.flows import Walk

MEANINGS = (
    "fixed",
    "still-failing",
    "cant-find",
    "person",
    "back",
    "restart",
    "later",
    "again",
    "yes",
    "no",
    "none",
)
SENTENCES = (
    "works now",
    "nope",
    "still not working",
    "seems alright to me",
    "human please",
    "blank",
    "whole",
    "yes",
    "no",
    "my cat sleeps under it",
    "go back",
    "is it fixed when the light is green?",
    "lamp is dark since May",
)

scores = st.integers(-200, 1000)
likenesses = st.builds(
    Likeness,
    meanings=st.lists(st.tuples(st.sampled_from(MEANINGS), scores), max_size=6).map(tuple),
    answers=st.lists(st.tuples(st.sampled_from(("whole", "broken", "none")), scores), max_size=3).map(tuple),
    flows=st.lists(st.tuples(st.sampled_from(("lamp", "fire", "none")), scores), max_size=3).map(tuple),
)
presses = st.one_of(
    st.builds(
        Answered, turn=st.just(0), choice=st.sampled_from(("fixed", "still-failing", "whole", "broken"))
    ),
    st.just(Dismissed()),
    st.builds(Reacted, sign=st.sampled_from(("✅", "👍", "❌", "🎉")), taken_back=st.booleans()),
    st.just(Escalated()),
    st.just(Back()),
    st.just(Restarted()),
    st.just(Reopened()),
)
words = st.builds(
    Said,
    text=st.sampled_from(SENTENCES),
    likeness=st.one_of(st.none(), likenesses),
    turn=st.one_of(st.none(), st.integers(0, 1)),
)
openings = st.builds(
    Started,
    door=st.just("web/ana"),
    address=st.just("web||||ana"),
    flow=st.sampled_from(("", "lamp")),
    text=st.sampled_from(("", *SENTENCES)),
    likeness=st.one_of(st.none(), likenesses),
)


def _for_now(event: Event, walk: Walk) -> Event:
    """Return the event with a turn of the conversation: presses the present one, words that one or the one before."""
    if isinstance(event, Said):
        return event.model_copy(update={"turn": None if event.turn is None else walk.at.turn - event.turn})
    return event.model_copy(update={"turn": walk.at.turn}) if hasattr(event, "turn") else event


def _walked(opening: Started, events: list[Event]) -> list[tuple[Conversation, Walk, Event, Change]]:
    walk, found = Walk(), []
    walk.do(opening)
    for event in events:
        asked = _for_now(event, walk)
        before = walk.at
        verdict = walk.try_(asked)
        if isinstance(verdict, Change):
            walk.do(asked)
            found.append((before, walk, asked, walk.rows[-1]))
    return found


@given(openings, st.lists(st.one_of(words, presses), max_size=12))
def test_words_answer_only_if_they_are_plain(opening: Started, events: list[Event]) -> None:
    for before, walk, asked, change in _walked(opening, events):
        if not isinstance(asked, Said) or isinstance(change.event, Said | Dismissed):
            continue
        flow = next(flow for flow in walk.shelf.by_id.values() if flow.revision == before.revision)
        plainly = screen_answers(flow, before).plain(asked.text) is not None
        confirms = bool(before.suggested) and asked.text == "yes"
        assert plainly or confirms, (asked.text, change.event)


@given(openings, st.lists(st.one_of(words, presses), max_size=12))
def test_words_written_before_a_prompt_answer_no_later_one(opening: Started, events: list[Event]) -> None:
    for before, _, asked, change in _walked(opening, events):
        late = isinstance(asked, Said) and asked.turn is not None and asked.turn < before.turn
        if late and before.flow != "picker":
            assert not isinstance(change.event, Answered | Back | Restarted | Reopened)
            assert change.set.get("status") in (None, Status.WAITING.value)


@given(openings, st.lists(st.one_of(words, presses), max_size=12))
def test_what_the_journal_keeps_decides_the_same_again_without_an_encoder(
    opening: Started, events: list[Event]
) -> None:
    for before, walk, asked, change in _walked(opening, events):
        again = _kept(change, before, asked)
        flow = next(flow for flow in walk.shelf.by_id.values() if flow.revision == before.revision)
        verdict = advance(flow, before, again, walk.shelf)
        assert isinstance(verdict, Change)
        assert (verdict.set, verdict.effects) == (change.set, change.effects)


def _kept(change: Change, before: Conversation, asked: Event) -> Event:
    """Return the change's event as it comes back from the journal, with its words from beside it."""
    so_far = Before(before.version, before.changed_at, before.contact, before.turn, before.step)
    stored = unrow(f"[0,{row(change, so_far)}]", so_far).event
    text = {"text": asked.text} if isinstance(stored, Said) and isinstance(asked, Said) else {}
    return stored.model_copy(update={"key": change.event.key, **text})
