"""Reads a store of any kind as units of an archive, and writes them into a store of any kind."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from redis.exceptions import ResponseError

from adapters.storage.archive.conversation_unit import load_args, stored, unit, unit_keys
from adapters.storage.archive.progress import IMPORT, IMPORTED
from adapters.storage.archive.single_keys import pieces, write
from adapters.storage.failures import answering
from adapters.storage.formats import NEWEST
from adapters.storage.keys import is_conversation_id
from adapters.storage.kinds import Kind, kind_of
from adapters.storage.records.processes import ALIVE_S, RedisProcesses
from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import ArchiveHead, ArchiveUnit, FormatSwitched, ImportRefused, Restored
from bot.telemetry import log

LAYOUT: Final = 1
"""Number of the archive's layout. Grows when older versions could no longer read it."""

SKIPPED: Final = 100
"""Ticket numbers of each shard that an import skips: those that the exported store may have given out since."""

AT_A_TIME: Final = 16
"""Conversations that are read at once, each on its own connection: more would only wait, and fill the memory."""

COMMAND: Final = ("command",)
"""The roles of a process that runs one command and serves no one."""

UNLOADED: Final = 13
"""Number of keys of the script `unload`."""


class StoreArchive:
    """Implements the port Archive. `damaged` names what could not be read, with the reason."""

    def __init__(self, wire: Wire, at_once: int = AT_A_TIME) -> None:
        """`at_once` is how many conversations are read together."""
        self._wire = wire
        self._at_once = at_once
        self.damaged: list[str] = []

    async def head(self) -> ArchiveHead:
        """Describe what `units` reads."""
        return ArchiveHead(
            layout=LAYOUT,
            format=await self._format(),
            shards=self._wire.keys.count,
            made=await self._now(),
            id=secrets.token_hex(8),
        )

    async def units(self, head: ArchiveHead) -> AsyncIterator[ArchiveUnit]:
        """Yield conversations first, so that whatever they refer to exists when the rest is read.

        Raises FormatSwitched at the end if the store is not of the head's format any more.
        """
        ids: list[str] = []
        async for key in self._keys(self._wire.keys.any_record()):
            ids += [name] if is_conversation_id(name := key.rpartition(":")[2]) else []
            if len(ids) >= self._at_once:
                for found in await self._conversations(ids):
                    yield found
                ids = []
        for found in await self._conversations(ids):
            yield found
        now = await self._now()
        async for key in self._keys(self._wire.keys.any()):
            async for piece in self._pieces(key, now):
                yield piece
        if await self._format() != head.format:
            raise FormatSwitched

    async def _format(self) -> int:
        return int(await self._wire.ask("HGET", self._wire.keys.meta, "format") or NEWEST)

    async def _conversations(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        units = await asyncio.gather(*(self.conversation(each) for each in ids))
        return [found for found in units if found is not None]

    async def conversation(self, conversation_id: str) -> dict[str, Any] | None:
        """Return one conversation as it is at this instant; None if there is none."""
        keys = unit_keys(self._wire.keys.shard(conversation_id), conversation_id)[:UNLOADED]
        try:
            answer = await self._wire.run_bytes(ScriptCall(script("archive/unload"), keys, [conversation_id]))
        except ResponseError as error:
            log("store").error(
                "conversation left out of the export: it is damaged", conversation=conversation_id
            )
            self.damaged.append(f"{conversation_id} ({error})")
            return None
        return unit(conversation_id, answer) if answer else None

    async def begin(self, head: ArchiveHead, *, merge: bool) -> None:
        """Check that the archive fits this version and this store, and note that its import has begun."""
        for number, reads in ((head.layout, LAYOUT), (head.format, NEWEST)):
            if number > reads:
                raise ImportRefused(
                    f"it is of format {number}, but this release reads up to format {reads}; "
                    "import it with the release that wrote it, or a newer one"
                )
        if head.shards != self._wire.keys.count:
            raise ImportRefused(f"it has {head.shards} shards, this store {self._wire.keys.count}")
        meta = self._wire.keys.meta
        begun, finished, stored = await self._wire.ask("HMGET", meta, IMPORT, IMPORTED, "format")
        if begun and begun != head.id:
            raise ImportRefused("the import of another archive has not finished; finish that one first")
        await self._require_silence()
        known = head.id in (begun, finished)
        if not known and not merge and (found := await self._first_foreign()):
            raise ImportRefused(
                f"the store is not empty (it has {found}); use an empty store or another REDIS_PREFIX, or "
                "add --merge to add what the store lacks"
            )
        await self._wire.ask("HSET", meta, IMPORT, head.id, "format", max(head.format, int(stored or 0)))

    async def restore(self, unit: ArchiveUnit) -> Restored:
        """Write a unit, unless the store has it at least as new or it has expired since."""
        if "conversation" in unit:
            return await self._restore_conversation(unit)
        if 0 < unit["expires"] <= await self._now():
            return "expired"
        key = self._wire.keys.named(unit["key"])
        if (kind := self._kind(key)) and kind.archived == "counter" and str(unit["value"][0]).isdigit():
            call = ScriptCall(script("archive/raise"), [key], [int(unit["value"][0]) + SKIPPED])
            return "restored" if await self._wire.run(call) else "kept"
        files, times, used = self._wire.keys.uploads
        if key == used:  # earlier archives have it, as it was an instant before or after the files
            return "kept"
        if key == files:
            values: list[Any] = [unit["expires"], *(stored(part) for part in unit["value"])]
            call = ScriptCall(script("archive/add_files"), (files, times, used), values)
            return "restored" if await self._wire.run(call) else "kept"
        return "restored" if await write(self._wire, unit, earliest=key == times) else "kept"

    async def finish(self, head: ArchiveHead) -> None:
        """Note that the import is complete."""
        await self._wire.ask("HSET", self._wire.keys.meta, IMPORTED, head.id)
        await self._wire.ask("HDEL", self._wire.keys.meta, IMPORT)

    async def _require_silence(self) -> None:
        """Raise ImportRefused while processes serve customers from this store: they would give numbers twice."""
        alive = [each for each in await RedisProcesses(self._wire).alive() if each.roles != COMMAND]
        if alive:
            names = ", ".join(f"{' and '.join(each.roles)} on {each.host}" for each in alive)
            raise ImportRefused(
                f"processes are using the store ({names}); stop them and wait {ALIVE_S} seconds"
            )

    async def _restore_conversation(self, unit: ArchiveUnit) -> Restored:
        if not is_conversation_id(unit["conversation"]):
            raise ImportRefused(f"{unit['conversation']!r} is no conversation's id")
        if 0 < unit["expires"][0] <= await self._now():
            return "expired"
        keys = unit_keys(self._wire.keys.shard(unit["conversation"]), unit["conversation"])
        call = ScriptCall(script("archive/load"), keys, load_args(unit, self._wire.keep))
        return "restored" if await self._wire.run(call) else "kept"

    async def _pieces(self, key: str, now: int) -> AsyncIterator[dict[str, Any]]:
        kind = self._kind(key)
        archived = kind.archived if kind else "plain"
        if archived in ("conversation", "rebuilt", "left out") or key == self._wire.keys.uploads[2]:
            return
        async for piece in pieces(self._wire, key, now):
            if archived == "letters":
                piece["value"] = await self._orphans(piece["value"])
            if piece["value"]:
                yield piece

    async def _orphans(self, letters: list[str]) -> list[str]:
        """Return the dead letters whose conversation is gone; the others come with their conversation."""
        found: list[str] = []
        for effect, letter in zip(letters[::2], letters[1::2], strict=True):
            if not await self._has_record(letter):
                found += (effect, letter)
        return found

    async def _has_record(self, letter: str) -> bool:
        conversation_id = _lane(letter).partition("/")[0]
        if not is_conversation_id(conversation_id):
            return False
        return bool(
            await self._wire.ask("EXISTS", self._wire.keys.shard(conversation_id).records + conversation_id)
        )

    async def _first_foreign(self) -> str:
        """Return the kind of a key that an empty store does not have; '' if there is none."""
        async for key in self._keys(self._wire.keys.any()):
            kind = self._kind(key)
            if kind is None or (kind.archived != "left out" and kind.name != "revisions"):
                return kind.name if kind else key
        return ""

    def _kind(self, key: str) -> Kind | None:
        return kind_of(self._wire.keys.prefix, key)

    async def _keys(self, pattern: str) -> AsyncIterator[str]:
        client: Any = self._wire.client
        with answering():
            async for key in client.scan_iter(match=pattern, count=1000):
                yield str(key)

    async def _now(self) -> int:
        seconds, microseconds = await self._wire.ask("TIME")
        return int(seconds) * 1000 + int(microseconds) // 1000


def _lane(letter: str) -> str:
    """Return the lane of a dead letter; '' if it is damaged."""
    try:
        return str(json.loads(letter)[2])
    except (ValueError, LookupError, TypeError):
        return ""
