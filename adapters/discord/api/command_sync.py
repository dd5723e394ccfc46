"""Registers the slash commands with Discord: once after a change, by one of the processes that start together."""

import asyncio
from typing import Final, Protocol

import aiohttp
import discord

from adapters.discord.api.slash_commands import Json, commands, fingerprint
from bot.ports import Bookmarks, Marks, StoreDown
from bot.telemetry import log

SHELF: Final = "discord/commands"

LOCK_S: Final = 20
"""Seconds that one process gets to register the commands; then another process tries."""

CHECK_INTERVAL_S: Final = 1.0
"""Seconds between checks whether another process registered the commands; longer after each failure."""

LONGEST_PAUSE_S: Final = 300.0


class Put(Protocol):
    """Replaces all commands of the application."""

    async def __call__(self, application: int, given: list[Json]) -> object:
        """Replace the commands. Raises whatever discord.py raises."""


async def register(put: Put, application: int, marks: Marks, bookmarks: Bookmarks) -> bool:
    """Wait until the current commands are registered. Return whether this process registered them.

    Run it as a task of its own: failures are retried, at growing intervals.
    """
    pause = CHECK_INTERVAL_S
    while True:
        try:
            if (await bookmarks.all(SHELF)).get(str(application)) == fingerprint():
                return False
            if await marks.first(f"{SHELF}/{application}", LOCK_S):
                await put(application, commands())
                await bookmarks.put(SHELF, str(application), fingerprint())
                log("discord").info("registered the slash commands with Discord")
                return True
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError, StoreDown) as failure:
            log("discord").warning(
                "the slash commands could not be registered; trying again",
                reason=str(failure)[:200],
                seconds=pause,
            )
            pause = min(2 * pause, LONGEST_PAUSE_S)
        await asyncio.sleep(pause)
