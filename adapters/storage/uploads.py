"""Files that were uploaded to us, in Redis for a while; all of them together have a bound that no upload passes."""

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
"""Days that a file is kept: long enough for whoever helps, too short to fill the store."""

DAY: Final = 86_400


class RedisUploads:
    """The port Uploads. What came on a day is counted, so that what is kept can be told without looking at it."""

    def __init__(self, wire: Wire, now: Callable[[], float] = time.time) -> None:
        """Everything goes over that wire; `now` in seconds since 1970."""
        self._wire = wire
        self._now = now

    async def put(self, conversation: str, name: str, kind: str, content: bytes, most: int) -> File:
        """Keep it, where all that is kept stays under `most` bytes with it. Raises NoRoom."""
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
        """Its content; None when it is unknown, or was kept long enough."""
        found = await self._wire.ask("GET", self._wire.keys.kept(file_id))
        return base64.b64decode(found) if found is not None else None
