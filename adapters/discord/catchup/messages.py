"""After an absence, reads what was written meanwhile in places with an open conversation, from where they were read to.

Messages of the gateway have no acknowledgement, so nobody else knows what was not heard. What is read twice counts
once: each message is its event's key.
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
from adapters.discord.catchup.agent_threads import Threads
from bot.ports import Bookmarks, Look, Outcome, Receive, RevisionUnreadable, StoreDown
from bot.telemetry import log
from flows.conversation import Conversation
from flows.events import Event
from flows.values import Frozen

SHELF: Final = "discord/places"
REMEMBERED: Final = 5000
"""Places remembered in this process; of one that was forgotten the mark is merely written again."""

CLOCK_SKEW_S: Final = 60.0
"""Seconds before its opening from which a place is read: clocks differ."""

AT_A_TIME: Final = 100
"""Messages Discord gives at a time."""


class Followed(Frozen):
    """A place with an open conversation, and the message up to which it was read."""

    place: str
    guild: str
    conversation: str
    mark: int

    @property
    def text(self) -> str:
        """As it is stored; the place is its name there."""
        return f"{self.mark} {self.conversation} {self.guild}"

    @classmethod
    def parse(cls, place: str, text: str) -> "Followed | None":
        """The inverse; None for what nobody here wrote."""
        parts = text.split(" ")
        if len(parts) != 3 or not parts[0].isdigit():
            return None
        return cls(place=place, mark=int(parts[0]), conversation=parts[1], guild=parts[2])


class Follower:
    """Notes which places have an open conversation and how far each was read, and reads on after an absence."""

    def __init__(
        self,
        receive: Receive,
        look: Look,
        bookmarks: Bookmarks,
        now: Callable[[], float] = time.time,
        threads: Threads | None = None,
    ) -> None:
        """`now` in seconds since 1970; `threads` are those that agents talk in."""
        self._threads = threads
        self._receive, self._look, self._bookmarks, self._now = receive, look, bookmarks, now
        self._places: OrderedDict[str, str] = OrderedDict()

    # ------------------------------------------------------------ noting

    async def receive(self, event: Event) -> Outcome | None:
        """The port Receive, with an eye on where the conversation is."""
        outcome = await self._receive(event)
        if outcome is not None:
            try:
                await self._note(outcome.conversation)
            except StoreDown as reason:
                log("discord").warning("a read position could not be saved", reason=str(reason)[:200])
        return outcome

    async def heard(self, kind: Kind, data: Json) -> None:
        """A happening was recorded, and all before it in its place."""
        known = self._known(str(data.get("channel_id")))
        mark = str(data.get("id"))
        if kind == "message" and known is not None and mark.isdigit() and int(mark) > known.mark:
            await self._keep(known.model_copy(update={"mark": int(mark)}))
        if self._threads is not None:
            await self._threads.heard(kind, data)

    async def load(self) -> None:
        """Know what is followed before anything is heard, so that no mark is overtaken. Raises StoreDown."""
        for followed in await self._followed():
            self._remember(followed)
        if self._threads is not None:
            await self._threads.load()

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
        # As text: a value of its own would take ten times as much of memory, for every place.
        self._places[followed.place] = followed.text
        self._places.move_to_end(followed.place)
        while len(self._places) > REMEMBERED:
            self._places.popitem(last=False)

    async def _followed(self) -> list[Followed]:
        found = await self._bookmarks.all(SHELF)
        return [one for place, text in found.items() if (one := Followed.parse(place, text)) is not None]

    # ------------------------------------------------------------ reading on

    async def catch_up(self, client: GatewayClient, shard: int) -> None:
        """Have everything heard that was written in that shard's places since they were last read."""
        try:
            places = [one for one in await self._followed() if _shard(one.guild, client.shard_count) == shard]
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

    async def _read_on(self, followed: Followed, client: GatewayClient) -> int:
        """How many messages there were."""
        try:
            screen = await self._look(followed.conversation)
        except RevisionUnreadable:
            return 0
        if screen is None or screen.conversation.status.ended:
            await self._leave(followed.place)
            return 0
        try:
            return await _read(followed.place, followed.guild, followed.mark, client)
        except (discord.NotFound, discord.Forbidden):
            await self._leave(followed.place)
            return 0

    async def _read_threads(self, client: GatewayClient, shard: int) -> int:
        """The same of the threads in which agents talk."""
        if self._threads is None:
            return 0
        count = 0
        for one in await self._threads.unread(
            client, lambda guild: _shard(guild, client.shard_count) == shard
        ):
            try:
                count += await _read(one.thread, one.guild, one.after, client)
            except (discord.NotFound, discord.Forbidden) as failure:
                log("discord").warning("an agents' thread could not be read", reason=str(failure)[:200])
        return count


async def _read(place: str, guild: str, after: int, client: GatewayClient) -> int:
    """Have everything heard that was written there after that message, in order. Raises NotFound, Forbidden."""
    count = 0
    while True:
        try:
            rows = await client.read(int(place), after, AT_A_TIME)
        except (discord.NotFound, discord.Forbidden):
            raise
        except FAILURES as failure:
            log("discord").warning("a channel could not be read", reason=str(failure)[:200])
            return count
        for row in sorted(rows, key=lambda one: int(one["id"])):
            after = max(after, int(row["id"]))
            whole = await _as_told(row, guild, client)
            if (task := client.hearing.hear("message", whole)) is not None:
                await asyncio.wait({task})
        count += len(rows)
        if len(rows) < AT_A_TIME:
            return count


async def _as_told(row: Json, guild: str, client: GatewayClient) -> Json:
    """A message that was read, with what the gateway says besides: where, and which roles its author has."""
    author = row.get("author")
    if not guild or not isinstance(author, dict):
        return row
    member: Json = {}
    if not author.get("bot") and not row.get("webhook_id"):
        try:
            member = {"member": await client.member(int(guild), int(author["id"]))}
        except FAILURES as failure:
            log("discord").info("an author's roles could not be looked up", reason=str(failure)[:200])
    return {**row, "guild_id": guild, **member}


def _shard(guild: str, count: int | None) -> int:
    """The shard that is told of a guild; of direct messages it is the first."""
    return (int(guild) >> 22) % (count or 1) if guild.isdigit() else 0
