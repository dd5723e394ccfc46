"""Holds everything that Discord knows, and tells listeners about every change."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tests.fakes.discord.guilds import Guild
from tests.fakes.discord.ids import Clock, Ids
from tests.fakes.discord.payloads import Payloads
from tests.fakes.discord.permissions import BOT, sees
from tests.fakes.discord.refusals import Refusal
from tests.fakes.discord.state import Channel, Json, Kind, Member, Message, Role, User

if TYPE_CHECKING:
    from tests.fakes.discord.interactions import Interaction
    from tests.fakes.discord.people import Person
    from tests.fakes.discord.webhooks import Webhook


LOOK_AGAIN = 0.01
"""Seconds after which `until` checks without a change here, because a client's changes send no notice."""


class Intents(NamedTuple):
    """The intents that a client must ask for to get an event."""

    guilds: int = 1 << 0
    members: int = 1 << 1
    presences: int = 1 << 8
    messages: int = 1 << 9
    reactions: int = 1 << 10
    typing: int = 1 << 11
    dms: int = 1 << 12
    dm_reactions: int = 1 << 13
    dm_typing: int = 1 << 14
    content: int = 1 << 15


@dataclass(frozen=True)
class Happening:
    """An event of the gateway. `intent` 0 is sent to every client."""

    name: str
    data: Json
    guild: int | None
    intent: int
    message: Message | None = None


@dataclass
class Settings:
    """What an operator sets in Discord's portal, and limits that a test may lower."""

    token: str
    message_content: bool = True
    members: bool = False
    heartbeat: float = 41.25
    old_edits: int = 3
    old_edits_seconds: float = 20.0
    sessions_a_day: int = 1000
    max_concurrency: int = 1


@dataclass
class World:
    """The stand-in's state. `url` is its address once it listens."""

    settings: Settings
    url: str = ""
    clock: Clock = field(default_factory=Clock)
    users: dict[int, User] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    ephemerals: dict[int, Message] = field(default_factory=dict)
    interactions: "dict[int, Interaction]" = field(default_factory=dict)
    people: "dict[int, Person]" = field(default_factory=dict)
    webhooks: "dict[int, Webhook]" = field(default_factory=dict)
    old_edits: dict[int, list[float]] = field(default_factory=dict)
    commands: dict[int | None, list[Json]] = field(default_factory=dict)
    nonces: dict[tuple[int, str], Message] = field(default_factory=dict)
    files: dict[int, bytes] = field(default_factory=dict)
    listeners: list[Callable[[Happening], None]] = field(default_factory=list)
    shards: int = 1

    def __post_init__(self) -> None:
        self.intents = Intents()
        self.ids = Ids(self.clock)
        self.bot = self.new_user("Helper", bot=True)
        self.owner = self.new_user("Operator")
        self.payloads = Payloads(self.clock, self.bot)
        self._moved = asyncio.Event()

    def new_user(self, name: str, *, bot: bool = False, dms_closed: bool = False) -> User:
        user = User(self.ids.next(), name, bot, dms_closed)
        self.users[user.id] = user
        return user

    def new_guild(self, name: str, shard: tuple[int, int], locale: str, permissions: int = BOT) -> Guild:
        """Add a guild with the bot as a member. `shard` is its number and the number of shards."""
        guild = Guild(self, self.ids.on_shard(*shard), name, self.owner, locale)
        role = Role(self.ids.next(), self.bot.name, permissions, managed_by=self.bot.id, position=1)
        guild.roles[role.id] = role
        guild.join(self.bot, [role])
        self.guilds[guild.id] = guild
        self.emit("GUILD_CREATE", self.payloads.guild(guild), guild=guild)
        return guild

    # ---- finding, or refusing as Discord does

    def channel(self, id: int) -> Channel:
        found = self.channels.get(id)
        if found is None or found.deleted:
            raise Refusal(10003)
        if found.guild is not None and self.bot.id not in found.guild.members:
            raise Refusal(50001)
        return found

    def guild(self, id: int) -> Guild:
        found = self.guilds.get(id)
        if found is None or self.bot.id not in found.members:
            raise Refusal(10004)
        return found

    def message(self, channel: Channel, id: int) -> Message:
        found = channel.messages.get(id)
        if found is None:
            raise Refusal(10008)
        return found

    def member(self, guild: Guild, id: int) -> Member:
        found = guild.members.get(id)
        if found is None:
            raise Refusal(10007 if id in self.users else 10013)
        return found

    def dm(self, user: User) -> Channel:
        """Return the direct messages of the bot and a user, and open them if there are none."""
        for channel in self.channels.values():
            if channel.kind is Kind.DM and user in channel.recipients:
                return channel
        channel = Channel(self.ids.next(), Kind.DM, "", self.clock.now(), recipients=[self.bot, user])
        self.channels[channel.id] = channel
        return channel

    # ---- telling

    def emit(
        self,
        name: str,
        data: Json,
        *,
        guild: Guild | None = None,
        channel: Channel | None = None,
        intent: int | None = None,
        message: Message | None = None,
    ) -> None:
        """Send an event to the gateway's clients, unless the bot does not see the channel."""
        self.changed()
        at = channel.guild if channel is not None else guild
        if at is not None and self.bot.id not in at.members:
            return
        if channel is not None and not sees(self.bot, channel):
            return
        asked = self.intents.guilds if intent is None else intent
        happening = Happening(name, data, at.id if at else None, asked, message)
        for listener in list(self.listeners):
            listener(happening)

    def changed(self) -> None:
        """Wake everyone who waits for a condition."""
        self._moved.set()
        self._moved = asyncio.Event()

    async def until(self, holds: Callable[[], object], seconds: float) -> bool:
        """Wait until a condition holds, checking after every change. Returns False after that time."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not holds():
            left = deadline - loop.time()
            if left <= 0:
                return False
            await self._move(min(left, LOOK_AGAIN))
        return True

    async def _move(self, seconds: float) -> None:
        """Wait for the next change here, up to that many seconds."""
        moved = self._moved
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(moved.wait(), seconds)
