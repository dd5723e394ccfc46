"""Decides from a text's likeness what it likely means, which the bot then asks: a guess is never acted upon.

The thresholds were chosen on `tests/flows/text/development.txt` and on the labeled examples themselves, each left out
in turn; `python -m tests.bench.hearing` measures them on sentences that they were not chosen on.
"""

from collections.abc import Iterable
from typing import Final

from flows.event_parts import Likeness
from flows.flow import CANT_FIND, STILL_FAILING
from flows.text.sentence import unwrapped
from flows.text.understanding import REOPEN
from flows.values import Frozen

NONE: Final = "none"
"""The meaning of examples that mean no answer."""

HEARD: Final = 300
"""Characters of a text that an encoder hears; of a longer text the head and the tail."""

MEANING_LIKE: Final = 300
MEANING_APART: Final = 200
ANSWER_LIKE: Final = 550
ANSWER_APART: Final = 60
FLOW_LIKE: Final = 450
FLOW_APART: Final = 80
MOST_FLOWS: Final = 3


class Example(Frozen):
    """A sentence that a customer could type, and what it means."""

    meaning: str
    language: str
    text: str


class Offered(Frozen):
    """The ids of the answers on screen; `asks` and `ticket` as in `flows.hearing.OnScreen`."""

    ids: frozenset[str]
    asks: bool = False
    ticket: bool = False


def parse_examples(text: str) -> tuple[Example, ...]:
    """Read labeled sentences, a row each: `MEANING | LANGUAGE | TEXT`. Raises ValueError for any other row."""
    rows = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return tuple(_example(row) for row in rows)


def _example(row: str) -> Example:
    parts = row.split(" | ", 2)
    if len(parts) != len(Example.model_fields):
        raise ValueError(f"expected MEANING | LANGUAGE | TEXT, got {row!r}")
    return Example(meaning=parts[0], language=parts[1], text=parts[2].strip())


def excerpt(text: str) -> str:
    """Return what an encoder hears of a text: its own words, of long ones the head and the tail."""
    bare = " ".join(unwrapped(text).split())
    if len(bare) <= HEARD:
        return bare
    half = HEARD // 2
    return f"{bare[:half].rpartition(' ')[0] or bare[:half]} {bare[-half:].partition(' ')[2] or bare[-half:]}"


def likely(likeness: Likeness, offered: Offered, text: str) -> tuple[str, ...]:
    """Return the one answer on screen, or built-in button, that the text likely means; () if none is likely."""
    del text
    answer = _answer(likeness, offered)
    if answer:
        return (answer,)
    meaning = _meaning(likeness)
    choice = _CHOICES.get(meaning, meaning)
    if REOPEN in offered.ids:
        choice = REOPEN if choice in (REOPEN, STILL_FAILING) else choice
        return (choice,) if choice in (REOPEN, "person") else ()
    if choice in (STILL_FAILING, CANT_FIND) and offered.ticket:
        return ()
    if choice in offered.ids or choice in _COMMANDS:
        return (choice,)
    return ()


def likely_start(likeness: Likeness, text: str) -> tuple[str, ...]:
    """Return the guides that a description of a problem is likely about, or "person"; () if none is likely."""
    del text
    if _meaning(likeness) == "person":
        return ("person",)
    return tuple(_leading(likeness.flows, FLOW_LIKE, FLOW_APART))[:MOST_FLOWS]


_CHOICES: Final = {"again": STILL_FAILING}
_COMMANDS: Final = frozenset(["person", "back", "restart", "later"])


def _meaning(likeness: Likeness) -> str:
    """Return the meaning that leads all others far enough; "none" if no meaning does."""
    ranked = sorted(likeness.meanings, key=lambda row: row[1], reverse=True)
    if not ranked or ranked[0][1] < MEANING_LIKE:
        return NONE
    runner_up = ranked[1][1] if len(ranked) > 1 else 0
    return ranked[0][0] if ranked[0][1] - runner_up >= MEANING_APART else NONE


def _answer(likeness: Likeness, offered: Offered) -> str:
    leading = list(_leading(likeness.answers, ANSWER_LIKE, ANSWER_APART))
    return leading[0] if len(leading) == 1 and leading[0] in offered.ids else ""


def _leading(rows: Iterable[tuple[str, int]], like: int, apart: int) -> Iterable[str]:
    """Yield the ids that are like enough and no further than `apart` behind the best, the best first."""
    ranked = sorted(rows, key=lambda row: row[1], reverse=True)
    return (name for name, score in ranked if score >= like and score > ranked[0][1] - apart)
