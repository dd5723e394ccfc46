"""Runs the real client on a stand-in, with a handler that records events, for tests of the gateway."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from adapters.discord.api.gateway import GatewayClient
from adapters.discord.api.gateway_loop import Pace
from adapters.discord.api.gateway_queue import Kind, Patience
from adapters.discord.catchup.messages import Follower
from adapters.discord.gateway_app import GatewayDeps, GatewaySettings, listen
from adapters.storage.store import Store
from bot.ports import Outcome
from flows.events import Event
from flows.views.screen import Screen
from tests.fakes.discord import Discord
from tests.fakes.world import store_in_memory

Json = dict[str, Any]

PACE = Pace(first=0.02, longest=0.1, drain=2.0)
PATIENCE = Patience(first=0.02, longest=0.1)


class Ear:
    """Records events. `fails` are raised first, one per event; `answers` makes it answer clicks."""

    def __init__(self) -> None:
        self.heard: list[tuple[Kind, Json]] = []
        self.fails: list[Exception] = []
        self.gate: asyncio.Event | None = None
        self.entered = asyncio.Event()

    async def __call__(self, kind: Kind, data: Json) -> None:
        self.entered.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.fails:
            raise self.fails.pop(0)
        self.heard.append((kind, data))

    def kinds(self) -> list[str]:
        return [kind for kind, _data in self.heard]

    def words(self) -> list[str]:
        return [data["content"] for kind, data in self.heard if kind == "message" and "content" in data]


async def nothing_received(event: Event) -> Outcome | None:
    return None


async def nothing_seen(conversation_id: str) -> Screen | None:
    return None


class Running:
    """A running client: its events, its end, and its number of shards."""

    def __init__(self, ear: Ear, store: Store) -> None:
        self.ear = ear
        self.store = store
        self.stop = asyncio.Event()
        self.shards: list[int] = []
        self.follower = Follower(nothing_received, nothing_seen, store.bookmarks)
        self.task: asyncio.Task[None]

    async def ended(self) -> None:
        self.stop.set()
        await self.task


@asynccontextmanager
async def running(
    stand_in: Discord, *, store: Store | None = None, connected: bool = True, **settings: Any
) -> AsyncIterator[Running]:
    """Run the gateway inside the block."""
    at = Running(Ear(), store or store_in_memory())
    ears = GatewayDeps(hear=at.ear, follower=at.follower, marks=at.store.marks, bookmarks=at.store.bookmarks)
    given = GatewaySettings(**{"token": stand_in.token, **settings})
    before = sum(one.connected for one in stand_in.gateway.sessions)
    at.task = asyncio.create_task(
        listen(given, ears, at.stop, at.shards.append, pace=PACE, patience=PATIENCE)
    )
    try:
        if connected:
            await stand_in.connected(before + 1)
        yield at
    finally:
        at.stop.set()
        await asyncio.gather(at.task, return_exceptions=True)
        if store is None:
            await at.store.close()


def client_of(made: list[GatewayClient]) -> Callable[..., GatewayClient]:
    """Return the class Client with a record of its objects, for tests that look inside."""

    def make(*given: Any, **named: Any) -> GatewayClient:
        made.append(GatewayClient(*given, **named))
        return made[-1]

    return make
