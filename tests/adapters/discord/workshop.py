"""The product in Discord for a test: a real desk, outbox and client on a store in memory, and the stand-in for Discord.

The flow is the lamp of `tests.fakes.flows`; a test tells what people do, and reads what they see.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import fakeredis

from adapters.discord.app import Access, DiscordApp
from adapters.discord.catchup import Follower
from adapters.discord.counter import Ports
from adapters.discord.gateway import Pace
from adapters.discord.hearing import Patience
from adapters.discord.listening import Ears, Listening, listen
from bot.app import App, compose
from bot.finder import Finder
from bot.settings import load_settings
from bot.shelf import Shelf
from flows.conversation import Conversation
from tests.fakes.discord import Channel, Discord, Message, Person
from tests.fakes.flows import catalogue
from tests.fakes.world import store_in_memory


class Workshop:
    """One process of the product that hears Discord."""

    def __init__(self, discord: Discord, app: App, platform: DiscordApp) -> None:
        self.discord = discord
        self.app = app
        self.platform = platform

    async def live(self, place: Channel | Person) -> Message:
        """The one message there that can be pressed, when all is carried out."""
        await self.idle()
        (found,) = (one for one in self.discord.messages(place) if "Talk to a person" in one.buttons)
        return found

    async def idle(self) -> None:
        """Wait until everything begun here is carried out."""
        await self.app.outbox.idle()

    async def of(self, person: Person) -> Conversation:
        """The person's newest conversation."""
        found = await self.app.store.places.of(f"discord:{person.id}", 1)
        at = await self.app.store.conversations.load(found[0])
        assert at is not None
        return at


@asynccontextmanager
async def workshop(
    discord: Discord,
    server: fakeredis.FakeServer | None = None,
    settings: dict[str, str] | None = None,
    **given: Any,
) -> AsyncIterator[Workshop]:
    """A process that hears the stand-in, until the end. `given` is what the operator has set (`Access`)."""
    store = store_in_memory(server)
    platform = DiscordApp(Access(token=discord.token, **given))
    shelf = Shelf(catalogue=catalogue(), readings=())
    app = compose(load_settings(settings or {}), store, shelf, (platform.sender(store.limiter),))
    follower = Follower(app.receive, app.look, store.bookmarks)
    finder = Finder(store.places, store.conversations, store.outbox, app.look)
    ports = Ports(
        receive=follower.receive,
        look=app.look,
        finder=finder,
        marks=store.marks,
        catalogue=lambda: app.catalogue,
        support="help@lamps.example",
    )
    ears = Ears(platform.receiver(ports).hear, follower, store.marks, store.bookmarks)
    stop, open_shards = asyncio.Event(), asyncio.Event()
    hearing = asyncio.create_task(
        listen(
            Listening(token=discord.token),
            ears,
            stop,
            lambda shards: open_shards.set() if shards else None,
            pace=Pace(first=0.01, drain=2),
            patience=Patience(first=0.05),
        )
    )
    try:
        await asyncio.wait_for(open_shards.wait(), 10)
        await discord.until(discord.commands)
        yield Workshop(discord, app, platform)
    finally:
        stop.set()
        await asyncio.gather(hearing)
        await app.outbox.idle()
        await platform.close()
        await store.close()
