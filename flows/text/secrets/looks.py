"""Tells by a word's look whether it could be a secret: digits and signs among letters, or long and random."""

import re
from itertools import pairwise
from typing import Final, NamedTuple

from flows.text.secrets.never_secret import is_plain_shape

HIDDEN: Final = "••••••"
"""Replaces a secret; no rule takes any of these characters for a secret, so masking twice equals masking once."""

AROUND: Final = "\"'\u201c\u201d\u201e\u2018\u2019«»()[]{}<>,.;:!?="
"""Signs around a word."""

SHORTEST: Final = 6
"""Characters of a word that may be a credential by its look alone."""

RANDOM: Final = 24
"""Characters of a word that is too long and too mixed for anything but a key."""

_HASH: Final = re.compile(
    r"(?i)sha-?\d{0,3}|md5|hash|checksum|digest|commit|git|object|blob|tree|revision|\brev\b|etag|fingerprint"
    r"|thumbprint|image|layer|build|prüfsumme|somme de contrôle"
)
"""Words before a hash, which looks like a key in hexadecimal."""

_BEFORE: Final = 48
"""Characters before a value that may say what it is."""


class SecretSpan(NamedTuple):
    """Says where a secret begins and ends in a text."""

    start: int
    end: int


def is_mixed(word: str) -> bool:
    """Return whether letters mix with digits or signs, unless the shape always does (a code, a date, a file)."""
    bare = word.strip(AROUND)
    if len(bare) < SHORTEST or HIDDEN[0] in bare or not any(map(str.isalpha, bare)) or is_plain_shape(bare):
        return False
    return any(map(str.isdigit, bare)) or any(char in "@#$%^&*!+=~?" for char in bare[1:])


def is_strong(word: str) -> bool:
    """Return whether letters of both cases, or letters and signs, mix with digits, as passwords must by many rules."""
    bare = word.strip(AROUND)
    letters = [char for char in bare if char.isalpha()]
    cases = any(map(str.isupper, letters)) and any(map(str.islower, letters))
    signs = any(char in "@#$%^&*!+=~?" for char in bare[1:])
    return is_mixed(word) and any(map(str.isdigit, bare)) and (cases or signs)


def is_random(found: re.Match[str]) -> bool:
    """Return whether the value changes often between digits and letters, or is long hexadecimal and no hash."""
    value = found["s"]
    if is_plain_shape(value):
        return False
    if re.fullmatch(r"[0-9a-f]{32,}|[0-9A-F]{32,}", value):
        before = found.string[max(0, found.start() - _BEFORE) : found.start("s")]
        return not value.isdigit() and _HASH.search(before) is None
    changes = sum(before.isdigit() != after.isdigit() for before, after in pairwise(value))
    return changes >= 4 and any(map(str.isupper, value)) and any(map(str.islower, value))


def is_scrambled(found: re.Match[str]) -> bool:
    """Return whether small letters, capitals and digits take turns as in a key in base 64, not as in a path."""
    if found["s"].isupper() or found["s"].islower():
        return False
    kinds = [(char.isupper(), char.isdigit()) for char in found["s"] if char.isalnum()]
    return sum(before != after for before, after in pairwise(kinds)) >= _TURNS


_TURNS: Final = 13
