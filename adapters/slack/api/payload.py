"""Reads the fields of what Slack sends, whatever stands there: what is missing or of another kind is empty. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

Json = Mapping[str, Any]

_HALVES: Final = re.compile("[\ud800-\udfff]")
"""Halves of a character, which JSON can spell and no store can keep."""

LARGEST: Final = 2**53
"""Whole numbers up to here survive every reader of JSON."""


def thing(value: object) -> Json:
    """An object."""
    return value if isinstance(value, Mapping) else {}


def things(value: object) -> list[Json]:
    """The objects of a list."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def text(value: object) -> str:
    """A text, of whole characters."""
    return _HALVES.sub("\ufffd", value) if isinstance(value, str) else ""


def whole(value: object) -> int:
    """A number of something."""
    return value if isinstance(value, int) and 0 < value < LARGEST else 0
