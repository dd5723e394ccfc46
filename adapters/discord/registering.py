"""Makes the commands known to Discord: once after they changed, by one of the processes that start together."""

import asyncio
from typing import Final, Protocol

import aiohttp
import discord

from adapters.discord.commands import Json, commands, fingerprint
from bot.ports import Bookmarks, Marks, StoreDown
from bot.telemetry import log

SHELF: Final = "discord/commands"

LOCK: Final = 20
"""Seconds that one process gets to make them known; after that another tries."""

PAUSE: Final = 1.0
"""Seconds between looks whether another process has done it; after a failure more and more."""

LONGEST_PAUSE: Final = 300.0


class Put(Protocol):
    """Replaces all of the application's commands."""

    async def __call__(self, application: int, given: list[Json]) -> object:
        """Raises what discord.py raises."""


async def register(put: Put, application: int, marks: Marks, bookmarks: Bookmarks) -> bool:
    """Return when Discord knows the commands as they are now: whether this process told it.

    Meant as a task of its own: whatever fails is tried again, more and more slowly.
    """
    pause = PAUSE
    while True:
        try:
            if (await bookmarks.all(SHELF)).get(str(application)) == fingerprint():
                return False
            if await marks.first(f"{SHELF}/{application}", LOCK):
                await put(application, commands())
                await bookmarks.put(SHELF, str(application), fingerprint())
                log("discord").info("Discord knows the commands as they are now")
                return True
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError, StoreDown) as failure:
            log("discord").warning(
                "the commands could not be made known", reason=str(failure)[:200], seconds=pause
            )
            pause = min(2 * pause, LONGEST_PAUSE)
        await asyncio.sleep(pause)
