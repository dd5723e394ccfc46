"""Tells which names of fields, headers and settings announce a secret."""

import re
from typing import Final

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_SECRET: Final = re.compile(
    "(?:auth|access|refresh|session)?tokens?|passw(?:or)?ds?|pass(?:wort|phrase|code)?s?|kennwort|pwd?|secrets?|credentials?"
    "|pin|otp|cvv|authorization|cookies?|apikeys?|sessionid"
)
_KEYS: Final = re.compile("api|access|private|secret|signing|encryption|client|session")


def is_secret_name(name: str) -> bool:
    """Return whether a value of this name is a secret: `password`, `clientSecret`, `X-Api-Key`, `set-cookie`."""
    words = [word.casefold() for word in _WORDS.findall(name[:200].rstrip("0123456789"))]
    if not words:
        return False
    keyed = words[-1] in ("key", "keys") and len(words) > 1 and _KEYS.fullmatch(words[-2]) is not None
    return keyed or _SECRET.fullmatch(words[-1]) is not None
