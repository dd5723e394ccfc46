"""Decides from a text's likeness what it likely means, which the bot then asks: a guess is never acted upon.

The thresholds were chosen on `tests/flows/text/development.txt` and on the labeled examples themselves, each left out
in turn; `python -m tests.bench.hearing` measures them on sentences that they were not chosen on.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from flows.flow import CANT_FIND, FIXED, STILL_FAILING
from flows.text.sentence import asks_how_to, asks_something, unwrapped
from flows.text.understanding import REOPEN
from flows.values import Frozen

NONE: Final = "none"
"""The meaning of examples that mean no answer."""

OTHER: Final = "other"
"""The meaning of examples that describe another problem: as first words they are about no guide that says less."""

HEARD: Final = 300
"""Characters of a text that an encoder hears; of a longer text the head and the tail."""

MEANING_APART: Final = 220
"""How far a meaning's score must be ahead of the next, in thousandths. With each tenth of the examples left out in
turn, 2 % of those that mean nothing are asked about."""
ANSWER_LIKE: Final = 450
ANSWER_APART: Final = 60
ANSWER_PAST_NONE: Final = 100
"""How like an answer's own words a text must be, how much more so than like any other answer's, and than like any
example of none."""
FLOW_LIKE: Final = 400
FLOW_APART: Final = 60
FLOW_PAST_NONE: Final = 20
"""The same for guides; guides that are nearly as like as the first are offered beside it."""
MOST_FLOWS: Final = 3


class Likeness(Frozen):
    """How like a text is to what it may mean, as a sentence encoder measured it; it comes with the event.

    All figures are thousandths. `meanings` are the scores of the labeled examples' meanings, the highest first;
    `answers` are the answers on screen by their id, `flows` the flows by theirs, each with its closest sentence's
    likeness (1000: the same meaning). A likeness decides nothing: `flows.text.likely` does.
    """

    meanings: tuple[tuple[str, int], ...] = ()
    answers: tuple[tuple[str, int], ...] = ()
    flows: tuple[tuple[str, int], ...] = ()


class Example(Frozen):
    """A sentence that a customer could type, and what it means."""

    meaning: str
    language: str
    text: str


class Offered(Frozen):
    """The answers on screen: their ids, those that a bare yes and a bare no give ('' for none), and whether a ticket is
    open.
    """

    ids: frozenset[str]
    yes: str = ""
    no: str = ""
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
    """Return the one answer on screen, or built-in button, that the text likely means; () if none is likely.

    A question of the customer's answers no question of the screen.
    """
    answer = "" if asks_something(text) else _answer(likeness, offered)
    if answer:
        return (answer,)
    meaning = _meaning(likeness, _choices(offered))
    return () if meaning == NONE else (meaning,)


def likely_start(likeness: Likeness, text: str) -> tuple[str, ...]:
    """Return the guides that a description of a problem is likely about, or "person"; () if none is likely.

    Who says that it works, or asks how something is done, has no such problem.
    """
    meaning = _meaning(likeness, {"person": "person", FIXED: FIXED})
    if meaning == "person":
        return ("person",)
    if meaning == FIXED or asks_how_to(text):
        return ()
    return tuple(_leading(likeness.flows, FLOW_LIKE, FLOW_APART, FLOW_PAST_NONE))[:MOST_FLOWS]


_COMMANDS: Final = ("person", "back", "restart", "later")


def _choices(offered: Offered) -> Mapping[str, str]:
    """Return the choice that each meaning gives on this screen; other meanings mean nothing there."""
    if REOPEN in offered.ids:
        return {"again": REOPEN, STILL_FAILING: REOPEN, "person": "person"}
    found = {name: name for name in _COMMANDS}
    found |= {name: name for name in (FIXED, STILL_FAILING, CANT_FIND) if name in offered.ids}
    if STILL_FAILING in found:
        found["again"] = STILL_FAILING
    if offered.ticket:
        found = {
            meaning: choice for meaning, choice in found.items() if choice not in (STILL_FAILING, CANT_FIND)
        }
    return found | {name: choice for name, choice in (("yes", offered.yes), ("no", offered.no)) if choice}


def _meaning(likeness: Likeness, choices: Mapping[str, str]) -> str:
    """Return the choice whose meanings lead all others far enough; "none" if none does."""
    scores: dict[str, int] = defaultdict(int)
    for meaning, score in likeness.meanings:
        scores[choices.get(meaning, NONE)] += score
    ranked = sorted(scores.items(), key=lambda row: row[1], reverse=True)
    if not ranked:
        return NONE
    ahead = ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0)
    return ranked[0][0] if ahead >= MEANING_APART else NONE


def _answer(likeness: Likeness, offered: Offered) -> str:
    leading = _leading(likeness.answers, ANSWER_LIKE, ANSWER_APART, ANSWER_PAST_NONE)
    return leading[0] if len(leading) == 1 and leading[0] in offered.ids else ""


def _leading(rows: Sequence[tuple[str, int]], like: int, apart: int, past_none: int) -> list[str]:
    """Return the ids that are like enough and hardly less so than the best, the best first.

    None if the text is about as like the examples that mean nothing.
    """
    scores = dict(rows)
    least = max(like, scores.pop(NONE, 0) + past_none)
    ranked = sorted(scores.items(), key=lambda row: row[1], reverse=True)
    return [name for name, score in ranked if score >= least and score > ranked[0][1] - apart]
