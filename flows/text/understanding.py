"""Turns free text into an answer if it plainly is one, and into nothing if not: no text is ever guessed into an answer.

A text is plain if, with misspellings corrected, it is from its first word to its last a phrase of
`flows.text.utterances`, or says no more than the label of one choice on screen. rapidfuzz corrects the misspellings and
compares with labels.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from flows.flow import CANT_FIND, FIXED, STILL_FAILING, Flow
from flows.text import utterances
from flows.text.utterances import CONTRACTED, NEGATIONS, POLITE, THANKS, pattern, vocabulary
from flows.values import Frozen

MOST_WORDS: Final = 12
"""Words that an answer may have; a longer text tells a story for a person to read."""
LONGEST: Final = 200
"""Characters that twelve words may have; longer texts are not split into words."""
SHORTEST_MENDED: Final = 5
"""Letters of a word that may be corrected: shorter words are too close to one another."""
LABEL_LIKE: Final = 85
"""How much of a label, of 100, a text must say to mean the label; it may never say more than the label."""
LABEL_APART: Final = 10
"""How far ahead of the next label the best one must be."""
TITLE_LIKE: Final = 88
"""How like a flow's title, of 100, a text must be to start that flow."""
TITLE_APART: Final = 5
CAPTURED: Final = 200
"""Characters that a capture keeps."""

REOPEN: Final = "reopen"
COMMANDS: Final[Mapping[str, str]] = {
    "back": utterances.BACK,
    "restart": utterances.RESTART,
    "person": utterances.PERSON,
    "later": utterances.LATER,
}
"""Commands that are understood whenever a step is on screen."""


class Recognised(Frozen):
    """The flow that a text is about, and what its captures found."""

    flow: str
    observations: Mapping[str, str] = {}


def recognise(flows: Sequence[Flow], text: str) -> Recognised | None:
    """Return the flow whose error text is in the text, the most exact pattern first; else one with a similar title."""
    clean = _normalized(text)
    found = [
        (len(_CAPTURE.sub("", written)), len(seen), Recognised(flow=flow.id, observations=seen))
        for flow in flows
        for written in flow.start
        if (seen := _captures(written, clean)) is not None
    ]
    if found:
        return max(found, key=lambda row: row[:2])[2]
    return _flow_by_title(flows, clean)


def understand(choices: Sequence[tuple[str, str]], text: str) -> str | None:
    """Return the answer that a text plainly gives: a choice's id, "back", "restart", "person" or "later".

    `choices` are the ids and labels on screen; with `reopen` among them the conversation has ended, and only `reopen`
    and "person" are understood. None if the text is not plain.
    """
    words = _words(text)
    if words is None:
        return None
    asks = _is_question(text, words)
    named = set() if asks else _equal_labels(choices, words)
    if len(named) == 1:
        return named.pop()
    meanings = {meaning for meaning, said in _meanings(dict(choices)) if _matches(words, said)}
    if FIXED in meanings and not _affirms(text, words):
        meanings.discard(FIXED)
    meanings = meanings & {"person", CANT_FIND} if asks else meanings | _similar_labels(choices, words)
    return meanings.pop() if len(meanings) == 1 else None


def _meanings(offered: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Return the phrase lists that count on this screen."""
    if REOPEN in offered:
        return [
            (REOPEN, utterances.REOPEN),
            (REOPEN, utterances.STILL_FAILING),
            ("person", utterances.PERSON),
        ]
    standard = [
        (FIXED, utterances.FIXED),
        (STILL_FAILING, utterances.STILL_FAILING),
        (STILL_FAILING, utterances.REFUSED),
        (CANT_FIND, utterances.CANT_FIND),
    ]
    return [*((choice, said) for choice, said in standard if choice in offered), *COMMANDS.items()]


# ---- words -----------------------------------------------------------------------------------------------------------

_QUOTES: Final = str.maketrans("\u2018\u2019\u201b\u02bc`\u00b4\u201c\u201d\u201e", "'" * 6 + '"' * 3)
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]|_")
_QUIET: Final = frozenset(".,!;:'\"()-/")
_INVITING: Final = re.compile(r"[\w\s.,!']*(?::-?\))?\s*")


def _normalized(text: str) -> str:
    """Return the text with plain quotes, dots and line ends, and without characters that have no width."""
    text = text.translate(_QUOTES).replace("…", "...").replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else "".join(char for char in text if unicodedata.category(char) != "Cf")


def _split(text: str) -> list[str]:
    """Return the words in lower case, with short forms expanded; any odd character is a word of its own."""
    folded = unicodedata.normalize("NFKC", _normalized(text)).casefold()
    found = [word.replace("'", "") for word in _WORD.findall(folded) if word not in _QUIET and word != "?"]
    mended = [_corrected(word, vocabulary()) for word in found]
    return " ".join(CONTRACTED.get(word, word) for word in mended).split()


def _words(text: str) -> list[str] | None:
    """Return the words of a text without its courtesies; None if none are left, or too many to be plain."""
    if len(text) > LONGEST:
        return None
    words = _split(text)
    if len(words) > MOST_WORDS + len(POLITE):
        return None
    bare = _without_courtesies(words)
    return bare if 0 < len(bare) <= MOST_WORDS else None


def _without_courtesies(words: list[str]) -> list[str]:
    start, end = 0, len(words)
    while start < end and words[start] in POLITE:
        start += 1
    while start < end:
        said = " ".join(words[start:end])
        polite = next((thanks for thanks in (*THANKS, *POLITE) if f" {said}".endswith(f" {thanks}")), None)
        if polite is None:
            break
        end -= len(polite.split())
    return words[start:end]


def _corrected(word: str, known: Iterable[str]) -> str:
    """Return the known word that this one misspells by one letter (added, missing or swapped); else the word itself."""
    if word in known or len(word) < SHORTEST_MENDED - 1 or not word.isalpha():
        return word
    near = [
        right
        for right in known
        if len(right) >= SHORTEST_MENDED and right[0] == word[0] and right[-1] == word[-1]
        if (len(right) != len(word) or sorted(right) == sorted(word)) and OSA.distance(word, right) == 1
    ]
    return near[0] if len(near) == 1 else word


def _matches(words: Sequence[str], said: str) -> bool:
    return pattern(said).fullmatch("".join(f"{word} " for word in words)) is not None


# ---- what keeps a text from being an answer --------------------------------------------------------------------------

_ASKING: Final = frozenset(
    re.findall(
        r"\w+",
        "is are am was were do does did can could will would should may what why how when where which who",
    )
)
_ASKED: Final = frozenset(
    re.findall(r"\w+", "it this that there the these those i you we my your a an everything all")
)


def _is_question(text: str, words: Sequence[str]) -> bool:
    """Return whether the text is a question, by its mark or by its word order."""
    turned = len(words) > 1 and words[0] in _ASKING and words[1] in _ASKED
    return "?" in unicodedata.normalize("NFKC", text) or turned


def _affirms(text: str, words: Sequence[str]) -> bool:
    """Return whether nothing denies or doubts the text: no negation, question, quotes, trailing dots or emoji."""
    if not NEGATIONS.isdisjoint(words) or _is_question(text, words):
        return False
    return ".." not in _normalized(text) and _INVITING.fullmatch(_normalized(text)) is not None


# ---- labels ----------------------------------------------------------------------------------------------------------

_FILLERS: Final = frozenset(
    re.findall(r"\w+", "it is the a an there in my this that i do does see am looks shows says has")
)
_BY_PHRASE: Final = frozenset({FIXED, STILL_FAILING, REOPEN})
"""Choices that are understood only by their phrases, whatever their label says."""


def _content(text: str) -> list[str]:
    return _without_courtesies(_split(text))


def _equal_labels(choices: Sequence[tuple[str, str]], words: Sequence[str]) -> set[str]:
    """Return the choices whose label is, word for word, the text."""
    return {choice for choice, label in choices if choice not in _BY_PHRASE and _content(label) == words}


def _similar_labels(choices: Sequence[tuple[str, str]], words: Sequence[str]) -> set[str]:
    """Return the choices whose label the words say: at most the label's own words, and enough of them."""
    scores = {choice: _likeness(label, words) for choice, label in choices if choice not in _BY_PHRASE}
    best = max(scores.values(), default=0.0)
    return {choice for choice, score in scores.items() if score >= LABEL_LIKE and score > best - LABEL_APART}


def _likeness(label: str, words: Sequence[str]) -> float:
    """Return how much of the label the words say, of 100; 0 if they say anything else, or deny the label."""
    own = _content(label)
    wanted = [word for word in own if word not in _FILLERS] or own
    denies = _denials(wanted)
    said = [
        mended for word in words if (mended := _corrected(word, wanted)) in wanted or word not in _FILLERS
    ]
    if "yes" not in wanted and said[:1] == (["no"] if denies else ["yes"]):
        said = said[1:]
    if not set(said) <= set(wanted) or _denials(said) != denies:
        return 0.0
    return fuzz.token_sort_ratio(" ".join(said), " ".join(wanted))


def _denials(words: Iterable[str]) -> int:
    return sum(word in NEGATIONS for word in words)


# ---- which flow ------------------------------------------------------------------------------------------------------

_CAPTURE: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def _captures(written: str, text: str) -> dict[str, str] | None:
    """Return what a pattern of `on_text` captures in a text; None if the pattern is not in the text."""
    parts = _CAPTURE.split(_normalized(written).strip())
    source = ""
    for index, part in enumerate(parts):
        if index % 2:
            source += rf"(?P<{part}>\S[^\n]{{0,{CAPTURED - 1}}}+)[^\n]*+\s*+"
        else:
            source += r"\s+".join(re.escape(word) for word in part.split())
            source += r"[^\S\n]" + ("++" if part[-1:].isspace() else "*+") if index + 1 < len(parts) else ""
    for found in re.finditer(source, text, re.IGNORECASE):
        seen = {name: value.strip().rstrip(".") for name, value in found.groupdict().items()}
        if all(map(_has_content, seen.values())):
            return seen
    return None


def _has_content(value: str) -> bool:
    """Return whether a capture holds a letter or digit; dots or quotes alone capture nothing."""
    return any(char.isalnum() for char in value)


def _flow_by_title(flows: Sequence[Flow], text: str) -> Recognised | None:
    """Return the one flow whose title is the text, in nearly the same words."""
    words = _words(text)
    if words is None:
        return None
    scored = sorted(((_title_likeness(flow, words), flow.id) for flow in flows), reverse=True)
    if not scored or scored[0][0] < TITLE_LIKE:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < TITLE_APART:
        return None
    return Recognised(flow=scored[0][1])


def _title_likeness(flow: Flow, words: Sequence[str]) -> float:
    title = _content(flow.title)
    if NEGATIONS.isdisjoint(title) is not NEGATIONS.isdisjoint(words):
        return 0.0
    return fuzz.token_sort_ratio(" ".join(words), " ".join(title))
