"""Writes garbage, or another type, under the keys of a store."""

from collections.abc import Sequence
from itertools import cycle
from typing import Final

from adapters.storage.key_types import expected_type
from adapters.storage.kinds import kind_of
from adapters.storage.store import Store

GARBAGE: Final = {
    "nothing": b"",
    "no JSON": b"{no",
    "another shape": b'{"a": [1, null]}',
    "a list": b"[[], 7]",
    "a NUL": b"a\x00b 1 2 3",
    "no UTF-8": b"\xff\xfe 1.1.g.1 \xe9 {}",
    "words": b"some words that mean nothing at all",
}
"""What stands in the place of a value."""


class Damage:
    """Finds the keys of a store by their kind, and damages them."""

    def __init__(self, store: Store) -> None:
        """Damage nothing yet."""
        self.store = store
        self._sorts = cycle(GARBAGE.values())

    async def keys_of(self, kind: str) -> list[str]:
        """Return the keys of a kind."""
        return [key for key in await self._all() if self.kind(key) == kind]

    async def _all(self) -> list[str]:
        keys = self.store.wire.keys.any()
        return [str(key) async for key in self.store.wire.client.scan_iter(match=keys, count=1000)]

    def kind(self, key: str) -> str | None:
        """Return the kind of a key."""
        known = kind_of(self.store.wire.keys.prefix, key)
        return known.name if known else None

    async def spoil(self, key: str, spared: Sequence[str]) -> None:
        """Put garbage of every sort under a key, in the type that it has; beside what is there in an index.

        Fields of a hash whose names contain something spared stay.
        """
        sorts, ask = self._sorts, self.store.wire.client.execute_command
        match await ask("TYPE", key):
            case "string":
                await ask("SET", key, next(sorts))
            case "hash":
                for field in await ask("HKEYS", key):
                    if not any(name in field for name in spared):
                        await ask("HSET", key, field, next(sorts))
                for garbage in GARBAGE.values():
                    await ask("HSET", key, garbage, garbage)
            case "list":
                for index in range(await ask("LLEN", key)):
                    await ask("LSET", key, index, next(sorts))
                for garbage in GARBAGE.values():
                    await ask("RPUSH", key, garbage)
            case "zset":
                at = (
                    0 if self.kind(key) in ("alarms", "queues") else 4e12
                )  # due at once, or the newest of a list
                for garbage in GARBAGE.values():
                    await ask("ZADD", key, at, garbage)
            case "set":
                for garbage in GARBAGE.values():
                    await ask("SADD", key, garbage)
            case "none":
                pass  # it has expired
            case other:
                raise AssertionError(f"{key} has the type {other}")

    async def retype(self, key: str) -> None:
        """Put a value of another type under a key."""
        _, wanted = expected_type(self.store.wire.keys.prefix, key) or ("", "")
        ask = self.store.wire.client.execute_command
        await ask("DEL", key)
        await ask(*(("SET", key, "x") if wanted != "string" else ("RPUSH", key, "x")))
