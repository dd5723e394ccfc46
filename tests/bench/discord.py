"""What a click in Discord costs: through the real gateway's parser to the committed turn, beside a bare client.

Discord's REST takes everything at once here, so that what is measured is not how fast a stand-in is.
`python -m tests.bench.discord` prints the figures.
"""

import asyncio
import gc
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
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
from adapters.storage.store import Store, open_store
from bot.ports import Outcome
from bot.telemetry import configure
from bot.wiring.app import compose, read_flows
from bot.wiring.discord import discord_ports
from bot.wiring.product import App, Platforms
from bot.wiring.settings import load_settings
from flows.button import Button
from flows.conversation import Address
from flows.events import Event, Started
from tests.bench.floor import ANSWERS, FLOOR
from tests.chaos.support.discord import product, shown
from tests.fakes.discord import TOKEN, Discord
from tests.fakes.discord.client_address import pointed_at
from tests.fakes.unlimited import Unlimited
from tests.fakes.world import store_in_memory

Payload = dict[str, Any]

CONVERSATIONS = 500


class Taking(DiscordClient):
    """Takes everything at once."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        super().__init__(TOKEN, session)
        self.count = 0

    async def identity(self) -> Identity:
        return Identity(application="1", bot="1")

    async def ask(self, method: str, path: str, json: Any = None, **parts: Any) -> Any:
        self.count += 1
        return {"id": str(10**18 + self.count), "channel_id": "1"}

    async def answer(self, method: str, path: str, json: Any, **parts: str) -> None:
        self.count += 1

    async def close(self) -> None:
        pass


async def a_click() -> Payload:
    """A click in direct messages as Discord sends it, message and all."""
    async with Discord.running() as stand_in:
        with pointed_at(stand_in.api, stand_in.gateway_url):
            ana, store = stand_in.guild().member("Ana"), store_in_memory()
            async with product(stand_in, store):
                await ana.dms("the lamp is dark since May")
                clicked = await ana.presses(await shown(stand_in, ana, "Plug it in"), "Still failing")
            await store.close()
            return deepcopy(clicked.payload)


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
    """One process of the product, fed through its client's gateway; `committed` is set by the desk's return."""

    def __init__(self, store: Store) -> None:
        platform = DiscordApp(Access(token=TOKEN))
        platform._client = Taking(platform._session)
        self.platform, self.store = platform, store
        shelf = read_flows(load_settings({}))
        store.limiter = Unlimited(store.wire)
        self.app: App = compose(load_settings({}), store, shelf, (), Platforms((platform,)))
        self.committed = asyncio.Event()
        self.follower = Follower(self._receive, self.app.look, store.bookmarks)
        ports = replace(discord_ports(self.app), receive=self.follower.receive, teams=None)
        self.hearing = GatewayQueue(platform.receiver(ports).hear, self.follower.heard)
        self.client = GatewayClient(self.hearing, store.marks)
        self.wire = wire(self.client)

    async def _receive(self, event: Event) -> Outcome | None:
        outcome = await self.app.receive(event)
        if outcome is None or outcome.refusal is not None or outcome.repeated:
            raise SystemExit(f"not committed: {outcome}")
        self.committed.set()
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
        self.committed = asyncio.Event()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        data: Any = interaction.data
        conversation, turn, choice = data["custom_id"].split(":")
        keys = [f"{{bench}}{conversation}", f"{{bench}}{conversation}j"]
        await self._script(keys=keys, args=[int(turn, 36) - 1, choice])
        self.committed.set()


async def timed(gateway: DiscordWebSocket, text: str, committed: asyncio.Event) -> float:
    """Microseconds from the frame to the committed turn."""
    committed.clear()
    began = time.perf_counter()
    await gateway.received_message(text)
    await committed.wait()
    return (time.perf_counter() - began) * 1e6


@asynccontextmanager
async def opened(store: Store) -> AsyncIterator[tuple[Product, Bare]]:
    """Both on one store; the bare client's loop is ready, its gateway not opened."""
    ours, theirs = Product(store), Bare(store)
    async with theirs:
        yield ours, theirs
    await ours.quiet()
    await ours.platform._session.close()


async def clicking(store: Store, click: Payload, rooms: int = 40) -> tuple[float, float]:
    """Microseconds of a click to its commit, ours and a bare client's, taken in turns."""
    spent: dict[str, list[float]] = {"ours": [], "theirs": []}
    number = 0
    user = click["user"]["id"]
    async with opened(store) as (ours, theirs):
        bare = wire(theirs)
        for room in range(rooms):
            place = str(2 * 10**18 + room)
            for value in await ours.buttons(place, user):
                number += 1
                text = frame(click, number, place, value)
                spent["ours"].append(await timed(ours.wire, text, ours.committed))
                await ours.quiet()
                spent["theirs"].append(await timed(bare, text, theirs.committed))
    return statistics.median(spent["ours"]), statistics.median(spent["theirs"])


async def remembering(store: Store, click: Payload, conversations: int = CONVERSATIONS) -> tuple[int, int]:
    """Bytes that stay in the process after so many whole walks beyond a first hundred, and views the client keeps."""
    user = click["user"]["id"]
    async with opened(store) as (ours, _theirs):
        await _walks(ours, click, user, 0, 100)
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        await _walks(ours, click, user, 100, conversations)
        gc.collect()  # what is dropped but not yet swept up is not kept
        kept = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        views = ours.client._connection._view_store
        return kept, len(views._views) + len(views._synced_message_views)


async def _walks(ours: Product, click: Payload, user: str, first: int, count: int) -> None:
    for room in range(first, first + count):
        place = str(3 * 10**18 + room)
        for n, value in enumerate(await ours.buttons(place, user)):
            await timed(ours.wire, frame(click, 10 * room + n, place, value), ours.committed)
            await ours.quiet()


async def figures(store: Store, conversations: int = CONVERSATIONS) -> AsyncIterator[str]:
    """A figure a line."""
    click = await a_click()
    ours, theirs = await clicking(store, click)
    label = "click over the gateway"
    yield f"{label:28} {ours:8.0f} µs, {ours / theirs:.1f} times a bare client with one script call of {theirs:.0f} µs"
    kept, views = await remembering(store, click, conversations)
    label = f"kept of {conversations} conversations"
    yield f"{label:28} {kept / 1024:8.0f} KiB in the client's process (to stay under 1,024), {views} views"


async def main() -> None:
    """Print them, on a store of our own."""
    configure("human", "warning")
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(None, Path(folder))
        async for line in figures(store):
            print(line)
        await store.close()


if __name__ == "__main__":
    asyncio.run(main())
