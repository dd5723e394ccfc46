"""Tests how forwarded text is quoted, and that quoted words may name a problem but never answer."""

import pytest

from flows.text.markup.typed_words import forwarded_words, lines
from flows.text.markup.words import plain
from flows.text.quotation import own_words, without_marks
from flows.text.starts import recognise
from flows.text.understanding import understand
from tests.fakes.flows import lamp

CHOICES = [("fixed", "Fixed it"), ("still-failing", "Still failing"), ("broken", "It's broken")]


def forwarded(text: str, name: str = "") -> str:
    return plain((forwarded_words(lines(text), name),))


def with_quotations(own: str, quotations: list[str]) -> str:
    return "\n\n".join(filter(None, (own, *quotations)))


def test_a_forwarded_text_is_quoted_under_its_authors_name() -> None:
    assert forwarded("QBWC1085\n\nsee log", "Ana  Li") == "> Forwarded from Ana Li:\n> QBWC1085\n>\n> see log"
    assert forwarded("QBWC1085") == "> Forwarded:\n> QBWC1085"
    assert forwarded("") == "> Forwarded:"


def test_own_words_and_quoted_words_are_told_apart() -> None:
    text = with_quotations("still failing", [forwarded("it works now\n> nested", "Ana")])
    assert text == "still failing\n\n> Forwarded from Ana:\n> it works now\n> > nested"
    assert own_words(text) == "still failing"
    assert without_marks(text) == "still failing\n\nit works now\nnested"
    assert own_words("a > b\n-> c") == "a > b\n-> c"
    assert without_marks("Forwarded from Ana:") == "Forwarded from Ana:"


@pytest.mark.parametrize("text", ["it works now", "still failing", "It's broken", "human please", "back"])
def test_a_quotation_is_never_an_answer(text: str) -> None:
    assert understand(CHOICES, text) is not None
    for name in ("Ana", "it works now", ""):
        assert understand(CHOICES, forwarded(text, name)) is None
    assert understand(CHOICES, f"> {text}") is None
    assert understand([("reopen", "It's happening again")], forwarded(text, "Ana")) is None


def test_words_beside_a_quotation_never_take_their_meaning_from_it() -> None:
    text = with_quotations("still failing", [forwarded("it works now", "Ana")])
    assert understand(CHOICES, text) in (None, "still-failing")


@pytest.mark.parametrize("comment", ["", "from a colleague"])
def test_an_error_text_is_found_in_a_quotation_even_across_its_lines(comment: str) -> None:
    text = with_quotations(comment, [forwarded("since noon the\nlamp is\ndark", "Ana")])
    found = recognise([lamp()], text)
    assert found is not None
    assert found.flow == "lamp"


def test_a_title_is_found_in_a_quotation() -> None:
    found = recognise([lamp()], forwarded("The lamp stays dark", "Ana"))
    assert found is not None
    assert found.flow == "lamp"
