"""What Discord's benchmark measures: the product behind its gateway's parser, and a bare client with one script call.

Discord's REST takes everything at once here, so that what is measured is not how fast a stand-in is.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import discord
import orjson
from discord.gateway import DiscordWebSocket

from adapters.discord.api.client import DiscordClient, Identity
from adapters.discord.api.gateway import GatewayClient
from adapters.discord.api.gateway_queue import GatewayQueue
from adapters.discord.app import Access, DiscordApp
from adapters.discord.catchup.messages import Follower
from adapters.discord.responses import UPDATE
from adapters.storage.store import Store
from bot.ports import Outcome
from bot.wiring.app import compose, read_flows
from bot.wiring.discord import discord_ports
from bot.wiring.product import App, Platforms
from bot.wiring.settings import load_settings
from flows.button import Button
from flows.conversation import Address
from flows.events import Event, Started
from tests.bench.floor import ANSWERS, FLOOR
from tests.fakes.discord import TOKEN
from tests.fakes.unlimited import Unlimited

Payload = dict[str, Any]


class Expected:
    """A click or a reply that is under way: the times of its ack and of the message that shows what follows."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.acked, self.shown = (asyncio.get_running_loop().create_future() for _ in range(2))


class Taking(DiscordClient):
    """Takes everything at once, and notes when an expected answer or message came."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        super().__init__(TOKEN, session)
        self.count = 0
        self.clicks: dict[str, Expected] = {}
        self.rooms: dict[str, Expected] = {}

    async def identity(self) -> Identity:
        return Identity(application="1", bot="1")

    async def ask(self, method: str, path: str, json: Any = None, **parts: Any) -> Any:
        self.count += 1
        if method == "POST" and path.endswith("/messages"):
            _note(self.rooms.get(str(next(iter(parts.values())))), "shown")
        return {"id": str(10**18 + self.count), "channel_id": "1"}

    async def answer(self, method: str, path: str, json: Any, **parts: str) -> None:
        self.count += 1
        expected = self.clicks.get(parts.get("id", ""))
        _note(expected, "acked")
        if json.get("type") == UPDATE:
            _note(expected, "shown")

    async def close(self) -> None:
        pass


def _note(expected: Expected | None, what: str) -> None:
    """Note that what was expected came, the first time it does."""
    if expected is None:
        return
    future: asyncio.Future[float] = getattr(expected, what)
    if not future.done():
        future.set_result(time.perf_counter() - expected.began)


def wire(client: discord.Client) -> DiscordWebSocket:
    """The gateway of a client as it is between two frames, without a socket."""
    socket: Any = None
    made = DiscordWebSocket(socket, loop=asyncio.get_running_loop())
    made._discord_parsers = client._connection.parsers
    made._dispatch = client.dispatch
    made.shard_id = 0
    return made


def frame(click: Payload, number: int, room: str, value: str) -> str:
    """The text of a frame: that click, in another room, on another button."""
    made = {**click, "id": str(10**18 + number), "channel_id": room}
    made["channel"] = {**click["channel"], "id": room}
    made["data"] = {**click["data"], "custom_id": value}
    return orjson.dumps({"op": 0, "s": number, "t": "INTERACTION_CREATE", "d": made}).decode()


class Product:
    """One process of the product, fed through its client's gateway."""

    def __init__(self, store: Store) -> None:
        platform = DiscordApp(Access(token=TOKEN))
        platform._client = self.taking = Taking(platform._session)
        self.platform, self.store = platform, store
        shelf = read_flows(load_settings({}))
        store.limiter = Unlimited(store.wire)
        self.app: App = compose(load_settings({}), store, shelf, (), Platforms((platform,)))
        self.follower = Follower(self._receive, self.app.look, store.bookmarks)
        ports = replace(discord_ports(self.app), receive=self.follower.receive, teams=None)
        self.hearing = GatewayQueue(platform.receiver(ports).hear, self.follower.heard)
        self.client = GatewayClient(self.hearing, store.marks)
        self.wire = wire(self.client)

    async def _receive(self, event: Event) -> Outcome | None:
        outcome = await self.app.receive(event)
        if outcome is None or outcome.refusal is not None or outcome.repeated:
            raise SystemExit(f"not committed: {outcome}")
        return outcome

    async def quiet(self) -> None:
        """Nothing is under way."""
        while self.hearing:
            await asyncio.wait(tuple(self.hearing._tasks))
        await self.app.outbox.idle()

    async def buttons(self, room: str, user: str) -> Iterator[str]:
        """A conversation in that room; the buttons that bring it to its end."""
        address = Address(channel="discord", room=room, person=user)
        event = Started(
            key=room,
            actor=f"discord:{user}",
            door=f"discord/@me/{room}",
            address=str(address),
            flow="connection-not-active",
        )
        outcome = await self.app.receive(event)
        await self.app.outbox.idle()
        assert outcome is not None
        at = outcome.conversation
        return iter(
            str(Button(conversation=at.id, turn=at.turn + n, choice=choice))
            for n, choice in enumerate(ANSWERS)
        )


class Bare(discord.Client):
    """What a click is measured against: the library as it comes, with one listener and one script call."""

    def __init__(self, store: Store) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self._script: Callable[..., Awaitable[Any]] = store.wire.client.register_script(FLOOR)
        self.expected: dict[str, Expected] = {}

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        data: Any = interaction.data
        conversation, turn, choice = data["custom_id"].split(":")
        keys = [f"{{bench}}{conversation}", f"{{bench}}{conversation}j"]
        await self._script(keys=keys, args=[int(turn, 36) - 1, choice])
        _note(self.expected.get(str(interaction.id)), "acked")


@asynccontextmanager
async def opened(store: Store) -> AsyncIterator[tuple[Product, Bare]]:
    """Both on one store; the bare client's loop is ready, its gateway not opened."""
    ours, theirs = Product(store), Bare(store)
    async with theirs:
        yield ours, theirs
    await ours.quiet()
    await ours.platform._session.close()
