"""Reads messages missed while the bot was offline, in places with an open conversation, from their read position on.

Gateway messages have no acknowledgement, so Discord does not know which were missed. A message that is read twice
counts once: its id is its event's key.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import discord

from adapters.discord.api.addresses import DISCORD, Place, since
from adapters.discord.api.gateway import FAILURES, GatewayClient
from adapters.discord.api.gateway_queue import Json, Kind
from adapters.discord.api.payload import snowflake
from adapters.discord.catchup.agent_threads import Threads
from adapters.discord.catchup.guilds import Guilds
from adapters.discord.catchup.history import read_on
from adapters.discord.inbound.thread_states import thread_state
from bot.ports import Bookmarks, Look, Outcome, Receive, StoreDown, Unreadable
from bot.telemetry import log
from flows.conversation import Conversation
from flows.event_parts import How
from flows.events import Event, PlaceLost
from flows.values import Frozen

SHELF: Final = "discord/places"
REMEMBERED: Final = 5000
"""Places that this process remembers; the position of a forgotten place is saved again, without harm."""

CLOCK_SKEW_S: Final = 60.0
"""Seconds before a conversation's start from which its place is read, because clocks differ."""


class Followed(Frozen):
    """A place with an open conversation, and the last message read there."""

    place: str
    guild: str
    conversation: str
    mark: int

    @property
    def text(self) -> str:
        """The stored form; the bookmark's name is the place."""
        return f"{self.mark} {self.conversation} {self.guild}"

    @classmethod
    def parse(cls, place: str, text: str) -> "Followed | None":
        """Parse the stored form; None for any other text."""
        parts = text.split(" ")
        if len(parts) != 3 or not parts[0].isdigit():
            return None
        return cls(place=place, mark=int(parts[0]), conversation=parts[1], guild=parts[2])


class Follower:
    """Keeps the read position of every place with an open conversation, and reads what was missed."""

    def __init__(
        self,
        receive: Receive,
        look: Look,
        bookmarks: Bookmarks,
        now: Callable[[], float] = time.time,
        threads: Threads | None = None,
        guilds: Guilds | None = None,
    ) -> None:
        """`now` is in seconds since 1970; `threads` are the agents' threads, `guilds` reads posts and mentions."""
        self._guilds = guilds
        self._threads = threads
        self._receive, self._look, self._bookmarks, self._now = receive, look, bookmarks, now
        self._places: OrderedDict[str, str] = OrderedDict()

    # ------------------------------------------------------------ following places

    async def receive(self, event: Event) -> Outcome | None:
        """Pass the event to the port Receive, and follow the place of its conversation."""
        outcome = await self._receive(event)
        if outcome is not None:
            try:
                await self._note(outcome.conversation)
            except StoreDown as reason:
                log("discord").warning("a read position could not be saved", reason=str(reason)[:200])
        return outcome

    async def heard(self, kind: Kind, data: Json) -> None:
        """Move the read position: the event and all before it in its place were recorded."""
        known = self._known(str(data.get("channel_id")))
        mark = str(data.get("id"))
        if kind == "message" and known is not None and mark.isdigit() and int(mark) > known.mark:
            await self._keep(known.model_copy(update={"mark": int(mark)}))
        if kind == "room_gone" or (kind == "guild_gone" and not data.get("unavailable")):
            await self._lose(kind, str(data.get("id")), str(data.get("guild_id") or data.get("id")))
        if self._threads is not None:
            await self._threads.heard(kind, data)
        if self._guilds is not None:
            await self._guilds.heard(kind, data)

    async def load(self) -> None:
        """Load the followed places before any event, so that no position is overwritten. Raises StoreDown."""
        for followed in await self._followed():
            self._remember(followed)
        if self._threads is not None:
            await self._threads.load()
        if self._guilds is not None:
            await self._guilds.load()

    async def _lose(self, kind: Kind, gone: str, guild: str) -> None:
        """Record that all customers' places in a deleted channel, or in a guild without the bot, are lost.

        Raises what the desk raises; then the event is handled again.
        """
        for followed in await self._followed():
            screen = await self._look(followed.conversation) if followed.guild == guild else None
            address = screen.conversation.address("customer") if screen else None
            if address is None or (kind == "room_gone" and gone not in (address.room, address.thread)):
                continue
            how: How = "gone" if kind == "room_gone" else "removed"
            await self.receive(PlaceLost.of_customer(followed.conversation, "thread", how))

    async def _note(self, at: Conversation) -> None:
        address = at.address("customer")
        if address is None or address.channel != DISCORD:
            return
        place = Place.of(address).room
        known = self._known(place)
        if at.status.ended:
            if known is not None and known.conversation == at.id:
                await self._leave(place)
        elif place and (known is None or known.conversation != at.id):
            mark = int(since(1000 * (self._now() - CLOCK_SKEW_S))) if known is None else known.mark
            followed = Followed(place=place, guild=address.workspace, conversation=at.id, mark=mark)
            await self._keep(followed)

    async def _keep(self, followed: Followed) -> None:
        await self._bookmarks.put(SHELF, followed.place, followed.text)
        self._remember(followed)

    async def _leave(self, place: str) -> None:
        await self._bookmarks.remove(SHELF, place)
        self._places.pop(place, None)

    def _known(self, place: str) -> Followed | None:
        text = self._places.get(place)
        return None if text is None else Followed.parse(place, text)

    def _remember(self, followed: Followed) -> None:
        # As text: a Followed object would take ten times as much memory, for every place.
        self._places[followed.place] = followed.text
        self._places.move_to_end(followed.place)
        while len(self._places) > REMEMBERED:
            self._places.popitem(last=False)

    async def _followed(self) -> list[Followed]:
        stored = await self._bookmarks.all(SHELF)
        return [
            followed
            for place, text in stored.items()
            if (followed := Followed.parse(place, text)) is not None
        ]

    # ------------------------------------------------------------ catching up

    async def catch_up(self, client: GatewayClient, shard: int) -> None:
        """Handle every message that was written in the shard's places since the last one read."""
        try:
            places = [
                followed
                for followed in await self._followed()
                if _shard(followed.guild, client.shard_count) == shard
            ]
            read = 0
            for followed in places:
                read += await self._read_on(followed, client)
            read += await self._read_threads(client, shard)
        except StoreDown as reason:
            log("discord").warning(
                "missed messages could not be read; the next start tries again", reason=str(reason)[:200]
            )
            return
        if read:
            log("discord").info(
                "read messages from while the bot was offline", places=len(places), messages=read
            )

    async def read_guild(self, client: GatewayClient, data: Json) -> None:
        """Handle the posts and mentions that were written in a guild while no process listened."""
        if self._guilds is None or data.get("unavailable") is True:
            return
        guild = snowflake(data, "id")
        followed = [place for place, text in self._places.items() if text.endswith(f" {guild}")]
        try:
            await self._guilds.catch_up(client, data, followed)
        except StoreDown as reason:
            log("discord").warning(
                "missed posts could not be read; the next start tries again", reason=str(reason)[:200]
            )

    async def _read_on(self, followed: Followed, client: GatewayClient) -> int:
        """Read a place's missed messages. Return how many there were."""
        at = await self._open_in(followed)
        if at is None:
            return 0
        if followed.guild:  # before its messages: those older than the closing of a place open nothing
            await self._heard_state(at, followed, client)
        try:
            return await read_on(followed.place, followed.guild, followed.mark, client)
        except (discord.NotFound, discord.Forbidden):
            await self._leave(followed.place)
            return 0

    async def _open_in(self, followed: Followed) -> Conversation | None:
        """Return the place's open conversation; None if it has ended, and then the place is no longer followed."""
        try:
            screen = await self._look(followed.conversation)
        except Unreadable:
            return None
        if screen is None or screen.conversation.status.ended:
            await self._leave(followed.place)
            return None
        return screen.conversation

    async def _heard_state(self, at: Conversation, followed: Followed, client: GatewayClient) -> None:
        """Handle what was done to the place as if the gateway had told it."""
        kind: Kind = "thread"
        row: Json = {"id": followed.place}
        try:
            row = await client.room(int(followed.place))
        except discord.NotFound:
            kind = "thread_gone"
        except FAILURES as failure:
            log("discord").info("a thread could not be looked up", reason=str(failure)[:200])
            return
        state = thread_state(row)
        if kind == "thread" and (state is None or not (state.archived or state.locked or at.place_closed)):
            return
        task = client.hearing.hear(kind, {**row, "guild_id": followed.guild})
        if task is not None:
            await asyncio.wait({task})

    async def _read_threads(self, client: GatewayClient, shard: int) -> int:
        """Read the missed messages of agents' threads. Return how many there were."""
        if self._threads is None:
            return 0
        count = 0
        for thread in await self._threads.unread(
            client, lambda guild: _shard(guild, client.shard_count) == shard
        ):
            try:
                count += await read_on(thread.thread, thread.guild, thread.after, client)
            except (discord.NotFound, discord.Forbidden) as failure:
                log("discord").warning("an agents' thread could not be read", reason=str(failure)[:200])
        return count


def _shard(guild: str, count: int | None) -> int:
    """Return the shard that receives a guild's events; direct messages go to the first."""
    return (int(guild) >> 22) % (count or 1) if guild.isdigit() else 0
