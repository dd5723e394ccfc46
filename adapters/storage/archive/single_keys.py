"""Reads keys that belong to no conversation, in pieces of bounded size, and writes them without replacing anything."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from adapters.storage.archive.conversation_unit import stored, text
from adapters.storage.keys import rest_of
from adapters.storage.wire import Wire

PIECE: Final = 500
"""Number of fields or members that a unit holds at most, roughly: the store may return a few more."""

SCANS: Final = {"hash": "HSCAN", "set": "SSCAN", "zset": "ZSCAN"}


async def pieces(wire: Wire, key: str, now: int) -> AsyncIterator[dict[str, Any]]:
    """Yield a key in units. Yields nothing if the key is gone."""
    kind = str(await wire.ask("TYPE", key))
    ttl = int(await wire.ask("PTTL", key))
    head = {
        "key": rest_of(wire.keys.prefix, key),
        "type": kind,
        "expires": now + ttl if ttl >= 0 else 0,
    }
    if kind == "string":
        value = await wire.ask_bytes("GET", key)
        if value is not None:
            yield {**head, "value": [text(value)]}
    elif kind == "list":
        yield {**head, "value": [text(item) for item in await wire.ask_bytes("LRANGE", key, 0, -1)]}
    elif kind in SCANS:
        cursor = 0
        while True:
            answer, found = await wire.ask_bytes(SCANS[kind], key, cursor, "COUNT", PIECE)
            cursor = int(answer)
            if found:
                yield {**head, "value": _texts(found)}
            if cursor == 0:
                return


async def write(wire: Wire, unit: Mapping[str, Any], *, earliest: bool = False) -> bool:
    """Write a piece of a key; fields and members that the store has already stay. Return False if nothing was new.

    With `earliest`, a member of a sorted set gets the lower of two scores.
    """
    key, value = wire.keys.named(unit["key"]), [stored(part) for part in unit["value"]]
    pairs = list(zip(value[::2], value[1::2], strict=False))
    match unit["type"]:
        case "string":
            commands: list[tuple[Any, ...]] = [("SET", key, value[0], "NX")]
        case "hash":
            commands = [("HSETNX", key, *pair) for pair in pairs]
        case "set":
            commands = [("SADD", key, member) for member in value]
        case "zset":
            how = "LT" if earliest else "NX"
            commands = [("ZADD", key, how, score, member) for member, score in pairs]
        case "list" if not await wire.ask("EXISTS", key):
            commands = [("RPUSH", key, *value)]
        case _:
            return False
    if unit["expires"] and unit["type"] == "string":
        commands = [(*commands[0], "PXAT", unit["expires"])]
    elif unit["expires"]:
        commands.append(("PEXPIREAT", key, unit["expires"], *await _later(wire, key)))
    answers = await wire.ask_all(commands)
    return any(answers[: len(commands) - (unit["type"] != "string" and bool(unit["expires"]))])


async def _later(wire: Wire, key: str) -> tuple[str, ...]:
    """Return the word that lets a key's time only grow, if the store has the key with a time."""
    return ("GT",) if int(await wire.ask("PTTL", key)) > 0 else ()


def _texts(found: Any) -> list[str]:
    """Return fields and values, members, or members and scores, one after the other."""
    if isinstance(found, Mapping):
        return [text(part) for pair in found.items() for part in pair]
    flat: list[str] = []
    for each in found:
        if isinstance(each, Sequence) and not isinstance(each, bytes | str):
            flat += (text(each[0]), f"{each[1]:.17g}" if isinstance(each[1], float) else text(each[1]))
        else:
            flat.append(text(each))
    return flat
