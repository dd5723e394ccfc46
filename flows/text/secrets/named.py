"""Finds secrets by the names before them: "password: hunter2", "mi contraseña es …", "API key = …", "PIN 4711"."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest
from typing import Final

from flows.text.secrets.looks import AROUND, SHORTEST, SecretSpan, is_mixed, is_strong
from flows.text.secrets.never_secret import is_connective, is_ordinary
from flows.text.secrets.spoken_names import (
    AS,
    IS,
    KEYED,
    OF,
    OTHERS,
    OWN,
    SHORT_CODE,
    SIGN,
    STRONG,
    UNSPACED,
    UNSURE,
)

_LOOKAHEAD: Final = 4
"""Words after "the password is" that may hold the password: "is still the old one, hunter2"."""
_LONGEST_PHRASE: Final = 8
"""Words of a password of several words."""
_LONGEST_WORD: Final = 500
"""Characters of a word that are looked at, as in the pattern of words."""

_SAID: Final = (
    rf"(?P<sure>(?:\\{{0,3}}[\"'\])]){{0,2}}[^\S\n]{{0,3}}(?:{SIGN})\s{{0,3}}(?:[|>][+-]?\n\s{{0,8}})?"
    r"|(?:>|&gt;)(?=[^\s<&•])|\(\s?(?=\\?[\"'])"
    rf"|\s{{1,3}}(?:(?:{OWN})\s{{1,3}})?(?:(?:i|we|you)\s{{1,3}}(?:\w{{1,12}}\s{{1,3}}){{1,2}})?(?:{IS}|c'est)\b:?\s{{1,3}}"
    rf"|\s{{1,3}}(?:{OF})\s(?:[^\s:=•]{{1,30}}\s{{1,3}}){{0,3}}(?:[^\s:=•]{{1,30}}\s?(?:{SIGN})|{IS}|[-\u2013\u2014])\s{{1,3}})"
    r"|[,…]?\s{1,3}(?:[-\u2013\u2014]\s{1,3})?"
)
_WORD: Final = re.compile(
    r"[^\S\n]*(\"[^\"\n•]{1,200}\"|'[^'\n•]{1,200}'|[“«„][^”»“\n•]{1,200}[”»“]|(?:[^\s•<]|<(?!/)){1,500})"
)
_REST: Final = re.compile(r"(?:[^\s•<]|<(?!/))*")
"""The rest of a longer word. Only the words that are hidden are read to their end, so that no text takes long."""

_SPOKEN: Final = re.compile(
    rf"(?<!\S)(?P<s>[^\s•]++)\s{{1,3}}(?:{AS})\s{{1,3}}(?:[^\s•]{{1,6}}\s{{1,3}})?(?i:{STRONG})\b"
)
_CHANGED: Final = re.compile(
    rf"(?i)(?:{STRONG})\w{{0,8}}\s(?:from|von|de|da|от)\s{{1,3}}(?P<s>[^\s•]{{4,100}})\s{{1,3}}(?:to|auf|zu|a|à|na|на)\s"
)
_UNSPACED: Final = re.compile(
    rf"(?:{UNSPACED})[\"'”」】]?\s{{0,2}}(?:は|是|为|為|就是|改成|改为|改為|:|\uff1a|=|이|가|은|는|คือ){{0,2}}\s{{0,2}}[\"'“「【]?(?P<s>[!-~]{{4,}})"
)
_CODE: Final = re.compile(
    rf"(?i){SHORT_CODE}\s{{0,2}}(?:is|:|=|#|-|→)?\s{{0,2}}(?P<s>\d{{3}}[ -]\d{{3}}(?![\w-])|\d{{3,12}})(?!\w|\.\d)"
)
_TEXTED: Final = re.compile(
    rf"(?i)(?<![\w.-])(?P<s>(?:[a-z]-)?\d{{4,8}}) is (?:your|my) (?:\w{{1,20}} ){{0,2}}{SHORT_CODE}"
)
_DESCRIBED: Final = re.compile(
    rf"(?i)(?:{STRONG})\w{{0,20}}(?:\s(?P<w>[^\s:=•,.;!?()]{{1,20}})){{0,4}}(?:\s?(?:{SIGN})\s{{0,3}}|\s(?:{IS}|hei(?:ß|ss)t|brzmi)\s{{1,3}})"
    r"(?P<s>[^\s•]{4,100})"
)
"""A name, words that describe the secret, and the secret: "contraseña actual: …", "the password that I use is …"."""

_PAIR: Final = re.compile(
    r"(?i)\b(?:log-?in|creds?|credentials?)\b(?: details| data)?[^\S\n]{0,2}[:=-]?\s{1,2}(?P<w>[^\s/:|,]{2,60})"
    r"\s?[/:|]\s?(?P<s>[^\s•]{4,100})"
)
"""What a person signs in with: "login ana:…", "credentials: ana / …"."""


@lru_cache(maxsize=64)
def _names(secret: str) -> re.Pattern[str]:
    """Return the pattern of a secret's name and the words that announce its value."""
    own = "|".join(rf"(?<!\w){re.escape(name)}" for name in [secret] if name)
    strong = f"{own}|{STRONG}" if own else STRONG
    return re.compile(
        rf"(?i)(?:(?P<strong>{strong})|(?P<keyed>{KEYED})|(?P<unsure>{UNSURE})|(?<![a-z])pass)"
        rf"(?!-)\w{{0,20}}[*`|]{{0,3}}(?:{_SAID})"
    )


def named_secrets(text: str, secret: str) -> Iterator[SecretSpan]:
    """Yield where the secrets are that a name announces. `secret` is the name that a step declares; '' for none."""
    done = 0
    found = list(_names(secret).finditer(text))
    for name, following in zip_longest(found, found[1:]):
        if name.start() >= done:
            span = _find_named(text, name, following.start() if following else len(text))
            if span:
                done = _end_of_word(text, span)
                yield SecretSpan(span.start, done)


def _end_of_word(text: str, span: SecretSpan) -> int:
    rest = _REST.match(text, span.end) if span.end - span.start >= _LONGEST_WORD else None
    return rest.end() if rest else span.end


def spoken_secrets(text: str) -> Iterator[SecretSpan]:
    """Yield secrets that stand before their name, in scripts without spaces, and short codes."""
    for pattern in (_SPOKEN, _CHANGED, _DESCRIBED, _PAIR):
        for found in pattern.finditer(text):
            if is_mixed(found["s"]) and not OTHERS.fullmatch(found.groupdict().get("w") or ""):
                yield SecretSpan(*found.span("s"))
    for pattern in (_UNSPACED, _CODE, _TEXTED):
        for found in pattern.finditer(text):
            if not is_ordinary(found["s"].strip(AROUND)):
                yield SecretSpan(*found.span("s"))


def _find_named(text: str, found: re.Match[str], limit: int) -> SecretSpan | None:
    """Return where the secret is that a name announces, before the next name; None if another statement follows."""
    at = found.end()
    for index in range(_LOOKAHEAD):
        word = _WORD.match(text, at)
        if word is None:
            return None
        if index == 0 and (
            _is_named_secret(found, word[1])
            or _is_long_number(found, word[1])
            or _is_in_brackets(found, word[1])
        ):
            return SecretSpan(word.start(1), max(word.end(1), _phrase_end(text, word.start(1), limit, found)))
        if index == 0 and (end := _phrase_end(text, word.start(1), limit, found)):
            return SecretSpan(word.start(1), end)
        at = word.end()
        if at > limit:
            return None
        if is_mixed(word[1]) and (found["sure"] or index == 0 or (found["strong"] and is_strong(word[1]))):
            return SecretSpan(*word.span(1))
    return None


def _phrase_end(text: str, start: int, limit: int, found: re.Match[str]) -> int:
    """Return where a password of several words ends; 0 if the words are one word, or talk about the password.

    Talk has everyday words; of a password, at most every second word is one.
    """
    if not found["strong"] or not found["sure"] or "\n" in found["sure"]:
        return 0
    at, rare, count, last = start, 0, 0, 0
    while (
        count <= _LONGEST_PHRASE and at < limit and (word := _WORD.match(text, at)) and word.start(1) < limit
    ):
        bare = word[1].strip(AROUND)
        if is_connective(bare) or word[1][-1] in ":=" or not any(map(str.isalnum, bare)):
            break
        count += 1
        if not is_ordinary(bare):
            rare, last = rare + 1, word.end(1)
        at = word.end()
        if word[1][-1] in ",.;:!?)":
            break
    whole = 2 <= count <= _LONGEST_PHRASE and rare >= 2 and 2 * rare >= count
    return last if whole else 0


def _is_named_secret(found: re.Match[str], word: str) -> bool:
    """Return whether the word right after "password:" or "password is" is the password: not an ordinary word."""
    sure, bare = found["sure"], word.strip(AROUND)
    if not sure or "\n" in sure or word[-1] in ":=" or is_ordinary(bare) or not any(map(str.isalnum, bare)):
        return False
    if not any(sign in sure for sign in ":=-→\uff1a") and _is_participle(bare):
        return False
    return found["strong"] is not None or (found["keyed"] is not None and any(sign in sure for sign in ":="))


def _is_participle(word: str) -> bool:
    """Return whether the word is what is done with a password, as in "the password is saved"."""
    return word.isalpha() and word.islower() and len(word) > 5 and word.endswith(("ed", "ing"))


def _is_long_number(found: re.Match[str], word: str) -> bool:
    """Return whether a number right after "password" is long enough to be the password."""
    bare = word.strip(AROUND)
    return found["strong"] is not None and bare.isdigit() and len(bare) >= SHORTEST


def _is_in_brackets(found: re.Match[str], word: str) -> bool:
    """Return whether a word in brackets or quotes right after "password" is the password."""
    if found["strong"] is None or len(word) < 6 or (word[0], word[-1]) not in _PAIRS:
        return False
    bare = word.strip(AROUND)
    return " " not in bare and len(bare) >= 4 and not is_ordinary(bare)


_PAIRS: Final = frozenset(
    [("(", ")"), ("[", "]"), ('"', '"'), ("'", "'"), ("“", "”"), ("«", "»"), ("„", "“")]
)
