"""Hides what looks like a password or a key in a text, before it is stored, journaled or logged (law L9).

Three searches, each in linear time: shapes that are credentials anywhere (keys, tokens, cards, private keys, passwords
in addresses); words after a name like "password:"; and, at a step that declares a secret, every word that could be the
secret. Texts that help an agent (errors, codes, dates, files, phone numbers, email) stay.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple

from flows.text.secrets.never_secret import is_ordinary, is_plain_shape

HIDDEN: Final = "••••••"
"""Replaces a secret; no rule takes any of these characters for a secret, so masking twice equals masking once."""

_EDGE: Final = r"(?<![\w•-])"
_LOOKAHEAD: Final = 4
"""Words after "the password is" that may hold the password: "is still the old one, hunter2"."""
_SHORTEST: Final = 6
"""Characters of a word that may be a credential by its look alone."""
_LONE: Final = 8
"""Characters of a word that may be a credential because it stands alone at a step that declares a secret."""
_RANDOM: Final = 24
"""Characters of a word that is too long and too mixed for anything but a key."""


def mask(text: str, secret: str | None = None) -> str:
    """Replace with dots what looks like a secret. `secret` names what the customer must not type at this step."""
    for pattern, judge in _shapes():
        text = pattern.sub(_hide_if(judge), text)
    text = "".join(_hide_cards(text))
    text = "".join(_hide_named(text, _names(secret or "")))
    return _SPOKEN.sub(_hide_if(_is_mixed), text) if not secret else _hide_lone(text)


def _hide_if(judge: Callable[[str], bool]) -> Callable[[re.Match[str]], str]:
    """Return a function that hides the group `s` of a match if the judge says so."""

    def hide(found: re.Match[str]) -> str:
        start, end = found.start("s") - found.start(), found.end("s") - found.start()
        return found[0][:start] + HIDDEN + found[0][end:] if judge(found["s"]) else found[0]

    return hide


# ---- by their shape --------------------------------------------------------------------------------------------------


def _any(_value: str) -> bool:
    return True


def _is_random(value: str) -> bool:
    """Return whether digits, small and capital letters change often, or the value is long hexadecimal."""
    if is_plain_shape(value):
        return False
    if re.fullmatch(r"[0-9a-f]{32,}|[0-9A-F]{32,}", value):
        return not value.isdigit()
    changes = sum(before.isdigit() != after.isdigit() for before, after in pairwise(value))
    return changes >= 4 and any(map(str.isupper, value)) and any(map(str.islower, value))


def _is_authorization(value: str) -> bool:
    return any(map(str.isdigit, value)) or "=" in value or len(value) >= _RANDOM


_KEYS: Final = (
    r"[srp]k_[a-z]+_\w{6,}",  # Conductor, Stripe
    r"sk-[\w-]{16,}",  # OpenAI, Anthropic
    r"xox[a-z](?:\.xox[a-z])?-[\w-]{8,}|xapp-[\w-]{8,}",  # Slack
    r"[MNO][\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}",  # Discord
    r"gh[opsur]_\w{16,}|github_pat_\w{20,}|glpat-[\w-]{16,}",  # GitHub, GitLab
    r"(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}",  # AWS
    r"AIza[\w-]{30,}|ya29\.[\w-]{16,}",  # Google
    r"eyJ[\w-]{5,}(?:\.[\w-]+){1,4}",  # JSON web tokens
    r"SG\.[\w-]{16,}\.[\w-]{16,}|npm_\w{30,}|pypi-[\w-]{30,}|hf_\w{30,}",
)


@lru_cache(maxsize=1)
def _shapes() -> tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...]:
    """Return every shape with a further test of its value; the group `s` is the part to hide."""
    shapes: list[tuple[str, Callable[[str], bool]]] = [
        (r"(?s)-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?P<s>.+?)(?=-----END|\Z)", _any),
        (r"(?<![\w•])[A-Za-z][\w+.-]{1,20}://[^\s:/@•]{0,100}:(?P<s>[^\s/@•]{1,200})@", _any),
        (r"connect\.conductor\.is/qbd/(?!demo\b)(?P<s>[^\s•]+)", _any),
        (r"hooks\.slack\.com/[a-z]+/(?P<s>[^\s•]+)", _any),
        (r"/(?:webhooks|interactions)/\d+/(?P<s>[^\s•/?'\"]+)", _any),  # of Discord
        (r"/(?:go|desk/in)/(?P<s>[\w-]{20,})", _any),  # our own one-time links
        (r"(?i)[?&](?:\w{0,20}(?:token|key|secret|password)|sig|signature|code)=(?P<s>[^\s&#•]{4,})", _any),
        (rf"{_EDGE}(?P<s>{'|'.join(_KEYS)})", _any),
        (
            r"(?i)\b(?:authorization|set-cookie|cookie|x-api-key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:\w{4,8}\s{1,3})?(?P<s>[^\s\"'•,]{4,})",
            lambda value: not is_ordinary(value.strip(_AROUND)),
        ),
        (r"(?i)\b(?:bearer|basic)\s{1,3}(?P<s>[\w.~+/=-]{8,})", _is_authorization),
        (rf"(?<![\w•/.@:\\=-])(?P<s>[A-Za-z0-9_+=-]{{{_RANDOM},}}+)(?![.@\\/•])", _is_random),
    ]
    return tuple((re.compile(shape), judge) for shape, judge in shapes)


_CARD: Final = re.compile(r"(?<![\w+•.,/-])[2-6]\d(?:[ -]?\d){11,17}(?![\w•])")


def _hide_cards(text: str) -> Iterator[str]:
    """Yield the text in pieces, with card numbers hidden."""
    done = at = 0
    while (found := _CARD.search(text, at)) is not None:
        length = _card_length(found[0])
        at = found.start() + max(length, 1)
        if length:
            yield text[done : found.start()] + HIDDEN
            done = at
    yield text[done:]


def _card_length(run: str) -> int:
    """Return how many characters at the beginning are a card number by its check digit, the longest first; else 0."""
    ends = [index + 1 for index, char in enumerate(run) if char.isdigit()]
    for end in reversed(ends[12:]):
        if not run[end : end + 1].isdigit():
            digits = [int(char) for char in run[:end] if char.isdigit()]
            doubled = [sum(divmod(digit * 2, 10)) for digit in digits[-2::-2]]
            if (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0:
                return end
    return 0


# ---- by their names --------------------------------------------------------------------------------------------------

_STRONG: Final = (
    r"pass?[ -]?(?:words?|wrod|owrd|phrase|code)|passwd|passwort|kennwort|mot de passe|contrase[nñ]a|senha"
    r"|wachtwoord|lykilor[dð]|(?<![A-Za-z])(?:pwd?|pin)"
)
_KEYED: Final = (
    r"(?:client|api|access|private|secret|auth|refresh|session)[ _-]?(?:access[ _-]?)?(?:key|secret|token)"
    r"|(?<![A-Za-z])(?:secret|token|credentials?)"
)
_SAID: Final = (
    r"(?P<sure>[\"'\])]?[^\S\n]{0,3}(?:[:=\uff1a]{1,2}>?|->|\u2192)\s{0,3}"
    r"|\s{1,3}(?:(?:i|we|you)\s{1,3}(?:\w{1,12}\s{1,3}){1,2})?(?:is|was|are|ist|est|es|er|to)\b:?\s{1,3})"
    r"|\s{1,3}(?:-\s{1,3})?"
)
_WORD: Final = re.compile(r"[^\S\n]*(\"[^\"\n•]{1,200}\"|'[^'\n•]{1,200}'|[^\s•]+)")
_SPOKEN: Final = re.compile(
    rf"(?<!\S)(?P<s>[^\s•]++)\s{{1,3}}(?:is|was|as)\s{{1,3}}(?:(?:the|my|our|a)\s{{1,3}})?(?i:{_STRONG})\b"
)


_AROUND: Final = "\"'\u201c\u201d\u2018\u2019()[]{}<>,.;:!?="


class _Span(NamedTuple):
    start: int
    end: int


@lru_cache(maxsize=64)
def _names(secret: str) -> re.Pattern[str]:
    """Return the pattern of a secret's name and the words that announce its value."""
    own = "|".join(rf"(?<!\w){re.escape(name)}" for name in [secret] if name)
    strong = f"{own}|{_STRONG}" if own else _STRONG
    return re.compile(
        rf"(?i)(?:(?P<strong>{strong})|(?P<keyed>{_KEYED})|(?<![a-z])pass)(?!-)\w{{0,20}}[*`|]{{0,3}}(?:{_SAID})"
    )


def _hide_named(text: str, names: re.Pattern[str]) -> Iterator[str]:
    """Yield the text in pieces, with the named secrets hidden."""
    done = 0
    found = list(names.finditer(text))
    for name, following in zip_longest(found, found[1:]):
        span = (
            _find_named(text, name, following.start() if following else len(text))
            if name.start() >= done
            else None
        )
        if span:
            yield text[done : span.start] + HIDDEN
            done = span.end
    yield text[done:]


def _find_named(text: str, found: re.Match[str], limit: int) -> _Span | None:
    """Return where the secret is that a name announces, before the next name; None if another statement follows."""
    at = found.end()
    for index in range(_LOOKAHEAD if found["sure"] else 1):
        word = _WORD.match(text, at)
        if word is None:
            return None
        if index == 0 and (_is_named_secret(found, word[1]) or _is_long_number(found, word[1])):
            return _Span(*word.span(1))
        at = word.end()
        if at > limit:
            return None
        if _is_mixed(word[1]):
            return _Span(*word.span(1))
    return None


def _is_named_secret(found: re.Match[str], word: str) -> bool:
    """Return whether the word right after "password:" or "password is" is the password: not an ordinary word."""
    sure, bare = found["sure"], word.strip(_AROUND)
    if not sure or "\n" in sure or word[-1] in ":=" or is_ordinary(bare) or not any(map(str.isalnum, bare)):
        return False
    return found["strong"] is not None or (found["keyed"] is not None and any(sign in sure for sign in ":="))


def _is_long_number(found: re.Match[str], word: str) -> bool:
    """Return whether a number right after "password" is long enough to be the password."""
    bare = word.strip(_AROUND)
    return found["strong"] is not None and bare.isdigit() and len(bare) >= _SHORTEST


def _is_mixed(word: str) -> bool:
    """Return whether letters mix with digits or signs, unless the shape always does (a code, a date, a file)."""
    bare = word.strip(_AROUND)
    if len(bare) < _SHORTEST or HIDDEN[0] in bare or not any(map(str.isalpha, bare)) or is_plain_shape(bare):
        return False
    return any(map(str.isdigit, bare)) or any(char in "@#$%^&*!+=~?" for char in bare[1:])


# ---- at a step that declares a secret --------------------------------------------------------------------------------


def _hide_lone(text: str) -> str:
    """Hide every word that could be the secret; a word alone on its line may also be all letters."""
    return "\n".join(_hide_in_line(line) for line in text.split("\n"))


_MARKED: Final = re.compile(r"^\s*(?:(?:[->•*]|\d{1,3}\.)\s+)+")
"""Marks of a quote or a list before the words of a line."""


def _hide_in_line(line: str) -> str:
    words = _MARKED.sub("", line).split()
    if len(words) == 1 and _is_lone_secret(words[0]):
        return line.replace(words[0], HIDDEN)
    return re.sub(r"(?P<s>[^\s•]+)", _hide_if(_is_mixed), line)


def _is_lone_secret(word: str) -> bool:
    bare = word.strip(_AROUND)
    if re.fullmatch(r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?", bare):
        return True
    if len(bare) < _LONE or HIDDEN[0] in bare or not any(map(str.isalpha, bare)):
        return False
    return not is_plain_shape(bare) and not is_ordinary(bare)
