"""Says which type of value belongs under each kind of key, so that a key with another one can be set aside."""

from collections.abc import Mapping
from typing import Final

from adapters.storage.kinds import kind_of

TYPES: Final[Mapping[str, str]] = {
    "records": "hash",
    "journals": "list",
    "words": "hash",
    "seen": "hash",
    "receipts": "hash",
    "doors": "string",
    "lanes": "list",
    "holds": "hash",
    "places": "string",
    "alarms": "zset",
    "tickets": "zset",
    "board": "hash",
    "ended": "zset",
    "guiding": "zset",
    "channels": "set",
    "queues": "zset",
    "counter": "string",
    "letters": "hash",
    "quarantine": "hash",
    "identity": "string",
    "probe": "string",
    "meta": "hash",
    "processes": "hash",
    "metrics": "hash",
    "revisions": "string",
    "secrets": "string",
    "marks": "string",
    "accounts": "hash",
    "vault": "string",
    "contacts": "zset",
    "confirmed": "set",
    "erasures": "hash",
    "once": "string",
    "viewed": "zset",
    "kept": "string",
    "kept_days": "hash",
    "bookmarks": "hash",
    "allowances": "zset",
    "limits": "string",
}
"""The Redis type of each kind of key whose keys all have one."""

LEFT: Final = frozenset({"records", "meta", "secrets", "identity"})
"""Kinds whose keys are never moved. A conversation whose record is damaged is skipped until a person mends
it; without the last three kinds, no process could use the store."""

COUNTED: Final = frozenset({"allowances", "limits", "rates"})
"""Kinds that only count for a short time: a script that cannot read one starts it anew."""


def expected_type(prefix: str, key: str) -> tuple[str, str] | None:
    """Return the kind of a key and its Redis type ('' if the kind has several); None for an unknown kind."""
    kind = kind_of(prefix, key)
    if kind is None:
        return None
    if kind.name == "unmatched":
        return kind.name, "hash" if key.endswith("counts") else "zset"
    if kind.name == "uploads":
        return kind.name, "zset" if key.endswith("times") else "hash"
    if kind.name == "rates":
        ends = {"line": "zset", "back": "hash"}
        return kind.name, ends.get(key.rpartition(":")[2], "string")
    return kind.name, TYPES.get(kind.name, "")
