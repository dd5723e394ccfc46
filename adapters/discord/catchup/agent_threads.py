"""Which threads agents talk in and how far each was read, so that what they type while nobody hears is read later."""

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
    """What is asked of Discord."""

    async def room(self, room: int) -> Json:
        """A channel. Raises FAILURES."""

    async def active(self, guild: int) -> list[Json]:
        """The threads of a guild that are not archived. Raises FAILURES."""


class Unread(Frozen):
    """A thread to be read on, from behind that message."""

    thread: str
    guild: str
    after: int


class Threads:
    """The agents' threads. Discord says itself which there are, so that none is forgotten that a worker opened."""

    def __init__(
        self,
        rooms: frozenset[str],
        of: Callable[[str], Awaitable[Conversation | None]],
        bookmarks: Bookmarks,
    ) -> None:
        """`rooms` are where teams talk, `of` finds the conversation of a thread."""
        self._rooms = rooms
        self._of = of
        self._bookmarks = bookmarks
        self._known: dict[str, int] = {}

    async def load(self) -> None:
        """Know how far each was read. Raises StoreDown."""
        found = await self._bookmarks.all(SHELF) if self._rooms else {}
        self._known = {thread: int(mark) for thread, mark in found.items() if mark.isdigit()}

    async def heard(self, kind: Kind, data: Json) -> None:
        """A happening was recorded, and all before it in its place. Raises StoreDown."""
        if kind == "thread" and str(data.get("parent_id")) in self._rooms:
            await self._read(str(data.get("id")), str(data.get("id")))
        elif kind == "message" and str(data.get("channel_id")) in self._known:
            await self._read(str(data.get("channel_id")), str(data.get("id")))

    async def _read(self, thread: str, mark: str) -> None:
        if thread.isdigit() and mark.isdigit() and int(mark) > self._known.get(thread, 0):
            await self._bookmarks.put(SHELF, thread, mark)
            self._known[thread] = int(mark)

    async def unread(self, client: Asking, mine: Callable[[str], bool]) -> list[Unread]:
        """Those of open conversations, in guilds that are `mine`; others are forgotten. Raises StoreDown."""
        marks = dict(self._known)  # as they are now: what is heard while Discord is asked moves them on
        found = await self._active(client, mine)
        kept = []
        for thread, guild in found.items():
            at = await self._of(thread)
            if at is not None and not at.status.ended:
                kept.append(Unread(thread=thread, guild=guild, after=marks.get(thread, int(thread))))
                self._known.setdefault(thread, int(thread))
            elif at is not None and self._known.pop(thread, 0):
                await self._bookmarks.remove(SHELF, thread)
        return kept

    async def _active(self, client: Asking, mine: Callable[[str], bool]) -> dict[str, str]:
        """The guilds of threads that are not archived, by thread."""
        found: dict[str, str] = {}
        try:
            guilds = {str((await client.room(int(room))).get("guild_id")) for room in sorted(self._rooms)}
            for guild in sorted(guilds):
                if not (guild.isdigit() and mine(guild)):
                    continue
                for one in await client.active(int(guild)):
                    if str(one.get("parent_id")) in self._rooms:
                        found[str(one["id"])] = guild
        except FAILURES as failure:
            log("discord").warning("the agents' threads could not be listed", reason=str(failure)[:200])
        return found
