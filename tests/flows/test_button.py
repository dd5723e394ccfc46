"""Tests that a button's token is read back as written, and that untrusted text is not a token."""

from hypothesis import given
from hypothesis import strategies as st

from flows.button import BUILT_IN, LONGEST, Button
from flows.events import Answered, Back, Escalated, Napped

CONVERSATION = "07abcdefghij234567"


@given(turn=st.integers(0, 36**8 - 1), choice=st.from_regex(r"[a-z0-9](-?[a-z0-9]){0,11}", fullmatch=True))
def test_an_answer_comes_back_as_it_was(turn: int, choice: str) -> None:
    button = Button(conversation=CONVERSATION, turn=turn, choice=choice)
    assert Button.parse(str(button)) == button
    assert len(str(button)) <= LONGEST


@given(turn=st.integers(0, 36**8 - 1), name=st.sampled_from(sorted(BUILT_IN)))
def test_what_stands_beside_the_answers_comes_back_as_it_was(turn: int, name: str) -> None:
    button = Button.model_validate({"conversation": CONVERSATION, "turn": turn, "built_in": name})
    assert Button.parse(str(button)) == button


@given(st.one_of(st.text(), st.from_regex(r"[0-9]{2}[a-z2-7]{16}:.*:.*", fullmatch=True)))
def test_whatever_a_stranger_sends_is_a_button_or_nothing(text: str) -> None:
    button = Button.parse(text)
    assert button is None or Button.parse(str(button)) == button


def test_a_choice_called_like_a_built_in_stays_a_choice() -> None:
    button = Button(conversation=CONVERSATION, turn=3, choice="back")
    assert Button.parse(str(button)) == button
    assert isinstance(button.event("slack:T:U", "k"), Answered)


def test_a_button_says_what_happened() -> None:
    def pressed(name: str) -> object:
        button = Button.model_validate({"conversation": CONVERSATION, "turn": 3, "built_in": name})
        return button.event("slack:T:U", "k")

    assert pressed("back") == Back(conversation=CONVERSATION, turn=3, actor="slack:T:U", key="k")
    assert pressed("person") == Escalated(conversation=CONVERSATION, actor="slack:T:U", key="k")
    assert pressed("tomorrow") == Napped(
        conversation=CONVERSATION, until="tomorrow", actor="slack:T:U", key="k"
    )
    assert pressed("later") is None


def test_a_text_without_end_is_no_button() -> None:
    assert Button.parse(f"{CONVERSATION}:1:" + "a" * 5000) is None
