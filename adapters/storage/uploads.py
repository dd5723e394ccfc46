"""Stores uploaded files in Redis for a few days, up to a total size that no upload may exceed."""

import base64
import secrets
import time
from collections.abc import Callable
from typing import Final

from adapters.storage.wire import Wire
from bot.ports import NoRoom
from flows.conversation import Address
from flows.events import File

DAYS: Final = 7
"""Days for which a file is stored: long enough for the agent who helps, too short to fill the store."""

DAY: Final = 86_400


class RedisUploads:
    """Implements the port Uploads. Counts the bytes of each day, so that no file is read to find the total."""

    def __init__(self, wire: Wire, now: Callable[[], float] = time.time) -> None:
        """`now` returns seconds since 1970."""
        self._wire = wire
        self._now = now

    async def put(self, conversation: str, name: str, kind: str, content: bytes, most: int) -> File:
        """Store a file if all stored files then stay under `most` bytes. Raises NoRoom."""
        today = int(self._now()) // DAY
        shelf = self._wire.keys.kept_days
        days = {int(day): int(size) for day, size in (await self._wire.ask("HGETALL", shelf) or {}).items()}
        stale = [day for day in days if day <= today - DAYS]
        if sum(size for day, size in days.items() if day not in stale) + len(content) > most:
            raise NoRoom
        if stale:
            await self._wire.ask("HDEL", shelf, *stale)
        file_id = secrets.token_urlsafe(15)
        key = self._wire.keys.kept(file_id)
        await self._wire.ask("HINCRBY", shelf, today, len(content))
        await self._wire.ask("SET", key, base64.b64encode(content).decode(), "EX", DAYS * DAY)
        where = str(Address(channel="kept", room=conversation))
        return File(id=file_id, name=name[:200], kind=kind[:100], size=len(content), at=where)

    async def get(self, file_id: str) -> bytes | None:
        """Return a file's content. None if the file is unknown or has expired."""
        text = await self._wire.ask("GET", self._wire.keys.kept(file_id))
        return base64.b64decode(text) if text is not None else None
