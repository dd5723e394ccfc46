"""Reads the fields of Slack's payloads; a missing field, or one of another type, reads as empty. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

Json = Mapping[str, Any]

_HALVES: Final = re.compile("[\ud800-\udfff]")
"""Lone surrogates, which JSON can spell and no store can keep."""

LARGEST: Final = 2**53
"""The largest whole number that every JSON parser reads exactly."""


def thing(value: object) -> Json:
    """Read an object; {} for any other value."""
    return value if isinstance(value, Mapping) else {}


def things(value: object) -> list[Json]:
    """Read the objects of a list; [] for any other value."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def text(value: object) -> str:
    """Read a string, with lone surrogates replaced; '' for any other value."""
    return _HALVES.sub("\ufffd", value) if isinstance(value, str) else ""


def whole(value: object) -> int:
    """Read a positive whole number; 0 for any other value."""
    return value if isinstance(value, int) and 0 < value < LARGEST else 0
