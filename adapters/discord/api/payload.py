"""What Discord's JSON says, whatever it holds: each look gives a value of its type, an empty one for anything else."""

from collections.abc import Iterator, Mapping
from typing import Any

from flows.events import SHARED_AT_ONCE, File

Json = Mapping[str, Any]


def inner(data: object, name: str) -> Json:
    """The object under that name."""
    found = data.get(name) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def text(data: Json, name: str) -> str:
    """The text under that name."""
    found = data.get(name)
    return found if isinstance(found, str) else ""


def number(data: Json, name: str) -> int:
    """The whole number under that name, also where it is written as a text."""
    found = data.get(name)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 20:
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else 0


def snowflake(data: Json, name: str) -> str:
    """The id under that name, as text."""
    found = number(data, name)
    return str(found) if found else ""


def ids(data: Json, name: str) -> tuple[str, ...]:
    """The ids listed under that name."""
    found = data.get(name)
    rows = found if isinstance(found, list) else []
    return tuple(one for one in rows if isinstance(one, str) and one.isascii() and one.isdigit())


def texts(data: Json, name: str) -> tuple[str, ...]:
    """The texts listed under that name."""
    found = data.get(name)
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def rows(data: Json, name: str) -> Iterator[Json]:
    """The objects listed under that name, or kept there by their ids."""
    found = data.get(name)
    if isinstance(found, Mapping):
        found = list(found.values())
    yield from (one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else ()


def files(data: Json, name: str, at: str = "") -> tuple[File, ...]:
    """The files attached there, by id, name, type and bytes; their addresses expire and are not kept. `at` is the
    message they hang on, as the text of an address.
    """
    found = (
        File(
            id=snowflake(one, "id"),
            name=text(one, "filename")[:200],
            kind=text(one, "content_type")[:100],
            size=number(one, "size"),
            at=at,
        )
        for one in rows(data, name)
        if snowflake(one, "id")
    )
    return tuple(found)[:SHARED_AT_ONCE]
