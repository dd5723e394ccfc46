"""Checks that the server is fit for production: reachable, persistent, without eviction, with our number of shards."""

from collections.abc import Mapping
from typing import Any, Final

from redis.exceptions import ResponseError

from adapters.storage.records.board_migration import relist
from adapters.storage.wire import Wire, says_nothing
from bot.ports import StoreDown

FORMAT: Final = 1
"""Version of the stored data's format. Grows when older processes could no longer read the data."""

OLDEST: Final = (7, 0)
"""The oldest Redis version that has everything the scripts use (sharded channels)."""


class StoreUnusable(Exception):
    """The store answers, or could be started, but must not be used in this state. The message says what to do."""


class RedisHealth:
    """Implements the port Health.

    `vouched` is for servers that are persistent but do not show how (some managed ones): the operator has declared the
    server persistent, so persistence is not checked.
    """

    def __init__(self, wire: Wire, vouched: bool = False) -> None:
        self._wire = wire
        self._vouched = vouched

    async def check(self) -> Mapping[str, str]:
        """Return what is wrong, by name of the check. {} if all is well."""
        try:
            info = await self._info()
            meta = await self._wire.ask("HGETALL", self._wire.keys.meta)
        except StoreDown as down:
            return {"reachable": str(down)}
        checks = {"persistent": "" if self._vouched else _persistence(info), "eviction": _eviction(info)}
        checks["shards"] = _differences(meta, self._wire.keys.count)
        return {name: wrong for name, wrong in checks.items() if wrong}

    async def prepare(self) -> None:
        """Store the format and number of shards at the first start. Raises StoreUnusable if the stored ones differ."""
        try:
            await self._check_format()
        except ResponseError as refused:
            raise StoreUnusable(f"the server refuses a command that the store needs: {refused}") from refused

    async def _check_format(self) -> None:
        version = _version(await self._info())
        if version and version < OLDEST:
            raise StoreUnusable(
                f"Redis {'.'.join(map(str, version))} is too old; use Redis or Valkey 7.0 or newer"
            )
        key = self._wire.keys.meta
        fresh, _ = await self._wire.ask_all(
            [("HSETNX", key, "shards", self._wire.keys.count), ("HSETNX", key, "format", FORMAT)],
        )
        wrong = _differences(await self._wire.ask("HGETALL", key), self._wire.keys.count)
        if wrong:
            raise StoreUnusable(wrong)
        await relist(self._wire, empty=bool(fresh))

    async def _info(self) -> Mapping[str, Any]:
        """Return the answer to INFO. {} if the server does not know INFO (a stand-in in tests)."""
        try:
            return await self._wire.info()
        except ResponseError as refused:
            return {} if says_nothing(refused) else {"refused": str(refused)}


def _differences(meta: Mapping[str, str], shards: int) -> str:
    ours = {"shards": str(shards), "format": str(FORMAT)}
    differ = {name: meta.get(name, "missing") for name, value in ours.items() if meta.get(name) != value}
    return "; ".join(
        f"the stored data has {name} {theirs}, but this version needs {ours[name]}"
        for name, theirs in differ.items()
    )


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
