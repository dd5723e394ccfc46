"""Tells what is damaged in the store from what a newer version wrote, and says why it cannot be read. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

REASON: Final = 200
"""Characters of a reason."""


class Damage(Exception):
    """Says that a stored text cannot be read, and why."""


def intact(text: str) -> str:
    """Return the text if it was UTF-8 when it was stored. Raises Damage."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Damage("it is no UTF-8") from None
    return text


def is_intact(text: str) -> bool:
    """Return whether the text was UTF-8 when it was stored."""
    try:
        intact(text)
    except Damage:
        return False
    return True


NEWER: Final = frozenset({"union_tag_invalid", "extra_forbidden", "literal_error"})
"""Pydantic's types of errors that mean a newer version's value, not a damaged one: an unknown kind, an unknown
field, an unknown name. Everything else that cannot be read is damaged."""


def is_newer(error: ValidationError) -> bool:
    """Return whether a newer version wrote what this version cannot read; then it is left where it is (law L8)."""
    return any(fault["type"] in NEWER for fault in error.errors())


def mapping(found: Any) -> Mapping[str, str]:
    """Turn an answer of HGETALL into a mapping. In a pipeline the answer is a flat list."""
    if isinstance(found, Mapping):
        return found
    return dict(zip(found[::2], found[1::2], strict=True))


def readable(text: str) -> str:
    """Return a text with a replacement character for each byte that is no UTF-8."""
    return text if text.isascii() else text.encode(errors="surrogateescape").decode(errors="replace")


def reason_of(why: Exception | str) -> str:
    """Return why something cannot be read, without quoting it: pydantic's and json's texts repeat their input."""
    if isinstance(why, str):
        return why
    if isinstance(why, ValidationError):
        faults = (
            f"{'.'.join(map(str, each['loc'])) or 'the value'}: {each['type']}" for each in why.errors()
        )
        return f"wrong shape: {', '.join(faults)}"[:REASON]
    if isinstance(why, json.JSONDecodeError):
        return f"it is no JSON: {why.msg}"
    if isinstance(why, Damage):
        return str(why)
    return f"it cannot be read ({type(why).__name__})"
