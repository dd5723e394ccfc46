"""Tests that a drawing is remembered for the very same value, and as long as that is."""

from dataclasses import dataclass

from adapters.web.page.memo import Memo


@dataclass(frozen=True)
class Said:
    text: str


def test_the_same_value_is_drawn_once_and_an_equal_one_again() -> None:
    drawings: list[str] = []

    def draw(said: Said) -> str:
        drawings.append(said.text)
        return said.text.upper()

    memo: Memo[Said, str] = Memo()
    first, equal = Said("hello"), Said("hello")
    assert [memo.of(first, draw), memo.of(first, draw), memo.of(equal, draw)] == ["HELLO"] * 3
    assert drawings == ["hello", "hello"]


def test_a_drawing_goes_with_its_value() -> None:
    memo: Memo[Said, str] = Memo()
    said = Said("a secret")
    memo.of(said, lambda said: said.text)
    assert len(memo) == 1
    del said
    assert len(memo) == 0
