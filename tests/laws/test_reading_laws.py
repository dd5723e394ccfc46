"""Tests the law that no words answer a prompt written after them, whatever is delayed or overtaken."""

from collections import deque
from typing import Any, Final

import hypothesis.strategies as st
from hypothesis import given

from flows.conversation import Conversation
from flows.effects import Change
from flows.events import Answered, Back, Event, Reopened, Restarted, Said
from flows.screen_answers import READING_MS, turn_read
from tests.fakes.flows import Walk

SENTENCES: Final = (
    "works now",
    "nope",
    "still not working",
    "blank",
    "whole",
    "broken",
    "go back",
    "start over",
)
ANSWERS: Final = (Answered, Back, Restarted, Reopened)


class Talk:
    """A customer who writes while prompts are on their way to them, by one platform's clock.

    Words are `written`, then looked at (`read`) and recorded (`heard`), each at a time of its own.
    """

    def __init__(self) -> None:
        self.walk = Walk()
        self.walk.start()
        self.now = 1_000_000
        self.shown: dict[int, int] = {}
        self.written: deque[tuple[str, int]] = deque()
        self.read: deque[tuple[str, int, int]] = deque()
        self.answers: list[tuple[Conversation, int]] = []

    def passes(self, milliseconds: int) -> None:
        self.now += milliseconds

    def shows(self) -> None:
        """Let the live prompt arrive, unless it is there."""
        if self.walk.at.prompt_effect:
            self.shown.setdefault(self.walk.at.turn, self.now)

    def writes(self, text: str) -> None:
        self.written.append((text, self.now))

    def reads(self) -> None:
        """Look at the oldest words, as an adapter does before it hands them on."""
        if self.written:
            text, at = self.written.popleft()
            turn = turn_read(self.walk.at, at, self.shown.get(self.walk.at.turn, 0))
            self.read.append((text, at, turn))

    def hears(self) -> None:
        """Record the oldest words that were looked at."""
        if self.read:
            text, written, turn = self.read.popleft()
            self._does(Said(text=text, turn=turn), written)

    def presses(self) -> None:
        """Press a button of the live prompt, which leads on at once."""
        self._does(Answered(turn=self.walk.at.turn, choice="still-failing"), 0)

    def _does(self, event: Event, written: int) -> None:
        before = self.walk.at
        verdict = self.walk.try_(event)
        if not isinstance(verdict, Change):
            return
        self.walk.do(event)
        if isinstance(event, Said) and isinstance(verdict.event, ANSWERS):
            self.answers.append((before, written))


moves = st.lists(
    st.one_of(
        st.tuples(st.just("passes"), st.integers(1, 2 * READING_MS)),
        st.tuples(st.just("writes"), st.sampled_from(SENTENCES)),
        st.tuples(st.sampled_from(("shows", "reads", "hears", "presses"))),
    ),
    max_size=40,
)


@given(moves)
def test_no_words_answer_a_prompt_that_could_not_be_read_before_them(
    given_moves: list[tuple[Any, ...]],
) -> None:
    talk = Talk()
    for name, *rest in given_moves:
        getattr(talk, name)(*rest)
    for answered, written in talk.answers:
        assert answered.turn in talk.shown, "the prompt was not there when the words were recorded"
        assert written - talk.shown[answered.turn] >= READING_MS


@given(st.lists(st.sampled_from(SENTENCES), max_size=8), st.integers(READING_MS, 10 * READING_MS))
def test_words_of_people_who_read_first_all_count(texts: list[str], pause: int) -> None:
    talk, plain = Talk(), Walk()
    plain.start()
    for text in texts:
        talk.shows()
        talk.passes(pause)
        talk.writes(text)
        talk.reads()
        talk.hears()
        plain.do(Said(text=text, turn=plain.at.turn))
        assert (talk.walk.at.step, talk.walk.at.status) == (plain.at.step, plain.at.status)


@given(st.integers(0, 3 * READING_MS), st.booleans(), st.booleans())
def test_the_turn_is_the_live_one_if_its_prompt_could_be_read_or_nothing_is_asked(
    after: int, arrived: bool, asks: bool
) -> None:
    at = Conversation(id="07walk", turn=7, prompt_effect="ask" if asks else "")
    turn = turn_read(at, 1_000_000 + after, 1_000_000 if arrived else 0)
    assert turn == (7 if not asks or (arrived and after >= READING_MS) else 6)
