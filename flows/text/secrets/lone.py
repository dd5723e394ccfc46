"""Hides every word that could be the secret at a step that declares one."""

import re
from typing import Final

from flows.text.secrets.looks import AROUND, HIDDEN, is_mixed
from flows.text.secrets.never_secret import is_connective, is_ordinary, is_plain_shape

_LONE: Final = 8
"""Characters of a word of letters that may be a credential because it stands alone."""
_QUOTED: Final = 4
"""Characters of such a word in quotes or brackets, or of a number."""
_PHRASE: Final = (3, 8)
"""Words of a password of several words that stands alone."""

_MARKED: Final = re.compile(r"^\s*(?:(?:[->•*]|\d{1,3}\.)\s+)+")
"""Marks of a quote or a list before the words of a line."""
_GUID: Final = re.compile(
    r"(?P<s>\{?(?<![\w•-])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![\w-])\}?)"
)
_COMPANY: Final = re.compile(r"(?i)(?:owner|file|company|request|session|ticket|app) ?-?id\W{0,4}$|/$")
"""What a GUID is called that is no password."""

_KNOWN: Final = re.compile(
    "letmein|qwert[yz]|azerty|dragon|monkey|master|hunter|welcome|iloveyou|princess|sunshine|football|baseball"
    "|superman|batman|shadow|admin|secret|changeme|default|geheim|passwort|hallo|schatz|soleil|bonjour"
)
"""Passwords that many people have."""


def hide_lone(text: str) -> str:
    """Hide every word that could be the secret; a word or phrase alone on its line may also be all letters."""
    return "\n".join(_hide_in_line(line) for line in text.split("\n"))


def _hide_in_line(line: str) -> str:
    said = _MARKED.sub("", line)
    words = said.split()
    if len(words) == 1 and _is_lone_secret(words[0]):
        return line.replace(words[0], HIDDEN)
    if _is_lone_phrase(words):
        return line.replace(said.strip(), HIDDEN)
    line = _GUID.sub(_hide_guid, line)
    return re.sub(r"[^\s•]+", lambda found: HIDDEN if is_mixed(found[0]) else found[0], line)


def _hide_guid(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - 20) : found.start()]
    return found[0] if _COMPANY.search(before) else HIDDEN


def _is_lone_secret(word: str) -> bool:
    bare = word.strip(AROUND)
    if _GUID.fullmatch(word) or _GUID.fullmatch(bare):
        return True
    if HIDDEN[0] in bare or not bare:
        return False
    if bare.isdigit():
        return len(bare) >= _QUOTED
    if _KNOWN.fullmatch(bare.casefold()):
        return True
    least = _QUOTED if word[0] in "\"'(“«„[" and word[-1] in "\"')”»“]" else _LONE
    if len(bare) < least or not any(map(str.isalpha, bare)):
        return False
    return not is_plain_shape(bare) and not is_ordinary(bare)


def _is_lone_phrase(words: list[str]) -> bool:
    """Return whether small words stand together without any grammar, as in a password of several words."""
    least, most = _PHRASE
    if not least <= len(words) <= most or not all(word.isalpha() and word.islower() for word in words):
        return False
    rare = sum(not is_ordinary(word) for word in words)
    return rare >= least and 3 * rare >= 2 * len(words) and not any(map(is_connective, words))
