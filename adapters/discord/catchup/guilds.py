"""Finds forum posts and mentions that were written while no process listened.

At the start of a session Discord names the last message of each channel and active thread. Those newer than the guild's
read position are read, at most a day back. The position is the newest message with no older one in progress: one that
is read twice changes nothing, since its id is its event's key, but a short answer to it could be posted again.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

import discord

from adapters.discord.api.addresses import since
from adapters.discord.api.gateway import FAILURES, GatewayClient
from adapters.discord.api.gateway_queue import GatewayQueue, Json, Kind
from adapters.discord.api.payload import number, rows, snowflake, text
from adapters.discord.catchup.history import read_on
from adapters.discord.inbound.parse import THREADS, mentions, names, roles_named
from bot.ports import Bookmarks
from bot.telemetry import log
from flows.values import Frozen

SHELF: Final = "discord/guilds"

TALKS: Final = frozenset({0, 5})
"""Types of channels that people mention the bot in, besides threads: text and announcements."""

READ_AT_MOST: Final = 50
"""Posts of a guild that are read after an absence, and as many other channels: those with the newest messages."""

REQUESTS: Final = 3
"""Calls that read one channel: 300 messages."""

BACK_MS: Final = 24 * 3_600_000
"""Milliseconds that an absence is read back at most: older questions have been answered, or are stale."""

BEHIND_MS: Final = 60_000
"""Milliseconds before the present at which a position begins without a message, because clocks differ."""


class Moved(Frozen):
    """A channel, thread or post with new messages. `post` says that it belongs to a help forum."""

    room: str
    post: bool = False


def moved(
    guild: Mapping[str, Any], after: int, forums: Collection[str], skipped: Collection[str]
) -> list[Moved]:
    """List what has messages after the message `after`, without `skipped` places and their threads: posts, then others.

    The place with the newest message comes last.
    """
    found: list[tuple[int, Moved]] = []
    channels = [row for row in rows(guild, "channels") if row.get("type") in TALKS]
    for row in (*channels, *(row for row in rows(guild, "threads") if row.get("type") in THREADS)):
        room, parent, last = snowflake(row, "id"), snowflake(row, "parent_id"), number(row, "last_message_id")
        post = parent in forums
        last = max(last, number(row, "id")) if post else last  # a post's first message has its id
        if last > after and not {room, parent} & set(skipped):
            found.append((last, Moved(room=room, post=post)))
    places = [each for _, each in sorted(found, key=lambda one: one[0])]
    posts, others = [each for each in places if each.post], [each for each in places if not each.post]
    return [*posts[-READ_AT_MOST:], *others[-READ_AT_MOST:]]


class Guilds:
    """Keeps a read position for each guild, and reads what was missed there."""

    def __init__(
        self,
        bookmarks: Bookmarks,
        forums: Collection[str],
        rooms: Collection[str],
        now: Callable[[], float] = time.time,
    ) -> None:
        """`forums` are the help forums, `rooms` the agents' channels, which are read elsewhere; `now` is in seconds."""
        self._bookmarks = bookmarks
        self._forums, self._rooms = frozenset(forums), frozenset(rooms)
        self._now = now
        self._marks: dict[str, int] = {}
        self._reading: dict[str, int] = {}
        self._newest: dict[str, int] = {}
        self._hearing: GatewayQueue | None = None
        self._turn = (
            asyncio.Lock()
        )  # one guild at a time: thousands of calls at once would hold up everything else

    async def load(self) -> None:
        """Load the read positions before any event. Raises StoreDown."""
        stored = await self._bookmarks.all(SHELF)
        self._marks = {guild: int(mark) for guild, mark in stored.items() if mark.isdigit()}

    async def heard(self, kind: Kind, data: Json) -> None:
        """Move the guild's position after a message; forget it with the guild. Raises StoreDown."""
        guild, message = str(data.get("guild_id") or ""), str(data.get("id"))
        if kind == "message" and guild and message.isdigit():
            newest = self._newest[guild] = max(int(message), self._newest.get(guild, 0))
            earlier = self._hearing.unfinished(guild) if self._hearing else 0
            await self._move(guild, min(newest, earlier - 1) if earlier else newest)
        elif kind == "guild_gone" and not data.get("unavailable"):
            await self._bookmarks.remove(SHELF, message)
            self._marks.pop(message, None)
            self._newest.pop(message, None)

    async def _move(self, guild: str, mark: int) -> None:
        if guild in self._reading:
            self._reading[guild] = max(mark, self._reading[guild])
        elif mark > self._marks.get(guild, 0):
            await self._bookmarks.put(SHELF, guild, str(mark))
            self._marks[guild] = mark

    async def catch_up(self, client: GatewayClient, data: Json, followed: Collection[str]) -> None:
        """Read a guild's missed posts and mentions; `followed` places are read by the follower. Raises StoreDown."""
        guild, now = snowflake(data, "id"), 1000 * self._now()
        known = self._marks.get(guild)
        self._hearing = client.hearing
        self._reading[guild] = int(since(now - BEHIND_MS))
        try:
            if known is not None:
                async with self._turn:
                    after, listed = max(known, int(since(now - BACK_MS))), await self._listed(client, data)
                    skipped = {*self._rooms, *followed}
                    await self._read(client, guild, after, moved(listed, after, self._forums, skipped))
        finally:
            mark = self._reading.pop(guild, 0)  # 0: a newer session's reading of the guild ended before
        if not client.hearing.finishing:  # else the next start reads what was no longer handled
            await self._move(guild, mark)

    async def _listed(self, client: GatewayClient, data: Json) -> Json:
        """Return the guild's channels and active threads.

        Posts are too important to trust the event alone, in which a large guild may come with fewer threads.
        """
        if not any(snowflake(row, "id") in self._forums for row in rows(data, "channels")):
            return data
        try:
            threads = await client.active(int(snowflake(data, "id")))
        except FAILURES as failure:
            log("discord").info("active threads could not be listed", reason=str(failure)[:200])
            return data
        newest = {snowflake(row, "id"): row for row in (*rows(data, "threads"), *threads)}
        return {**data, "threads": [*newest.values()]}

    async def _read(self, client: GatewayClient, guild: str, after: int, places: list[Moved]) -> None:
        assert client.user is not None, "known after the login"
        bot, count, members = str(client.user.id), 0, dict[str, Json]()

        def mentioned(row: Json) -> bool:
            return names(row, bot, "") or bool(roles_named(row)) or mentions(text(row, "content"), bot)

        for place in places:
            wanted = (lambda _row: True) if place.post else mentioned
            try:
                count += await read_on(place.room, guild, after, client, wanted, REQUESTS, members)
            except (discord.NotFound, discord.Forbidden) as failure:
                log("discord").info("a channel could not be read", room=place.room, reason=str(failure)[:200])
        if count:
            log("discord").info("read posts and mentions from while the bot was offline", messages=count)
