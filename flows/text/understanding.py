"""Turns free text into an answer if it plainly is one, and into nothing if not: no text is ever guessed into an answer.

A text is plain if, with misspellings corrected, it is from its first word to its last a phrase of
`flows.text.utterances`, or says no more than the label of one choice on screen, or words that its author listed under
`heard`. rapidfuzz compares with labels.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from flows.flow import CANT_FIND, FIXED, STILL_FAILING
from flows.text import utterances
from flows.text.phrases import PHRASES
from flows.text.sentence import affirms, content, corrected, is_question, plain_words, unwrapped
from flows.text.utterances import NEGATIONS, pattern

LABEL_LIKE: Final = 85
"""How much of a label, of 100, a text must say to mean the label; it may never say more than the label."""
LABEL_APART: Final = 10
"""How far ahead of the next label the best one must be."""

REOPEN: Final = "reopen"
COMMANDS: Final[Mapping[str, str]] = {
    "back": utterances.BACK,
    "restart": utterances.RESTART,
    "person": utterances.PERSON,
    "later": utterances.LATER,
}
"""Commands that are understood whenever a step is on screen."""


def understand(
    choices: Sequence[tuple[str, str]], text: str, *, asks: bool = False, ticket: bool = False
) -> str | None:
    """Return the answer that a text plainly gives: a choice's id, "back", "restart", "person" or "later".

    `choices` are the ids and labels on screen; an id may come again with further words for it. With `reopen` among them
    the conversation has ended, and only `reopen` and "person" are understood. `asks` says that the screen asks a
    question of its own: words that may answer that question are not plain. `ticket` says that a ticket is open: words
    about what still fails are for the ticket. None if the text is not plain.
    """
    bare = unwrapped(text)
    words = plain_words(bare)
    if words is None:
        return None
    question = is_question(bare, words)
    named = set() if question else _equal_labels(choices, words)
    if len(named) == 1:
        return named.pop()
    meanings = {meaning for meaning, said in _meanings(dict(choices), ticket=ticket) if _matches(words, said)}
    if FIXED in meanings and not affirms(bare, words):
        meanings.discard(FIXED)
    if asks and _ABOUT_THE_PROBLEM.isdisjoint(words):
        meanings -= {FIXED, STILL_FAILING}
    if asks and _SEEKING.isdisjoint(words):
        meanings.discard(CANT_FIND)
    meanings = meanings & {"person", CANT_FIND} if question else meanings | _similar_labels(choices, words)
    return meanings.pop() if len(meanings) == 1 else None


_ABOUT_THE_PROBLEM: Final = frozenset(
    re.findall(r"\w+", "sync connection test error problem issue message fixed solved resolved failing")
)
"""Words of which one must be in a plain answer to the buttons where the screen asks a question of its own: "it is
running" or "no" answers that question."""
_SEEKING: Final = frozenset(["find", "locate", "where", "such"])


def takes_leave(text: str) -> bool:
    """Return whether a text only greets, thanks, or says that it works."""
    return text != "" and (not content(text) or understand(((FIXED, PHRASES["fixed"]),), text) == FIXED)


def _meanings(offered: Mapping[str, str], *, ticket: bool) -> Iterable[tuple[str, str]]:
    """Return the phrase lists that count on this screen."""
    if REOPEN in offered:
        return [
            (REOPEN, utterances.REOPEN),
            (REOPEN, utterances.STILL_FAILING),
            ("person", utterances.PERSON),
        ]
    standard = [(FIXED, utterances.FIXED)]
    if not ticket:
        standard += [
            (STILL_FAILING, utterances.STILL_FAILING),
            (STILL_FAILING, utterances.REFUSED),
            (CANT_FIND, utterances.CANT_FIND),
        ]
    return [*((choice, said) for choice, said in standard if choice in offered), *COMMANDS.items()]


def _matches(words: Sequence[str], said: str) -> bool:
    return pattern(said).fullmatch("".join(f"{word} " for word in words)) is not None


# ---- labels ----------------------------------------------------------------------------------------------------------

_FILLERS: Final = frozenset(
    re.findall(r"\w+", "it is the a an there in my this that i do does see am looks shows says has")
)
_BY_PHRASE: Final = frozenset({FIXED, STILL_FAILING, REOPEN})
"""Choices that are understood only by their phrases, whatever their label says."""


def _equal_labels(choices: Sequence[tuple[str, str]], words: Sequence[str]) -> set[str]:
    """Return the choices whose label is, word for word, the text."""
    return {choice for choice, label in choices if choice not in _BY_PHRASE and content(label) == words}


def _similar_labels(choices: Sequence[tuple[str, str]], words: Sequence[str]) -> set[str]:
    """Return the choices whose label the words say: at most the label's own words, and enough of them."""
    scores: dict[str, float] = {}
    for choice, label in choices:
        if choice not in _BY_PHRASE:
            scores[choice] = max(scores.get(choice, 0.0), _likeness(label, words))
    best = max(scores.values(), default=0.0)
    return {choice for choice, score in scores.items() if score >= LABEL_LIKE and score > best - LABEL_APART}


def _likeness(label: str, words: Sequence[str]) -> float:
    """Return how much of the label the words say, of 100; 0 if they say anything else, or deny the label."""
    wanted, known, denies = _wanted(label)
    said = [mended for word in words if (mended := corrected(word, known)) in known or word not in _FILLERS]
    if "yes" not in known and said[:1] == (["no"] if denies else ["yes"]):
        said = said[1:]
    if not known.issuperset(said) or _denials(said) != denies:
        return 0.0
    return fuzz.token_sort_ratio(" ".join(said), wanted)


@lru_cache(maxsize=4096)
def _wanted(label: str) -> tuple[str, frozenset[str], int]:
    """Return the words of a label that must be said, as a line and as a set, and how many of them deny."""
    own = content(label)
    wanted = [word for word in own if word not in _FILLERS] or own
    return " ".join(wanted), frozenset(wanted), _denials(wanted)


def _denials(words: Iterable[str]) -> int:
    return sum(word in NEGATIONS for word in words)
