"""Composes the product for tests in Discord: a real desk, outbox and client, a store in memory, and the stand-in.

The flow is the lamp of `tests.fakes.flows`. A test lets people act, and reads what they see.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import fakeredis

from adapters.discord.api.gateway_loop import Pace
from adapters.discord.api.gateway_queue import Patience
from adapters.discord.app import Access, DiscordApp
from adapters.discord.gateway_app import GatewayDeps, GatewaySettings, listen
from bot.desk.likeness_meter import LikenessMeter
from bot.ports import Outcome
from bot.wiring.app import compose
from bot.wiring.discord import discord_follower, discord_ports
from bot.wiring.flow_files import FlowFiles
from bot.wiring.product import Platforms
from bot.wiring.settings import load_settings
from flows.catalogue import Catalogue
from flows.conversation import Conversation
from flows.events import Event
from tests.fakes.discord import Channel, Discord, Message, Person
from tests.fakes.flows import catalogue
from tests.fakes.unlimited import Unlimited
from tests.fakes.wait import until
from tests.fakes.world import store_in_memory


@dataclass
class Clock:
    """The machine's time, which a test can set forward."""

    ahead: float = 0.0

    def now(self) -> float:
        """Return seconds since 1970."""
        return time.time() + self.ahead


class Workshop:
    """One process of the product that listens to Discord."""

    def __init__(self, discord: Discord, server: fakeredis.FakeServer, given: dict[str, Any]) -> None:
        """`given` are the operator's settings (`Access`, `DESK_ROOM`, `DESK_PING`); a `shelf` of flows replaces
        the lamp's, and an `encoder` hears what words likely mean.
        """
        self.discord = discord
        self.server = server
        self.clock = Clock()
        self.guild = next(iter(discord.world.guilds.values()))
        shelf, encoder = given.pop("shelf", None), given.pop("encoder", None)
        flows = catalogue() if shelf is None else Catalogue(flows=shelf)
        given.setdefault("forums", (str(self.forum.id),))
        roles = self.guild.roles.values()
        given.setdefault("api_url", discord.api)
        given.setdefault("agents", tuple(str(role.id) for role in roles if role.name == "Agents"))
        settings = load_settings({name: given.pop(name) for name in tuple(given) if name.isupper()})
        store = store_in_memory(server)
        store.limiter = Unlimited(store.wire)
        self.platform = DiscordApp(Access(token=discord.token, **given), self.clock.now)
        shown = FlowFiles(catalogue=flows, readings=())
        self.app = compose(settings, store, shown, (), Platforms((self.platform,)), LikenessMeter(encoder))
        self.ports = replace(discord_ports(self.app), support="help@lamps.example")
        self.follower = discord_follower(self.app, self.ports)
        self.counted = store_in_memory()  # of its own: processes that share it connect five seconds apart
        self.gate = asyncio.Event()
        self.gate.set()

    def ears(self) -> GatewayDeps:
        """Return the handler of the gateway's events."""
        store = self.app.store
        return GatewayDeps(
            self.platform.receiver(replace(self.ports, receive=self.receive)).hear,
            self.follower,
            self.counted.marks,
            store.bookmarks,
            self.platform.enters,
        )

    @property
    def room(self) -> Channel:
        """Return the text channel."""
        return self.guild.channel("help")

    @property
    def forum(self) -> Channel:
        """Return the forum that the operator listed."""
        return self.guild.channel("support")

    def person(self, name: str) -> Person:
        """Return Ana or Ben, who are members, or Max, who has the agents' role."""
        people = self.discord.world.people.values()
        return next(one for one in people if one.name == name)

    async def begins(self, person: Person, text: str = "lamp is dark") -> Message:
        """Let a person write to the bot directly. Return the first step."""
        await person.dms(text)
        await self.discord.until(lambda: any(one.buttons for one in self.discord.messages(person)))
        return await self.live(person)

    async def posts(self, person: Person, title: str = "lamp is dark", text: str = "Help!") -> Channel:
        """Let a person post in the forum, and wait for the first step."""
        post = await person.posts(self.forum, title, text)
        await self.discord.until(lambda: any(one.buttons for one in self.discord.messages(post)))
        await self.idle()
        return post

    async def waits_for_questions(self) -> None:
        """Wait until the product keeps a post that no one has answered."""
        assert await until(self.questions)

    async def questions(self) -> Mapping[str, str]:
        """Return what is kept of the posts that wait for an answer."""
        return await self.app.store.bookmarks.all("unanswered/discord")

    async def offers_help(self, later_s: float = 0.0) -> None:
        """Look for unanswered posts as a worker does, that much later than now, after earlier claims ran out."""
        for name in await self.questions():
            await self.app.store.marks.clear(f"unanswered/{name.rpartition('/')[0]}")
        now = int((time.time() + later_s) * 1000)
        await self.app.unanswered.offer(self.app.platforms.offerers(), now)
        await self.idle()

    async def live(self, place: Channel | Person) -> Message:
        """Wait until all work is done, and return the only message there that can be pressed."""
        await self.idle()
        pressable = [one for one in self.discord.messages(place) if "Remind me tomorrow" in one.buttons]
        assert len(pressable) == 1, [(one.text, one.buttons) for one in self.discord.messages(place)]
        return pressable[0]

    async def idle(self) -> None:
        """Wait until all work that was started here is done."""
        await self.app.outbox.idle()

    async def works_until(self, holds: Callable[[], object]) -> None:
        """Work as a worker does until a condition holds."""

        async def look() -> bool:
            await self.app.outbox.pick_up()
            await self.idle()
            return bool(holds())

        await until(look)

    async def works_until_quiet(self) -> None:
        """Work as a worker does until no effect waits."""

        async def look() -> bool:
            await self.app.outbox.pick_up()
            await self.idle()
            return not await self.app.store.backlog.waiting()

        await until(look)

    @contextmanager
    def store_down(self) -> Iterator[None]:
        """Make the store unreachable inside the block."""
        self.server.connected = False
        try:
            yield
        finally:
            self.server.connected = True

    async def receive(self, event: Event) -> Outcome | None:
        """Receive an event, after the gate opens."""
        await self.gate.wait()
        return await self.follower.receive(event)

    async def eventually(self, holds: Callable[[list[str]], bool], conversation: str) -> None:
        """Wait until the stored texts of people fulfill a condition."""

        async def words() -> bool:
            kept = await self.app.store.conversations.words(conversation)
            return holds([spoken.text for spoken in kept.values()])

        await until(words)

    async def of(self, person: Person) -> Conversation:
        """Return the person's newest conversation."""
        found = await self.app.store.places.of(f"discord:{person.id}", 1)
        at = await self.app.store.conversations.load(found[0])
        assert at is not None
        return at


def furnish(discord: Discord) -> None:
    """Add a guild with a channel and a forum, and Ana, Ben and Max, who is an agent."""
    guild = discord.guild("Workshop")
    guild.text("help")
    guild.forum("support", tags=["solved", "lamps"])
    agents = guild.role("Agents", "manage_messages")
    for name in ("Ana", "Ben"):
        guild.member(name)
    guild.member("Max", roles=[agents])


@asynccontextmanager
async def workshop(
    discord: Discord, server: fakeredis.FakeServer | None = None, **given: Any
) -> AsyncIterator[Workshop]:
    """Run a process that listens to the stand-in. Several with one server act as several processes."""
    if not discord.world.guilds:
        furnish(discord)
    shop = Workshop(discord, server or fakeredis.FakeServer(version=(7,)), given)
    stop, connected = asyncio.Event(), asyncio.Event()
    hearing = asyncio.create_task(
        listen(
            GatewaySettings(token=discord.token),
            shop.ears(),
            stop,
            lambda shards: connected.set() if shards else None,
            pace=Pace(first=0.01, drain=2),
            patience=Patience(first=0.05),
        )
    )
    try:
        await asyncio.wait_for(connected.wait(), 30)
        await discord.until(discord.commands)
        yield shop
    finally:
        stop.set()
        await asyncio.gather(hearing)
        await shop.idle()
        await shop.platform.close()
        await shop.counted.close()
        await shop.app.store.close()
