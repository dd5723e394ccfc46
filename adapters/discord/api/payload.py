"""Reads the fields of Discord's payloads; a missing field, or one of another type, reads as empty."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from adapters.discord.api.addresses import signed
from flows.events import SHARED_AT_ONCE, File

Json = Mapping[str, Any]

_HALVES: Final = re.compile("[\ud800-\udfff]")
"""Lone surrogates, which JSON can spell and no store can keep."""


def inner(data: object, name: str) -> Json:
    """Read an object; {} for any other value."""
    value = data.get(name) if isinstance(data, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def text(data: Json, name: str) -> str:
    """Read a string, with lone surrogates replaced; '' for any other value."""
    value = data.get(name)
    return _HALVES.sub("\ufffd", value) if isinstance(value, str) else ""


def number(data: Json, name: str) -> int:
    """Read a positive whole number, also from a string; 0 for any other value."""
    value = data.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def snowflake(data: Json, name: str) -> str:
    """Read an id as text; '' for any other value."""
    value = number(data, name)
    return str(value) if value else ""


def ids(data: Json, name: str) -> tuple[str, ...]:
    """Read a list of ids."""
    value = data.get(name)
    rows = value if isinstance(value, list) else []
    return tuple(row for row in rows if isinstance(row, str) and row.isascii() and row.isdigit())


def texts(data: Json, name: str) -> tuple[str, ...]:
    """Read a list of strings."""
    value = data.get(name)
    items = value if isinstance(value, list) else []
    return tuple(_HALVES.sub("\ufffd", item) for item in items if isinstance(item, str))


def rows(data: Json, name: str) -> Iterator[Json]:
    """Read a list of objects, or an object that holds them by their ids."""
    value = data.get(name)
    if isinstance(value, Mapping):
        value = list(value.values())
    yield from (item for item in value if isinstance(item, Mapping)) if isinstance(value, list) else ()


def files(data: Json, name: str, at: str = "") -> tuple[File, ...]:
    """Read attachments: id, name, type and bytes. `at` is the address, as text, of the message that holds them; without
    it, their own signed URLs are kept.
    """
    value = (
        File(
            id=snowflake(attachment, "id"),
            name=text(attachment, "filename")[:200],
            kind=text(attachment, "content_type")[:100],
            size=number(attachment, "size"),
            at=at or signed(text(attachment, "url")),
        )
        for attachment in rows(data, name)
        if snowflake(attachment, "id")
    )
    return tuple(value)[:SHARED_AT_ONCE]
