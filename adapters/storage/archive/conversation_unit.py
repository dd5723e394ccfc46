"""Converts what the scripts read and write of one conversation to and from a unit of an archive. Pure.

Values are bytes in the store. JSON has only text, so a byte that is no UTF-8 becomes a lone surrogate, and back.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.storage.keys import Shard

HASHES: Final = ("seen", "words", "receipts")
"""Those of a conversation's hashes that come after its record and journal, in the order of the scripts."""


def text(value: bytes | str) -> str:
    """Return a stored value as text that JSON can hold."""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogateescape")


def stored(value: str) -> bytes:
    """Return the stored value of a text that `text` made."""
    return value.encode("utf-8", "surrogateescape")


def unit_keys(shard: Shard, conversation_id: str) -> tuple[str, ...]:
    """Return the keys of the scripts in their order. `unload` takes all but the last four."""
    return (
        shard.records + conversation_id,
        shard.journals + conversation_id,
        shard.seen + conversation_id,
        shard.words + conversation_id,
        shard.receipts + conversation_id,
        shard.alarms,
        shard.tickets,
        shard.channels,
        shard.letters,
        shard.doors,
        shard.lanes,
        shard.holds,
        shard.queues,
        shard.board,
        shard.ended,
        shard.guiding,
        shard.records,
    )


def unit(conversation_id: str, answer: Sequence[Any]) -> dict[str, Any]:
    """Return the unit of what the script `unload` read."""
    now, ttls, record, journal, *hashes, opened, timers, lanes, letters, tickets = answer
    return {
        "conversation": conversation_id,
        "expires": [_moment(now, ttl) for ttl in ttls],
        "record": _mapping(record),
        "journal": [text(row) for row in journal],
        **{name: _mapping(flat) for name, flat in zip(HASHES, hashes, strict=True)},
        "open": _moment(now, opened),
        "timers": _mapping(timers),
        "lanes": [_lane(now, lane) for lane in lanes],
        "letters": _mapping(letters),
        "tickets": [text(entry) for entry in tickets],
    }


def load_args(unit: Mapping[str, Any], keep: int) -> list[Any]:
    """Return the arguments of the script `load` for a unit."""
    args: list[Any] = [unit["conversation"], keep, unit["record"].get("v", "0"), *_list(unit["expires"])]
    args += [*_flat(unit["record"]), *_texts(unit["journal"])]
    for name in HASHES:
        args += _flat(unit[name])
    args += [unit["open"], *_flat(unit["timers"]), len(unit["lanes"])]
    for lane in unit["lanes"]:
        args += [stored(lane["lane"]), stored(lane["channel"]), lane["due"], "1" if lane["held"] else ""]
        args += [lane["attempts"], lane["expires"], *_texts(lane["entries"])]
    return args + _flat(unit["letters"]) + _texts(unit["tickets"])


def _lane(now: Any, found: Sequence[Any]) -> dict[str, Any]:
    lane, channel, due, held, attempts, ttl, entries = found
    return {
        "lane": text(lane),
        "channel": text(channel),
        "due": text(due),
        "held": bool(held),
        "attempts": int(attempts),
        "expires": _moment(now, ttl),
        "entries": [text(entry) for entry in entries],
    }


def _moment(now: Any, ttl: Any) -> int:
    """Return when a key expires, in ms of the store's clock; 0 for never, or if there is no such key."""
    return int(now) + int(ttl) if int(ttl) >= 0 else 0


def _mapping(flat: Sequence[Any]) -> dict[str, str]:
    return {text(name): text(value) for name, value in zip(flat[::2], flat[1::2], strict=True)}


def _list(items: Sequence[Any]) -> list[Any]:
    return [len(items), *items]


def _texts(items: Sequence[str]) -> list[Any]:
    return _list([stored(item) for item in items])


def _flat(mapping: Mapping[str, str]) -> list[Any]:
    return _list([stored(part) for pair in mapping.items() for part in pair])
