"""Keeps read positions of agents' threads, so that messages typed while the bot was down are handled later."""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from adapters.discord.api.client import FAILURES
from adapters.discord.api.gateway_queue import Json, Kind
from bot.ports import Bookmarks
from bot.telemetry import log
from flows.conversation import Conversation
from flows.values import Frozen

SHELF: Final = "discord/threads"


class Asking(Protocol):
    """Looks up channels and threads in Discord."""

    async def room(self, room: int) -> Json:
        """Look up a channel. Raises FAILURES."""

    async def active(self, guild: int) -> list[Json]:
        """List a guild's threads that are not archived. Raises FAILURES."""


class Unread(Frozen):
    """A thread to read, from the message after `after` on."""

    thread: str
    guild: str
    after: int


class Threads:
    """Holds the agents' threads. Discord lists them, so threads that another process opened are found, too."""

    def __init__(
        self,
        rooms: frozenset[str],
        of: Callable[[str], Awaitable[Conversation | None]],
        bookmarks: Bookmarks,
    ) -> None:
        """`rooms` are the agents' channels; `of` finds the conversation of a thread."""
        self._rooms = rooms
        self._of = of
        self._bookmarks = bookmarks
        self._known: dict[str, int] = {}

    async def load(self) -> None:
        """Load the read positions. Raises StoreDown."""
        threads = await self._bookmarks.all(SHELF) if self._rooms else {}
        self._known = {thread: int(mark) for thread, mark in threads.items() if mark.isdigit()}

    async def heard(self, kind: Kind, data: Json) -> None:
        """Move a thread's read position: the event and all before it in the thread were recorded. Raises StoreDown."""
        if kind == "thread" and str(data.get("parent_id")) in self._rooms:
            await self._move(str(data.get("id")), str(data.get("id")))
        elif kind == "message" and str(data.get("channel_id")) in self._known:
            await self._move(str(data.get("channel_id")), str(data.get("id")))

    async def _move(self, thread: str, mark: str) -> None:
        if thread.isdigit() and mark.isdigit() and int(mark) > self._known.get(thread, 0):
            await self._bookmarks.put(SHELF, thread, mark)
            self._known[thread] = int(mark)

    async def unread(self, client: Asking, mine: Callable[[str], bool]) -> list[Unread]:
        """List threads of open conversations in guilds that are `mine`; forget ended ones. Raises StoreDown."""
        marks = dict(self._known)  # a copy: messages handled during the calls to Discord move the positions
        threads = await self._active(client, mine)
        kept = []
        for thread, guild in threads.items():
            at = await self._of(thread)
            if at is not None and not at.status.ended:
                kept.append(Unread(thread=thread, guild=guild, after=marks.get(thread, int(thread))))
                self._known.setdefault(thread, int(thread))
            elif at is not None and self._known.pop(thread, 0):
                await self._bookmarks.remove(SHELF, thread)
        return kept

    async def _active(self, client: Asking, mine: Callable[[str], bool]) -> dict[str, str]:
        """Map threads that are not archived to their guilds."""
        threads: dict[str, str] = {}
        try:
            guilds = {str((await client.room(int(room))).get("guild_id")) for room in sorted(self._rooms)}
            for guild in sorted(guilds):
                if not (guild.isdigit() and mine(guild)):
                    continue
                for row in await client.active(int(guild)):
                    if str(row.get("parent_id")) in self._rooms:
                        threads[str(row["id"])] = guild
        except FAILURES as failure:
            log("discord").warning("the agents' threads could not be listed", reason=str(failure)[:200])
        return threads
