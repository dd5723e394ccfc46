"""Tests what the bot understands of the sentences that no threshold was chosen on, with the real encoder."""

from collections.abc import Iterator
from itertools import groupby

import pytest

from bot.wiring.labeled_examples import labeled_examples
from tests.bench.hearing import DEVELOPMENT, HELD_OUT, NOTHING, Figures, measure, rows


def _languages() -> Iterator[tuple[str, int]]:
    def language(row: object) -> str:
        return str(getattr(row, "language", ""))

    for name, group in groupby(sorted(rows(HELD_OUT), key=language), key=language):
        yield name, len(list(group))


def test_the_sentences_are_many_and_in_six_languages() -> None:
    every = rows(HELD_OUT)
    assert len(every) >= 400
    assert sum(row.meaning == NOTHING for row in every) >= 150
    assert {name for name, count in _languages() if count >= 30} == {"de", "en", "es", "fr", "ja", "pt"}


def test_no_example_is_a_sentence_to_measure_on() -> None:
    examples = {example.text.casefold() for example in labeled_examples()}
    assert {row.text.casefold() for path in (HELD_OUT, DEVELOPMENT) for row in rows(path)} & examples == set()


@pytest.mark.timeout(180)
def test_most_is_understood_or_asked_about_and_nothing_is_acted_on_wrongly() -> None:
    heard = measure(HELD_OUT, encoder=True)
    assert [(one.row.screen, one.row.text, one.did) for one in heard if one.acted_wrongly] == []
    figures = Figures.of(heard)
    assert figures.right >= 0.75 * figures.mean_something
    assert figures.asked_wrongly <= 0.05 * figures.mean_nothing
    starts = Figures.of(one for one in heard if one.row.screen == "start")
    assert starts.right >= 0.85 * starts.mean_something
