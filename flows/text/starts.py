"""Finds the flow that a text is about, if the text quotes its error or says its title; and what its captures hold.

The error must stand there in whole words and be claimed: a question about it, its denial ("is gone"), or another thing
of the same kind ("my internet connection ...") starts nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from rapidfuzz import fuzz

from flows.flow import Flow
from flows.text.quotation import without_marks
from flows.text.sentence import content, is_question, normalized, plain_words, split, without_styles
from flows.text.utterances import NEGATIONS
from flows.values import Frozen

TITLE_LIKE: Final = 88
"""How like a flow's title, of 100, a text must be to start that flow."""
TITLE_APART: Final = 5
CAPTURED: Final = 200
"""Characters that a capture keeps."""
MOST_MENTIONS: Final = 20
"""Times that one error is looked at in a text; a log may repeat it a thousand times."""
NEAR_WORDS: Final = 3
"""Words before the error in which a negation is about the error."""


class Recognised(Frozen):
    """The flow that a text is about, and what its captures found."""

    flow: str
    observations: Mapping[str, str] = {}


def recognise(flows: Sequence[Flow], text: str) -> Recognised | None:
    """Return the flow whose error text is in the text, the most exact pattern first; else one with a similar title."""
    clean = normalized(without_styles(without_marks(text)))
    found = [
        (len(_CAPTURE.sub("", written)), len(seen), Recognised(flow=flow.id, observations=seen))
        for flow in flows
        for written in flow.start
        if (seen := _captures(written, clean, flow.title)) is not None
    ]
    if found:
        return max(found, key=lambda row: row[:2])[2]
    return _flow_by_title(flows, clean)


def descriptions(flow: Flow) -> tuple[str, ...]:
    """Return the sentences that describe a flow's problem: its title, its error texts, and its customers' words."""
    errors = (" ".join(_CAPTURE.sub(" ", written).split()) for written in flow.start)
    return tuple(dict.fromkeys((flow.title, *errors, *flow.heard)))


# ---- quoted errors ---------------------------------------------------------------------------------------------------

_CAPTURE: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def _captures(written: str, text: str, title: str) -> dict[str, str] | None:
    """Return what a pattern of `on_text` captures in a text; None if the text does not claim the pattern."""
    parts = _CAPTURE.split(normalized(written).strip())
    source = r"(?<!\w)" if parts[0][:1].isalnum() else ""
    for index, part in enumerate(parts):
        if index % 2:
            source += rf"(?P<{part}>\S[^\n]{{0,{CAPTURED - 1}}}+)[^\n]*+\s*+"
        else:
            source += r"\s+".join(re.escape(word) for word in part.split())
            source += r"[^\S\n]" + ("++" if part[-1:].isspace() else "*+") if index + 1 < len(parts) else ""
    if len(parts) % 2 and parts[-1][-1:].isalnum():
        source += r"(?!\w)"
    own = frozenset(split(f"{title} {_CAPTURE.sub(' ', written)}"))
    for found in islice(re.finditer(source, text, re.IGNORECASE), MOST_MENTIONS):
        seen = {name: value.strip().rstrip(".") for name, value in found.groupdict().items()}
        if all(map(_has_content, seen.values())) and _is_claimed(text, found, own):
            return seen
    return None


def _has_content(value: str) -> bool:
    """Return whether a capture holds a letter or digit; dots or quotes alone capture nothing."""
    return any(char.isalnum() for char in value)


# ---- claims ----------------------------------------------------------------------------------------------------------

_AROUND: Final = 300
"""Characters before and after an error in which its sentence is looked at."""
_CLAUSE_END: Final = re.compile(r"[.!?:;,\n\"()\[\]\u3001\u3002\uff01\uff0c\uff1f]")
_THOUGHT_END: Final = re.compile(r"[.!?:;,\n\u3002\uff01\uff1f]")
"""As a clause's end, but quotes and brackets around the error do not end it."""
_SENTENCE_END: Final = re.compile(r"[.!?:;\n\u3002\uff01\uff1f]")

_DETERMINERS: Final = frozenset(re.findall(r"\w+", "a an the this that my our your their his her its with"))
_LEADING: Final = _DETERMINERS | frozenset(
    re.findall(
        r"\w+",
        "error message says said saying say is was it and but or so get gets getting got see sees seeing saw"
        " show shows showing shown have has having had still now again because since reads reading states like popup"
        " window text following exact same",
    )
)
"""Words that may stand right before an error: they make it no other thing."""
_WANTED: Final = frozenset(
    re.findall(
        r"\w+", "want wants wanted need take taking turn put set bring keep make use using work go switch run"
    )
)
"""Verbs that wish for what the error says: "take my printer offline"."""
_NO: Final = NEGATIONS | frozenset(
    re.findall(r"\w+", "nicht kein keine keinen nie ohne nunca sin ya pas plus jamais sans não nem sem")
)
_JOINING: Final = frozenset(re.findall(r"\w+", "and but or so because since"))
_DOUBTED: Final = frozenset(
    re.findall(r"\w+", "before used previously formerly maybe perhaps could might would should whether if")
)
"""Words of a sentence about an error that a customer has not, or no longer."""
_OTHER: Final = re.compile(
    r"\W*(?:modes?|settings?|options?|buttons?|features?|printing|usage)\b", re.IGNORECASE
)
"""What follows the words of an error that name something else: "printer offline mode"."""
_OVER: Final = re.compile(
    r"\W*(?:\w+\W+){0,3}?(?:(?:is|are|was|has|have|had|went|seems|ist|está|est)\s+)?(?:now\s+|finally\s+|all\s+)?"
    r"(?:(?:gone|disappeared|vanished|went away|fixed|solved|resolved|no longer|not there|weg|verschwunden|behoben"
    r"|nicht mehr|desapareció|desaparecido|resuelto|disparu|résolu|sumiu|resolvido)\b|any ?more\b"
    r"|\w{0,3}(?:消え|なくなり|直り|出なく))|[\s\")]*(?:error |message )?"
    r"(?:was\b|were\b|used to\b|never\b|ya no\b"
    r"|(?:does|did|do|is|has)(?:n't| not)\b(?! (?:go|disappear|vanish|leave|stop|clear|let|help)))",
    re.IGNORECASE,
)
"""What follows an error that is over: "... message is gone"."""
_WORKS: Final = re.compile(
    r"(?:it|everything|all|sync|syncing|that|which|and|^) (?:is |was |got |has been |now |finally )*"
    r"(?:works|working|fixed|solved|resolved)\b|(?:works|working|worked) (?:now|again|today)"
)
"""Words beside an error that say that it is over."""
_QUESTION: Final = re.compile(
    r"\b(?:how|what|why|where|when|which|who)(?: \w+)?"
    r" (?:do|does|did|is|are|can|could|should|would|will|must|to|if|about)\b"
    r"|^(?:what|how|why|which|who)\b"
)


def _is_claimed(text: str, found: re.Match[str], own: frozenset[str]) -> bool:
    """Return whether the text says that it has this error; `own` are words that belong to the error."""
    before = text[max(0, found.start() - _AROUND) : found.start()]
    after = text[found.end() : found.end() + _AROUND]
    if "\n" in found[0][len(found[0].rstrip()) :]:
        after = "\n" + after  # a capture takes the end of its line along
    if _is_other_thing(split(_CLAUSE_END.split(before)[-1]), own) or _OTHER.match(after):
        return False
    if _is_denied(split(_THOUGHT_END.split(before)[-1])) or _OVER.match(after):
        return False
    return not _is_asked(before, after) and not _says_it_works(before, after)


def _is_other_thing(words: Sequence[str], own: frozenset[str]) -> bool:
    """Return whether the words right before an error make another thing or a wish of it."""
    if words and not words[-1].isdecimal() and words[-1].isalnum() and words[-1] not in _LEADING | own:
        return True
    return next((word in _WANTED for word in reversed(words) if word not in _DETERMINERS), False)


def _is_denied(words: Sequence[str]) -> bool:
    """Return whether the words before an error say that it does not appear, or no longer."""
    for count, word in enumerate(reversed(words), start=1):
        if word in _NO:
            return True
        if word in _JOINING or (count >= NEAR_WORDS and word not in _LEADING):
            break
    return not _DOUBTED.isdisjoint(words)


def _is_asked(before: str, after: str) -> bool:
    """Return whether the error stands in a question about it, not beside one."""
    begun = content(_SENTENCE_END.split(before)[-1])
    if is_question("", content(_THOUGHT_END.split(before)[-1])) or _QUESTION.search(" ".join(begun)):
        return True
    end = re.search(r"[.!?\n\u3002\uff1f]", after)
    asked = end is not None and end[0] in "?\uff1f" and not _THOUGHT_END.search(after[: end.start()])
    rest = split(after[: end.start()]) if end is not None else []
    return asked and bool(begun) and not is_question("", rest)


def _says_it_works(before: str, after: str) -> bool:
    """Return whether the same line says that all is well again."""
    line = [*_THOUGHT_END.split(before.rpartition("\n")[2]), *_THOUGHT_END.split(after.partition("\n")[0])]
    clauses = (split(clause) for clause in line)
    return any(
        NEGATIONS.isdisjoint(words) and _WORKS.search(" ".join(words)) is not None for words in clauses
    )


# ---- titles ----------------------------------------------------------------------------------------------------------


def _flow_by_title(flows: Sequence[Flow], text: str) -> Recognised | None:
    """Return the one flow whose title is the text, in nearly the same words."""
    words = plain_words(text)
    if words is None or is_question(text, words):
        return None
    scored = sorted(((_title_likeness(flow, words), flow.id) for flow in flows), reverse=True)
    if not scored or scored[0][0] < TITLE_LIKE:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < TITLE_APART:
        return None
    return Recognised(flow=scored[0][1])


def _title_likeness(flow: Flow, words: Sequence[str]) -> float:
    title = content(flow.title)
    if _denied(title) is not _denied(words):
        return 0.0
    return fuzz.token_sort_ratio(" ".join(words), " ".join(title))


def _denied(words: Iterable[str]) -> bool:
    return not NEGATIONS.isdisjoint(words)
