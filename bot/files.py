"""Fetches files that people sent from the platform that stores them, or from our own store if none does."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.ports import Busy, Files, StoreDown, Undeliverable, Uploads
from bot.telemetry import log
from flows.conversation import Address
from flows.events import File

KEPT: Final = "kept"
"""The channel of a file in our own store."""

RETRY_S: Final = 30.0
"""Seconds after which someone may ask again for a file whose platform failed."""


class FileFetcher:
    """Fetches files from every place that can store them: a `bot.ports.Files`."""

    def __init__(self, kept: Uploads, platforms: Mapping[str, Callable[[], Files]]) -> None:
        """Take our own store and the platforms that can be asked, by the name of their channel."""
        self._kept = kept
        self._platforms = platforms

    async def fetch(self, address: Address, file: File) -> bytes:
        """Return the file's content.

        A file without a place of its own was sent at `address`. Raises as the port says.
        """
        where = Address.parse(file.at) if file.at else address
        if where.channel == KEPT:
            content = await self._kept.get(file.id)
            if content is None:
                raise Undeliverable("it was kept for a while only")
            return content
        ask = self._platforms.get(where.channel)
        if ask is None:
            raise Undeliverable(f"files of {where.channel} can be fetched only where its token is set")
        return await ask().fetch(where, file)


class FilesForPeople:
    """Fetches files for people who read them: a `bot.ports.Files` that raises only what the port names."""

    def __init__(self, files: Files) -> None:
        self._files = files

    async def fetch(self, address: Address, file: File) -> bytes:
        """Return the file's content. Raises Busy also if the platform cannot be reached."""
        try:
            return await self._files.fetch(address, file)
        except (Busy, Undeliverable, StoreDown):
            raise
        except Exception as reason:  # each platform's client raises errors of its own
            log("files").warning("a file could not be fetched", file=file.id, reason=str(reason)[:200])
            raise Busy(RETRY_S) from reason
