"""Stores uploaded files in Redis for a few days. One script takes their room, so that no number of uploads exceeds it.

A file's room is held before its bytes are stored, and taken for good once its message is recorded. The bytes lie apart
from that account, so that a cluster spreads them.
"""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.storage.records.conversations import RedisConversations
from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import ALL_FILES, NoRoom, Upload
from flows.conversation import Address
from flows.events import File

DAYS: Final = 7
"""Days for which a file is stored: long enough for the agent who helps, too short to fill the store."""

DAY: Final = 86_400

HOLD_MS: Final = 600_000
"""Milliseconds for which room is held for a file whose message is being recorded. Then the journal is asked."""

ENTRY: Final = 512
"""Bytes that the store needs for a file beside its content; without them, a million empty files would be free."""

PLACE: Final = "kept"
"""The channel of a stored file's place."""


class RedisUploads:
    """Implements the port Uploads."""

    def __init__(self, wire: Wire, now: Callable[[], float] | None = None) -> None:
        """`now` returns seconds since 1970; by default the store's clock is read."""
        self._wire = wire
        self._now = now
        self._conversations = RedisConversations(wire)

    async def hold(self, uploads: Sequence[Upload], shares: Mapping[str, int]) -> None:
        """Store the files of a message if every share has room. Raises NoRoom."""
        full, lapsed = await self._take(uploads, shares)
        await self._settle_lapsed(lapsed)
        if full and lapsed:
            full, _ = await self._take(uploads, shares)
        if full:
            raise NoRoom
        for upload in uploads:
            await self._write(upload)

    async def _take(self, uploads: Sequence[Upload], shares: Mapping[str, int]) -> tuple[str, Sequence[str]]:
        """Hold room for the files. Return the share without room ('' for none), and what was held for too long."""
        before = await self._bytes_before()
        limits = [
            word for name, most in shares.items() for word in (name, most - before * (name == ALL_FILES))
        ]
        files = [
            word
            for upload in uploads
            for word in (upload.file.id, len(upload.content) + ENTRY, Address.parse(upload.file.at).room)
        ]
        full, *lapsed = await self._run("file_hold", HOLD_MS, (DAYS + 1) * DAY, len(shares), *limits, *files)
        return full, lapsed

    async def _bytes_before(self) -> int:
        """Return the bytes of files that earlier versions stored: they counted each day's bytes in a hash."""
        days = await self._wire.ask("HGETALL", self._wire.keys.kept_days)
        if not days:
            return 0
        await self._wire.ask("EXPIRE", self._wire.keys.kept_days, (DAYS + 1) * DAY)
        today = int((await self._seconds()) // DAY)
        counted = {
            int(day): int(size) for day, size in days.items() if (day + size).isdecimal() and day and size
        }
        return sum(size for day, size in counted.items() if day > today - DAYS)

    async def _seconds(self) -> float:
        return float((await self._wire.ask("TIME"))[0]) if self._now is None else self._now()

    async def settle(self, uploads: Sequence[Upload]) -> None:
        """Keep the files that their conversation records; delete the others."""
        recorded = await self._recorded({Address.parse(upload.file.at).room for upload in uploads})
        kept = [upload for upload in uploads if upload.file.id in recorded]
        await self._keep([upload.file.id for upload in kept])
        for upload in kept:
            # Another caller with the same form may have been refused and deleted the bytes a moment ago.
            if not await self._wire.ask("EXPIRE", self._wire.keys.kept(upload.file.id), DAYS * DAY):
                await self._write(upload)
        await self._remove("release", [upload.file.id for upload in uploads if upload not in kept])

    async def drop(self, files: Sequence[File]) -> None:
        """Delete stored files and free their room."""
        ours = [file.id for file in files if file.at and Address.parse(file.at).channel == PLACE]
        await self._remove("drop", ours)

    async def drop_all(self, conversation_id: str) -> None:
        """Delete the stored files of a conversation, also those that none of its messages names (any more)."""
        entries = await self._wire.ask("HGETALL", self._wire.keys.uploads[0])
        theirs = [file_id for file_id, entry in entries.items() if f" {conversation_id} " in entry]
        await self._remove("drop", theirs)

    async def get(self, file_id: str) -> bytes | None:
        """Return a file's content. None if the file is unknown or has expired."""
        text = await self._wire.ask_alone("GET", self._wire.keys.kept(file_id))
        return base64.b64decode(text) if text is not None else None

    async def _settle_lapsed(self, lapsed: Sequence[str]) -> None:
        """Settle files whose caller died: `lapsed` are their ids, each with its conversation."""
        found = dict(zip(lapsed[::2], lapsed[1::2], strict=True))
        recorded = await self._recorded(set(found.values()))
        await self._keep([file_id for file_id in found if file_id in recorded])
        await self._remove("lapse", [file_id for file_id in found if file_id not in recorded])

    async def _recorded(self, conversations: Iterable[str]) -> frozenset[str]:
        """Return the ids of the files that those conversations record."""
        words = [await self._conversations.words(each) for each in conversations]
        return frozenset(file.id for each in words for spoken in each.values() for file in spoken.files)

    async def _write(self, upload: Upload) -> None:
        text = base64.b64encode(upload.content).decode()
        await self._wire.ask("SET", self._wire.keys.kept(upload.file.id), text, "EX", DAYS * DAY)

    async def _keep(self, ids: Sequence[str]) -> None:
        if ids:
            await self._run("file_settle", "keep", DAYS * DAY * 1000, *ids)

    async def _remove(self, verb: str, ids: Sequence[str]) -> None:
        if ids:
            gone = await self._run("file_settle", verb, 0, *ids)
            for file_id in gone:
                await self._wire.ask("DEL", self._wire.keys.kept(file_id))

    async def _run(self, name: str, *args: str | int) -> Any:
        now = "" if self._now is None else int(self._now() * 1000)
        return await self._wire.run(ScriptCall(script(name), self._wire.keys.uploads, (now, *args)))
