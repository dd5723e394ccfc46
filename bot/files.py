"""Fetches files that people sent from the platform that stores them, or from our own store if none does."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.ports import Files, Undeliverable, Uploads
from flows.conversation import Address
from flows.events import File

KEPT: Final = "kept"
"""The channel of a file in our own store."""


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
