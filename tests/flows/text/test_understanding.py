"""Tests what is understood of free text, on a table of what people really type, and what never must be."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.text import sentence
from flows.text.phrases import PHRASES
from flows.text.understanding import understand
from flows.text.utterances import NEGATIONS

Screen = tuple[tuple[str, str], ...]

TRY: Final[Screen] = (("fixed", "Fixed it"), ("still-failing", "Still failing"))
RESET: Final[Screen] = (*TRY, ("removed", "I removed it but can't finish the setup guide"))
LOOK: Final[Screen] = (
    ("blank", "Blank"),
    ("has-a-value", "Has a value"),
    ("cant-find", "I can't find this"),
)
GUIDE: Final[Screen] = (
    ("have-it", "I have it"),
    ("dont-have-it", "I don't have it"),
    ("cant-find", "I can't find this"),
)
PASSWORD: Final[Screen] = (("dots", "Dots"), ("empty", "Empty"), ("cant-find", "I can't find this"))
YES_NO: Final[Screen] = (("yes", "Yes"), ("no", "No"), ("cant-find", "I can't find this"))
WAITING: Final[Screen] = (("fixed", "It works now"),)
ENDED: Final[Screen] = (("reopen", PHRASES["reopen"]),)
PICKER: Final[Screen] = (
    ("connection-not-active", "QuickBooks Desktop connection is not active"),
    ("printer-offline", "Printer shows as offline"),
    ("something-else", "Something else"),
)

TABLE: Final = Path(__file__).with_name("phrasings.txt")
SCREENS: Final = {
    "TRY": TRY,
    "RESET": RESET,
    "LOOK": LOOK,
    "GUIDE": GUIDE,
    "PASSWORD": PASSWORD,
    "YES_NO": YES_NO,
    "WAITING": WAITING,
    "ENDED": ENDED,
    "PICKER": PICKER,
}


def rows() -> list[tuple[str, str | None, str]]:
    """Screen, what is meant (None for what is not plain) and what was typed."""
    found = []
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            screen, meant, text = (part.strip() for part in line.split("|", 2))
            found.append((screen, None if meant == "-" else meant, text))
    return found


@pytest.mark.parametrize(("screen", "meant", "text"), rows())
def test_a_phrasing_is_understood_as_the_table_says(screen: str, meant: str | None, text: str) -> None:
    assert understand(SCREENS[screen], text) == meant


def test_the_table_is_large_and_no_text_resolves_by_mistake() -> None:
    table = rows()
    heard = [(meant, understand(SCREENS[screen], text)) for screen, meant, text in table]
    said = [pair for pair in heard if pair[1] is not None]
    right = sum(meant == got for meant, got in said)
    plain = sum(meant is not None for meant, _ in heard)
    assert len(table) >= 300
    assert [
        text for (meant, got), (_, _, text) in zip(heard, table, strict=True) if got == "fixed" != meant
    ] == []
    assert right / len(said) == 1.0, "precision"
    assert right / plain == 1.0, "recall"
    assert plain >= 150
    assert len(table) - plain >= 120


words = st.text(alphabet="abcdefghijklmnopqrstuvwxyz'", min_size=1, max_size=8)
affirming = st.sampled_from(
    [
        "it works now",
        "fixed",
        "its working again",
        "solved",
        "all good now",
        "that did it",
        "worked",
        "the sync went through",
    ]
)
denying = st.sampled_from(
    [
        *sorted(NEGATIONS),
        "doesn't",
        "DIDN'T",
        "isnt",
        "can\u2019t",
        "wont",
        "cannot",
        "don't",
        "n't",
        "hasn\u2019t",
        "not",
    ]
)


@given(affirming, denying, st.integers(0, 6))
def test_nothing_with_a_negation_in_it_is_ever_taken_for_fixed(said: str, denial: str, where: int) -> None:
    parts = said.split()
    parts.insert(min(where, len(parts)), denial)
    for screen in (TRY, RESET, WAITING):
        assert understand(screen, " ".join(parts)) != "fixed"


doubting = st.sampled_from(
    [
        "if",
        "when",
        "maybe",
        "almost",
        "partly",
        "yesterday",
        "but",
        "until",
        "should",
        "think",
        "sometimes",
        "unless",
        "?",
    ]
)


@given(affirming, doubting, st.integers(0, 6))
def test_nothing_with_a_doubt_in_it_is_ever_taken_for_fixed(said: str, doubt: str, where: int) -> None:
    parts = said.split()
    parts.insert(min(where, len(parts)), doubt)
    assert understand(TRY, " ".join(parts)) != "fixed"


@given(affirming, words, st.integers(0, 6))
def test_a_word_that_is_no_phrase_of_ours_keeps_a_text_from_being_fixed(
    said: str, word: str, where: int
) -> None:
    parts = said.split()
    parts.insert(min(where, len(parts)), f"zq{word}")
    assert understand(TRY, " ".join(parts)) != "fixed"


@given(st.text(max_size=300))
def test_any_text_at_all_is_answered_without_an_error(text: str) -> None:
    for screen in SCREENS.values():
        offered = {choice for choice, _ in screen}
        assert understand(screen, text) in offered | {"back", "restart", "person", "later", None}


@given(st.sampled_from([text for _, _, text in rows()]), st.sampled_from(sorted(SCREENS)))
def test_only_what_is_on_the_screen_is_ever_answered(text: str, screen: str) -> None:
    offered = {choice for choice, _ in SCREENS[screen]}
    heard = understand(SCREENS[screen], text)
    assert heard is None or heard in offered | {"back", "restart", "person", "later"}


def test_two_labels_that_a_text_fits_equally_leave_it_unanswered() -> None:
    lights = (("left", "The left light blinks"), ("right", "The right light blinks"))
    assert understand(lights, "light blinks") is None
    assert understand(lights, "the left lihgt blinks") == "left"


def test_a_very_long_text_is_not_read_word_by_word() -> None:
    assert understand(TRY, "works now " * 50_000) is None


@pytest.mark.parametrize(
    "typed", ["words now", "filed it", "mixed", "worms now", "fixes", "solve", "fixer", "worked out"]
)
def test_another_word_is_not_mended_into_fixed(typed: str) -> None:
    assert understand(TRY, typed) is None


@pytest.mark.parametrize(
    "typed", ["nto working", "its nto fixed", "ti works", "fixt it", "now wroks nto", "wks"]
)
def test_a_short_word_is_not_mended_at_all(typed: str) -> None:
    assert sentence.SHORTEST_MENDED == 5
    assert understand(TRY, typed) is None
