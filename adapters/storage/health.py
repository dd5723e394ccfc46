"""Checks that the server is fit for production: the known store, reachable, writable, persistent, without eviction."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from redis.exceptions import ResponseError

from adapters.storage.formats import NEWEST
from adapters.storage.identity import ANOTHER, LOST, PARTLY, UNKNOWN, KnownStore, fresh_identity
from adapters.storage.records.board_migration import relist
from adapters.storage.wire import ScriptCall, Wire, needed_commands, says_nothing, script
from bot.ports import StoreDown

FORMAT: Final = NEWEST
"""The newest format of stored data that this release reads. A new store starts with it."""

OLDEST: Final = (7, 0)
"""The oldest Redis version that has everything the scripts use (sharded channels)."""


CHECK_S: Final = 1.0
"""Seconds for which the result of a check holds, so that frequent probes do not load the store."""

PROBE_S: Final = 60
"""Seconds for which the key of a trial write stays."""


class StoreUnusable(Exception):
    """The store answers, or could be started, but must not be used in this state. The message says what to do."""


class RedisHealth:
    """Implements the port Health.

    `vouched` is for servers that are persistent but do not show how (some managed ones): the operator has declared the
    server persistent, so persistence is not checked.
    """

    def __init__(self, wire: Wire, vouched: bool = False, every_s: float = CHECK_S) -> None:
        """`every_s` is how many seconds the result of a check may be old."""
        self._wire = wire
        self._vouched = vouched
        self._every = every_s
        self._due = 0.0
        self._checking: asyncio.Task[Mapping[str, str]] | None = None

    async def check(self) -> Mapping[str, str]:
        """Return what is wrong, by name of the check. {} if all is well. Many callers at once share one check."""
        now = asyncio.get_running_loop().time()
        if self._checking is None or (self._checking.done() and now >= self._due):
            self._due = now + self._every
            self._checking = asyncio.create_task(self._check(), name="health")
        return await asyncio.shield(self._checking)

    def check_again(self) -> None:
        """Ask the store anew with the next check, however short ago the last one was."""
        self._due = 0.0

    async def _check(self) -> Mapping[str, str]:
        identity = self._wire.identity
        try:
            await identity.look()
            if identity.lost:
                return {"identity": identity.lost}
            infos = await self._infos()
            meta = await self._wire.ask("HGETALL", self._wire.keys.meta)
        except StoreDown as down:
            return {"reachable": str(down)}
        except ResponseError as refused:  # something is damaged that no command mends
            return {"usable": f"the server refuses a command that the store needs: {refused}"}
        persistent = "" if self._vouched else _worst(_persistence(info) for info in infos)
        checks = {"persistent": persistent, "eviction": _worst(_eviction(info) for info in infos)}
        checks["shards"] = _differences(meta, self._wire.keys.count)
        checks["writable"] = await self._write()
        with suppress(StoreDown):  # a full server refuses the look at the rights, too, and is named above
            checks["rights"] = await self._missing_rights()
        return {name: wrong for name, wrong in checks.items() if wrong}

    async def _write(self) -> str:
        """Write a key to every primary. Return why one refuses, or ''."""
        keys = [shard.probe for shard in await self._wire.one_per_primary()]
        try:
            await self._wire.run_all([ScriptCall(script("probe"), [key], [PROBE_S]) for key in keys])
        except StoreDown as down:
            return str(down)
        return ""

    async def prepare(self, remembered: KnownStore = UNKNOWN) -> None:
        """Store the format, number of shards and identity at the first start.

        Raises StoreUnusable if the stored ones differ, or if this is not the store that is remembered.
        """
        try:
            await self._check_version()
            await self._check_rights()
            await self._recognize(remembered)
            fresh = await self._check_format()
            await self._identify()
            await relist(self._wire, empty=fresh)
        except ResponseError as refused:
            raise StoreUnusable(f"the server refuses a command that the store needs: {refused}") from refused

    async def accept(self) -> None:
        """Give the store, as it is, a new identity. Processes that know another one continue on it within seconds.

        Raises StoreUnusable if its data cannot be read by this version.
        """
        await self._check_version()
        self._wire.identity.know(UNKNOWN)
        await self._check_format()
        identity, now = fresh_identity(), await self._now()
        await self._mark(identity)
        accepted = [("HSET", self._wire.keys.meta, "id", identity, "accepted", now, "marked", 1)]
        await self._wire.ask_all(accepted)
        self._wire.identity.know(KnownStore(identity, now))

    async def _check_version(self) -> None:
        for info in await self._infos():
            version = _version(info)
            if version and version < OLDEST:
                raise StoreUnusable(
                    f"Redis {'.'.join(map(str, version))} is too old; use Redis or Valkey 7.0 or newer"
                )

    async def _check_rights(self) -> None:
        """Raise StoreUnusable if a script would stop half-way, because the user lacks a right."""
        if missing := await self._missing_rights():
            raise StoreUnusable(missing)

    async def _missing_rights(self) -> str:
        """Return which commands the user may not use on one of the primaries, or ''."""
        keys = [shard.probe for shard in await self._wire.one_per_primary()]
        calls = [ScriptCall(script("rights"), [key], needed_commands()) for key in keys]
        missing = sorted({command for found in await self._wire.run_all(calls) for command in found})
        if not missing:
            return ""
        return f"the user of REDIS_URL lacks the right to use {', '.join(missing)}; docs/redis.md lists all rights"

    async def _recognize(self, remembered: KnownStore) -> None:
        """Raise StoreUnusable for another store than the remembered one, and for the rest of one that lost `meta`."""
        identity, accepted = await self._wire.ask("HMGET", self._wire.keys.meta, "id", "accepted")
        if not remembered.identity:
            if not identity and any(await self._markers()):
                raise StoreUnusable(PARTLY)
            return
        if identity == remembered.identity or (identity and remembered.gives_way(accepted)):
            return
        raise StoreUnusable(ANOTHER if identity else LOST)

    async def _check_format(self) -> bool:
        """Check the format and the number of shards. Return whether the store was empty. Raises StoreUnusable."""
        key = self._wire.keys.meta
        fresh, _ = await self._wire.ask_all(
            [("HSETNX", key, "shards", self._wire.keys.count), ("HSETNX", key, "format", FORMAT)],
        )
        meta = await self._wire.ask("HGETALL", key)
        wrong = _differences(meta, self._wire.keys.count)
        if wrong:
            raise StoreUnusable(wrong)
        self._wire.writes = int(meta.get("writes", meta["format"]))
        return bool(fresh)

    async def _identify(self) -> None:
        """Learn the store's identity, or draw it at the first start. Raises StoreUnusable if shards lost it."""
        meta = self._wire.keys.meta
        await self._wire.ask("HSETNX", meta, "id", fresh_identity())
        identity, marked = await self._wire.ask("HMGET", meta, "id", "marked")
        if not marked:
            await self._mark(identity)
            await self._wire.ask("HSET", meta, "marked", 1)
        if any(marker != identity for marker in await self._markers()):
            raise StoreUnusable(PARTLY)
        self._wire.identity.know(KnownStore(identity, await self._now()))

    async def _markers(self) -> list[str | None]:
        """Return the identity that each shard is marked with."""
        return await self._wire.ask_all([("GET", shard.identity) for shard in self._wire.shards])

    async def _mark(self, identity: str) -> None:
        await self._wire.ask_all([("SET", shard.identity, identity) for shard in self._wire.shards])

    async def _now(self) -> int:
        """Return the time of the store's clock in ms."""
        return int(await self._wire.run(ScriptCall(script("clock"), [self._wire.keys.meta], [])))

    async def _infos(self) -> Sequence[Mapping[str, Any]]:
        """Return each primary's answer to INFO. {} if the server does not know INFO (a stand-in in tests)."""
        try:
            return await self._wire.infos()
        except ResponseError as refused:
            return [{} if says_nothing(refused) else {"refused": str(refused)}]


def _worst(found: Iterable[str]) -> str:
    """Return the first reason that says something; '' if none does."""
    return next((reason for reason in found if reason), "")


def _differences(meta: Mapping[str, str], shards: int) -> str:
    theirs, stored = meta.get("shards", "missing"), meta.get("format", "missing")
    written = meta.get("writes", "1")
    wrong = [] if written.isdecimal() else [f"the stored data says that format {written} is written"]
    if theirs != str(shards):
        wrong.append(f"the stored data has shards {theirs}, but this version needs {shards}")
    if not stored.isdecimal():
        wrong.append(f"the stored data has format {stored}")
    elif int(stored) > FORMAT:
        wrong.append(
            f"the stored data is of format {stored}, but this release reads up to format {FORMAT}; "
            "start the newer release"
        )
    return "; ".join(wrong)


def _version(info: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the server's Redis version. Valkey reports the version it is compatible with, which is 7.2 or later."""
    return tuple(int(part) for part in str(info.get("redis_version", "")).split(".")[:2] if part.isdigit())


def _persistence(info: Mapping[str, Any]) -> str:
    if "refused" in info:
        return (
            f"cannot check whether the server keeps data: {info['refused']}; set STORE_VOUCHED=yes if it does"
        )
    if not info:
        return ""
    if not int(info.get("aof_enabled", 0)):
        return "appendonly is off, so a crash would lose data; set appendonly yes"
    if info.get("aof_last_write_status", "ok") != "ok":
        return "the server cannot write its append-only file; check its disk"
    return ""


def _eviction(info: Mapping[str, Any]) -> str:
    policy = info.get("maxmemory_policy", "noeviction")
    if policy == "noeviction" or not int(info.get("maxmemory", 0)):
        return ""
    return f"maxmemory-policy is {policy}, so conversations would be lost when memory runs out; set it to noeviction"
