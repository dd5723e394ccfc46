"""Runs Discord on this machine: `discord = await Discord.start()`, then add guilds and people, and set faults."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from tests.fakes.discord import api_description
from tests.fakes.discord.calls import Call
from tests.fakes.discord.faults import Faults, route
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.guilds import Guild
from tests.fakes.discord.interaction_payloads import send
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.message_changes import tell
from tests.fakes.discord.people import Person
from tests.fakes.discord.permissions import BOT, bits
from tests.fakes.discord.server import API, Server
from tests.fakes.discord.state import Channel, Json, Message, User
from tests.fakes.discord.threads import archive_idle, change, delete_channel
from tests.fakes.discord.world import Settings, World

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAwMA.GStand.InsSecretTokenThatNobodyElseKnows00"
"""The bot's token, in the form of a real one."""


class Discord:
    """Runs the stand-in for a test, on one event loop, with real sockets."""

    def __init__(self, settings: Settings) -> None:
        self.world = World(settings)
        self.gateway = Gateway(self.world)
        self.faults = Faults()
        self.server = Server(self.world, self.gateway, self.faults)

    @classmethod
    async def start(cls, *, port: int = 0, token: str = TOKEN, **settings: Any) -> "Discord":
        """Listen on 127.0.0.1. `settings` are those of `world.Settings`, such as message_content=False."""
        discord = cls(Settings(token, **settings))
        await discord.server.start(port)
        return discord

    @classmethod
    @asynccontextmanager
    async def running(cls, **settings: Any) -> "AsyncIterator[Discord]":
        """Start a stand-in, and stop it at the end. Raises AssertionError for what Discord's own schemas refuse."""
        discord = await cls.start(**settings)
        try:
            yield discord
        finally:
            await discord.stop()
        if found := discord.faults_by_schemas():
            raise AssertionError("Discord's own schemas refuse this:\n" + "\n".join(found[:5]))

    def faults_by_schemas(self) -> list[str]:
        """Return what Discord's own schemas have against the calls that were taken."""
        taken = (call for call in self.server.calls if 200 <= call.status < 300)
        return [fault for call in taken for fault in api_description.faults_of_a_call(call)]

    async def stop(self) -> None:
        """Close every socket."""
        await self.server.stop()

    # ---- where it is

    @property
    def api(self) -> str:
        """Return the address that replaces the library's base of all routes."""
        return self.world.url + API

    @property
    def gateway_url(self) -> str:
        """Return the address that replaces the library's gateway."""
        return self.world.url.replace("http://", "ws://") + "/gateway"

    @property
    def token(self) -> str:
        """Return the bot's token."""
        return self.world.settings.token

    @property
    def bot(self) -> User:
        """Return the bot's own account. The application has the same id."""
        return self.world.bot

    # ---- furnishing

    def guild(
        self,
        name: str = "G",
        *,
        shard: int = 0,
        of: int = 1,
        locale: str = "en-US",
        bot_lacks: tuple[str, ...] = (),
        bot_has: tuple[str, ...] = (),
    ) -> Guild:
        """Add a guild with the bot in it. `bot_lacks` and `bot_has` change the bot's permissions."""
        permissions = BOT & ~bits(*bot_lacks) | bits(*bot_has)
        self.world.shards = max(self.world.shards, of)
        return self.world.new_guild(name, (shard, of), locale, permissions)

    def removes_bot(self, guild: Guild) -> None:
        """Remove the bot from a guild."""
        self.world.emit("GUILD_DELETE", {"id": str(guild.id)}, guild=guild)
        guild.members.pop(self.bot.id, None)

    def idles(self, thread: Channel) -> None:
        """Archive a thread for inactivity, at the time that its setting allows."""
        clock, seconds = self.world.clock, thread.auto_archive * 60 + 1
        clock.ahead += seconds
        change(self.world, thread, {"archived": True})
        clock.ahead -= seconds

    def removes(self, channel: Channel) -> None:
        """Delete a channel or a thread as a moderator."""
        delete_channel(self.world, channel)

    def unfurls(self, message: Message, link: str, title: str, text: str) -> None:
        """Add the preview of a linked page to a message, which Discord sends as an update, but not as an edit."""
        message.embeds = [{"type": "link", "url": link, "title": title, "description": text}]
        tell(self.world, message, "MESSAGE_UPDATE")

    def passes(self, seconds: float) -> None:
        """Set Discord's clock forward: messages age, interactions and nonces expire, idle threads are archived."""
        self.world.clock.ahead += seconds
        archive_idle(self.world)
        self.world.changed()

    # ---- reading

    def messages(self, place: Channel | Person) -> list[Message]:
        """Return a channel's, thread's or person's messages, oldest first, without those that one person sees."""
        channel = place.dm if isinstance(place, Person) else place
        return list(channel.messages.values())

    def threads(self, parent: Channel) -> list[Channel]:
        """Return a channel's threads or posts that are not deleted, oldest first."""
        return [one for one in self.world.channels.values() if one.parent is parent and not one.deleted]

    def shown_to(self, person: Person) -> list[Message]:
        """Return what only that person sees, oldest first."""
        return [one for one in self.world.ephemerals.values() if one.shown_to == person.id]

    def modal_of(self, interaction: Interaction) -> Json:
        """Return the form that answered an interaction."""
        assert interaction.modal is not None, f"no form: {interaction.answers}, refused {interaction.refused}"
        return interaction.modal

    def commands(self, guild: Guild | None = None) -> list[Json]:
        """Return the commands that are registered globally or for a guild."""
        return self.world.commands.get(guild.id if guild else None, [])

    def interactions(self) -> list[Interaction]:
        """Return every interaction, oldest first."""
        return list(self.world.interactions.values())

    def calls(self, method: str = "*", path: str = "**") -> list[Call]:
        """Return the REST calls of that method and path, oldest first. `*` is one part of a path, `**` any rest."""
        pattern = route(path)
        return [
            one for one in self.server.calls if method in ("*", one.method) and pattern.fullmatch(one.path)
        ]

    async def until(self, holds: Callable[[], object], seconds: float = 30.0) -> None:
        """Wait until a condition holds, checking after every change here. Fails after that time."""
        if not await self.world.until(holds, seconds):
            last = [f"{call.method} {call.path} {call.status}" for call in self.server.calls[-12:]]
            raise AssertionError("it did not come true in time; the last calls: " + "; ".join(last))

    async def connected(self, sessions: int = 1, seconds: float = 30.0) -> None:
        """Wait for that many connected clients."""
        await self.until(lambda: sum(one.connected for one in self.gateway.sessions) >= sessions, seconds)

    # ---- what goes wrong

    def repeats(self, interaction: Interaction) -> None:
        """Send an interaction once more, as in a replay or to a second client."""
        send(self.world, interaction)

    def goes_away(self) -> None:
        """Cut every socket and refuse new ones until `comes_back`. Sessions stay."""
        self.faults.away = True
        for connection in list(self.gateway.connections):
            connection.drop()

    def comes_back(self) -> None:
        """Accept connections again."""
        self.faults.away = False

    @contextmanager
    def away(self) -> Iterator[None]:
        """Be unreachable inside the block."""
        self.goes_away()
        try:
            yield
        finally:
            self.comes_back()
