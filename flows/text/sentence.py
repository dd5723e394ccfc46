"""Splits what a person typed into words: without wrapping and courtesies, with short forms and misspellings mended."""

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from flows.text.quotation import own_words
from flows.text.utterances import CONTRACTED, GREETINGS, NEGATIONS, POLITE, THANKS, vocabulary

MOST_WORDS: Final = 12
"""Words that an answer may have; a longer text tells a story for a person to read."""
LONGEST: Final = 200
"""Characters that twelve words may have; longer texts are not split into words."""
SHORTEST_MENDED: Final = 5
"""Letters of a word that may be corrected: shorter words are too close to one another."""

# ---- wrapping --------------------------------------------------------------------------------------------------------

_EARLIER: Final = re.compile(
    r"^[^\S\n]*(-{2,}[^\S\n]*(original message|forwarded message)\b.*|on .{5,120} wrote:|am .{5,120} schrieb.*:"
    r"|le .{5,120} a écrit\s*:|el .{5,120} escribió:|em .{5,120} escreveu:)[^\S\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
"""The line with which an email program introduces the message that is answered."""
_SIGNATURE: Final = re.compile(
    r"^[^\S\n]*(--[^\S\n]?|sent from my .{2,40}|get outlook for .{2,20}|von meinem .{2,40} gesendet"
    r"|envoyé de mon .{2,40}|enviado (desde mi|do meu) .{2,40}|.{2,20}から送信)[^\S\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
"""The line with which a signature begins, as email programs write it."""
_MARKS: Final = re.compile(
    r"(?P<stars>\*{1,3})(?=\S)(?P<starred>[^*]++)(?<=\S)(?P=stars)(?!\w)"
    r"|(?<!\w)(?P<lines>_{1,3})(?=\S)(?P<lined>(?:[^_]|(?<=\w)_(?=\w))++)(?<=\S)(?P=lines)(?!\w)"
    r"|(?P<ticks>`{1,3})(?=\S)(?P<ticked>[^`]++)(?<=\S)(?P=ticks)(?!\w)"
    r"|\|\|(?=\S)(?P<hidden>[^|]++)(?<=\S)\|\|(?!\w)"
)
"""Bold, italics, code and spoilers of Slack, Discord and Markdown. Struck-through words say the contrary, so they stay
marked. No mark's words hold the mark itself: a long log full of stars must cost no more than other texts."""


def unwrapped(text: str) -> str:
    """Return what the author says: without quoted lines, the message below, a signature, and marks of bold or code."""
    return without_styles(_without_tail(own_words(html.unescape(text)))).strip()


def without_styles(text: str) -> str:
    """Return the text with HTML entities as characters, and without marks of bold, italics and code."""
    bare = html.unescape(text)
    for _ in range(3):
        shorter = _MARKS.sub(_bare, bare)
        if shorter == bare:
            break
        bare = shorter
    return bare


def _bare(found: re.Match[str]) -> str:
    return found["starred"] or found["lined"] or found["ticked"] or found["hidden"]


def _without_tail(text: str) -> str:
    ends = [found.start() for pattern in (_EARLIER, _SIGNATURE) if (found := pattern.search(text))]
    return text[: min(ends)] if ends and text[: min(ends)].strip() else text


# ---- words -----------------------------------------------------------------------------------------------------------

_QUOTES: Final = str.maketrans("\u2018\u2019\u201b\u02bc`\u00b4\u201c\u201d\u201e", "'" * 6 + '"' * 3)
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]|_")
_QUIET: Final = frozenset(".,!;:'\"()-/")
_INVITING: Final = re.compile(r"[\w\s.,!']*(?::-?\))?\s*")


def normalized(text: str) -> str:
    """Return the text with plain quotes, dots and line ends, and without characters that have no width."""
    text = text.translate(_QUOTES).replace("…", "...").replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else "".join(char for char in text if unicodedata.category(char) != "Cf")


def split(text: str) -> list[str]:
    """Return the words in lower case, with short forms expanded; any odd character is a word of its own."""
    folded = unicodedata.normalize("NFKC", normalized(text)).casefold()
    found = [word.replace("'", "") for word in _WORD.findall(folded) if word not in _QUIET and word != "?"]
    mended = [corrected(word, vocabulary()) for word in found]
    return " ".join(CONTRACTED.get(word, word) for word in mended).split()


def plain_words(text: str) -> list[str] | None:
    """Return the words of a text without its courtesies; None if none are left, or too many to be plain."""
    if len(text) > LONGEST:
        return None
    words = split(text)
    if len(words) > MOST_WORDS + len(POLITE):
        return None
    bare = _without_courtesies(words)
    return bare if 0 < len(bare) <= MOST_WORDS else None


def content(text: str) -> list[str]:
    """Return the words of a label or a title without courtesies."""
    return list(_content(text))


@lru_cache(maxsize=4096)
def _content(text: str) -> tuple[str, ...]:
    return tuple(_without_courtesies(split(text)))


def _without_courtesies(words: list[str]) -> list[str]:
    start, end = 0, len(words)
    while start < end:
        said = " ".join(words[start:end])
        greeting = next((each for each in (*GREETINGS, *POLITE) if f"{said} ".startswith(f"{each} ")), None)
        if greeting is None:
            break
        start += len(greeting.split())
    while start < end:
        said = " ".join(words[start:end])
        polite = next((thanks for thanks in (*THANKS, *POLITE) if f" {said}".endswith(f" {thanks}")), None)
        if polite is None:
            break
        end -= len(polite.split())
    return words[start:end]


@lru_cache(maxsize=8192)
def corrected(word: str, known: frozenset[str]) -> str:
    """Return the known word that this one misspells by one letter (added, missing or swapped); else the word itself."""
    if word in known or len(word) < SHORTEST_MENDED - 1 or not word.isalpha():
        return word
    near = [
        right
        for right in _by_ends(known).get(word[0] + word[-1], ())
        if (len(right) != len(word) or sorted(right) == sorted(word)) and OSA.distance(word, right) == 1
    ]
    return near[0] if len(near) == 1 else word


@lru_cache(maxsize=1024)
def _by_ends(known: frozenset[str]) -> dict[str, list[str]]:
    """Return the words that are long enough to be meant, by their first and last letter."""
    found: dict[str, list[str]] = {}
    for word in sorted(known):
        if len(word) >= SHORTEST_MENDED:
            found.setdefault(word[0] + word[-1], []).append(word)
    return found


# ---- questions and doubts --------------------------------------------------------------------------------------------

_ASKING: Final = frozenset(
    re.findall(
        r"\w+",
        "is are am was were do does did can could will would should may what why how when where which who",
    )
)
_ASKED: Final = frozenset(
    re.findall(r"\w+", "it this that there the these those i you we my your a an everything all to")
)


def is_question(text: str, words: Sequence[str]) -> bool:
    """Return whether the text is a question, by its mark or by its word order."""
    turned = len(words) > 1 and words[0] in _ASKING and words[1] in _ASKED
    return "?" in unicodedata.normalize("NFKC", text) or turned


_INTERROGATIVE: Final = re.compile(
    r"\W*(?:(?:and|but|so|ok|okay|wait|sorry|hi|hey|hello|hallo|hola|bonjour|und|aber|y|pero|et|mais|e|mas)\W+)*"
    r"(?:what|whats|why|how|which|who|should|does|do i|is it|is that|can i|could i"
    r"|was|wie|warum|wieso|welche[rsn]?|soll|muss ich|kann ich|ist das"
    r"|qué|que es|que significa|cómo|como|por qu[eé]|cuál|debo|puedo"
    r"|qu'est|que veut|quoi|comment|pourquoi|quel(?:le)?s?|est-ce|dois-je|puis-je"
    r"|o que|qual|devo|posso)\b",
    re.IGNORECASE,
)
"""How a question begins that lacks its mark, in the six languages of the labeled examples."""


def asks_something(text: str) -> bool:
    """Return whether a text is likely a question of its own, in any of six languages."""
    return "?" in unicodedata.normalize("NFKC", text) or _INTERROGATIVE.match(normalized(text)) is not None


_HOW_TO: Final = re.compile(
    r".*?\b(?:how (?:do|can|could|should|to)|what (?:does|is|do|are)|can i|where (?:do|can) i"
    r"|wie (?:kann|mache|stelle|nehme|richte|lege|schalte) ich|was (?:bedeutet|ist|macht)"
    r"|c[oó]mo (?:puedo|hago|se|pongo|quito|cambio|fa[cç]o|posso|coloco)|qu[eé] (?:significa|es)|o que [eé]"
    r"|comment (?:puis|faire|je|mettre|on)|que veut dire|c'est quoi)\b",
    re.IGNORECASE | re.DOTALL,
)


def asks_how_to(text: str) -> bool:
    """Return whether a text likely asks how something is done or what it means, rather than tells of a problem."""
    return (
        _HOW_TO.match(normalized(text)) is not None or re.search(r"(とは|方法|どうすれば)", text) is not None
    )


def affirms(text: str, words: Sequence[str]) -> bool:
    """Return whether nothing denies or doubts the text: no negation, question, quotes, trailing dots or emoji."""
    if not NEGATIONS.isdisjoint(words) or is_question(text, words):
        return False
    return ".." not in normalized(text) and _INVITING.fullmatch(normalized(text)) is not None
