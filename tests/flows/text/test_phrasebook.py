"""Tests sentences by id: their blanks, and the plural form for a number."""

import pytest

from flows.text.phrasebook import Phrasebook, Plural

BOOK = Phrasebook({"tried": Plural("{count} step", "{count} steps"), "hello": "Hello {who}"})


def test_the_count_chooses_the_form() -> None:
    assert [BOOK.say("tried", count=count) for count in (0, 1, 2)] == ["0 steps", "1 step", "2 steps"]


def test_another_language_has_its_own_forms() -> None:
    polish = Phrasebook(
        {"tried": Plural(one="{count} krok", few="{count} kroki", other="{count} kroków")}, "pl"
    )
    assert [polish.say("tried", count=count) for count in (1, 3, 5)] == ["1 krok", "3 kroki", "5 kroków"]


def test_blanks_are_filled() -> None:
    assert BOOK.say("hello", who="Ann") == "Hello Ann"


def test_a_sentence_with_forms_is_not_read_without_a_number() -> None:
    with pytest.raises(KeyError, match="plural"):
        BOOK["tried"]
