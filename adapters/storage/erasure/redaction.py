"""Decides how a conversation reads without one of the people in it. Pure.

A person's id becomes a name that means no one, the same in the record and in each row, so that the journal still
replays to the record. Their name becomes empty.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from adapters.storage.keys import short
from adapters.storage.records.rebuild import SET_ASIDE
from flows.acts import Act

NAMES: Final = {"h": "hb", "hd": "hy"}
"""The field of a person's name by the field of their id, in the record and in what a row sets."""


@cache
def acts() -> frozenset[str]:
    """Return the types of events by which agents act: those words belong to the conversation they helped in."""
    return frozenset(str(each.model_fields["type"].default) for each in Act.__subclasses__())


def pseudonym(actor: str) -> str:
    """Return what stands for a person who was erased."""
    return f"erased:{short(actor, 6)}"


def redacted_record(record: Mapping[str, str], actors: Sequence[str]) -> dict[str, str]:
    """Return the record's fields that change; '' for one that goes."""
    changed: dict[str, str] = {}
    for name, value in record.items():
        words = [pseudonym(word) if word in actors else word for word in value.split(" ")]
        if (text := " ".join(words)) != value:
            changed[name] = text
            if name in NAMES and NAMES[name] in record:
                changed[NAMES[name]] = ""
    return changed


def redacted_row(row: str, actors: Sequence[str]) -> tuple[str, bool]:
    """Return a journal's row without the person, and whether it says that they wrote as a customer.

    A damaged row that names them goes as a whole, and so does what was written with it.
    """
    try:
        since, body, *number = json.loads(row)
        if isinstance(body, str):
            return row, False  # an answer that names no one
        wrote = _author(body) in actors and _kind(body) not in acts()
    except (ValueError, LookupError, TypeError, AttributeError):
        named = any(actor in row for actor in actors)
        return (SET_ASIDE if named else row), named
    clean = _clean(body, actors)
    text = json.dumps([since, clean, *number], ensure_ascii=False, separators=(",", ":"))
    return (text if clean != body else row), wrote


def _kind(body: Mapping[str, Any]) -> str:
    event = body["e"]
    return str(event[0]) if isinstance(event, list) else str(event)


def _author(body: Mapping[str, Any]) -> str:
    event = body["e"]
    return str(event[1].get("actor", "")) if isinstance(event, list) else ""


def _clean(value: Any, actors: Sequence[str]) -> Any:
    if isinstance(value, str):
        return pseudonym(value) if value in actors else value
    if isinstance(value, list):
        return [_clean(each, actors) for each in value]
    if not isinstance(value, dict):
        return value
    clean = {name: _clean(each, actors) for name, each in value.items()}
    if value.get("actor") in actors:
        clean.pop("name", None)
    for person, name in (*NAMES.items(), ("to", "to_name")):
        if value.get(person) in actors and name in clean:
            clean[name] = ""
    return clean
