"""Knows which store a process works on, and refuses one that lost its data or is another one.

The identity is drawn at the first start. It stands in the hash `meta` and in a marker of every shard, which the commit
script compares, so that no event is acknowledged in a store without it.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.storage.keys import Keys, Shard
from bot.ports import StoreDown
from bot.telemetry import log

LOOK_S: Final = 1.0
"""Seconds between two looks at the identity, while commands are sent. Commits compare it each time."""

ACCEPTED_S: Final = 24 * 3600
"""Seconds in which processes that know another store continue on one that an operator accepted. Later they refuse it,
because it may be the store of another deployment, which was accepted there long ago."""

REMEDY: Final = "restore it, or run `python -m bot store accept` to continue without it"
LOST: Final = f"the store lost its data; {REMEDY}"
PARTLY: Final = f"the store lost a part of its data; {REMEDY}"
ANOTHER: Final = (
    "this is not the store used before; correct REDIS_URL, or run `python -m bot store accept` to use it"
)

Send = Callable[[Sequence[tuple[Any, ...]]], Awaitable[list[Any] | None]]


def fresh_identity() -> str:
    """Draw the identity of a new store."""
    return secrets.token_hex(8)


@dataclass(frozen=True)
class KnownStore:
    """The store that a process or machine works on, and when it was last known to be that, by the store's clock."""

    identity: str = ""
    since: int = 0

    def gives_way(self, accepted: str | None) -> bool:
        """Return whether another store, accepted at that time in ms, may be used instead."""
        at = int(accepted) if accepted and accepted.isdecimal() else 0
        return at >= self.since and at > (time.time() - ACCEPTED_S) * 1000


UNKNOWN: Final = KnownStore()
"""No store is known yet."""


class StoreIdentity:
    """Compares the store with the one that this process knows. `known` is '' until `know` was called."""

    def __init__(self, keys: Keys, send: Send) -> None:
        """`send` asks a primary, and returns the answers and errors; None if a replica answered."""
        self._keys = keys
        self._send = send
        self._store = KnownStore()
        self._due = 0.0
        self._turn = 0
        self._missed: Shard | None = None
        self._looking: asyncio.Task[None] | None = None
        self.lost = ""
        self.remember: Callable[[KnownStore], None] = lambda _store: None

    @property
    def known(self) -> str:
        """Return the identity of the store that this process works on."""
        return self._store.identity

    def know(self, store: KnownStore) -> None:
        """Work on that store from now on, and remember it for the next start."""
        self._store, self.lost, self._missed = store, "", None
        self.remember(store)

    async def admit(self) -> None:
        """Let a command pass. Look at the identity once a second beside it. Raises StoreDown for a lost store."""
        now = asyncio.get_running_loop().time()
        if self.known and now >= self._due:
            self._due = now + LOOK_S
            if self.lost:
                await self.look()
            elif self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self.look(), name="identity")
        if self.lost:
            raise StoreDown(self.lost)

    async def look(self, shard: Shard | None = None) -> None:
        """Look at the identity now, and set `lost`. A server that does not answer tells nothing.

        Looks at the marker of that shard, or at that which was missed, or at the next one.
        """
        if not self.known:
            return
        store = self._store
        shard = shard or self._missed or self._keys.shards[self._turn % self._keys.count]
        self._turn += 1
        try:
            found = await self._send([("HMGET", self._keys.meta, "id", "accepted"), ("GET", shard.identity)])
        except StoreDown:
            return
        if found is None or any(isinstance(each, Exception) for each in found):
            return
        if self._store is not store:  # accepted meanwhile: the answer is about the store before
            return
        meta, marker = found
        identity, accepted = meta
        if identity and identity == marker != self.known and self._store.gives_way(accepted):
            self.know(KnownStore(identity, int(accepted)))
            log("store").warning("an operator accepted the store as it is; continuing with it")
            return
        was, self.lost = self.lost, _verdict(self.known, identity, marker)
        self._missed = shard if self.lost else None
        if self.lost and not was:
            log("store").error("refusing every event", reason=self.lost)
        elif was and not self.lost:
            log("store").warning("the store has its data again; continuing")

    async def recheck(self, shard: Shard) -> None:
        """Look at the identity and that shard now. Raises StoreDown for a lost store."""
        await self.look(shard)
        if self.lost:
            raise StoreDown(self.lost)

    def look_again(self) -> None:
        """Look at the identity with the next command."""
        self._due = 0.0

    async def close(self) -> None:
        """Stop looking."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])


def _verdict(known: str, identity: str | None, marker: str | None) -> str:
    """Return why the store must not be used, or ''."""
    if identity == marker == known:
        return ""
    if identity is None and marker is None:
        return LOST
    return PARTLY if {identity, marker} == {known, None} else ANOTHER
