"""What it costs to draw a long conversation: reading its journal, the customer's screen, the agents' view, the page.

`python -m tests.bench.drawing [EVENTS]` prints a figure a line, 1,000 events by default.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import httpx

from adapters.storage.store import open_store
from bot.telemetry import configure
from bot.wiring.web import web
from flows.acts import Claimed, HandedBack, Replied
from flows.conversation import Conversation
from flows.events import Answered, Back, Escalated, Event, Said
from tests.adapters.web.support.visitor import Browser
from tests.bench.deciding import shelf
from tests.bench.desk import FLOW
from tests.fakes.world import World

ROUNDS: Final = 9
AGENT: Final = "desk:max"


async def figures(events: int = 1000) -> AsyncIterator[str]:
    """Yield a figure a line."""
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(None, Path(folder))
        world = World(store=store, shelf=shelf(), channels=(), allowed_hosts="help.example")
        async with await _browser(world) as client:
            at = await _long(world, client, events)
            yield await _figure(
                f"journal of {at.version:,} events read", lambda: store.conversations.journal(at.id)
            )
            yield await _figure("its screen drawn", lambda: world.app.reader.screen(at.id))
            yield await _figure("its dossier drawn", lambda: world.app.reader.dossier(at.id))
            yield await _figure("its page answered", lambda: client.get(f"/c/{at.id}"))

            async def one_more() -> None:
                nonlocal at
                at = await _sent(world, at, Said(text="And now?", turn=at.turn), at.contact)
                await client.get(f"/c/{at.id}")

            yield await _figure("an event, and its page", one_more)
        await world.close()


async def _figure(name: str, work: Callable[[], Awaitable[Any]]) -> str:
    """Return the CPU of this process in ms, median of several; the first time may fill caches."""
    costs = []
    for _ in range(ROUNDS + 1):
        began = time.process_time()
        await work()
        costs.append((time.process_time() - began) * 1e3)
    return f"{name:32} {statistics.median(costs[1:]):8.1f} ms of CPU, the first time {costs[0]:.1f}"


async def _browser(world: World) -> httpx.AsyncClient:
    """Return a browser of the page."""
    app: Any = await web(world.app)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=("10.0.0.1", 1)), base_url="https://help.example"
    )


async def _long(world: World, client: httpx.AsyncClient, events: int) -> Conversation:
    """Play a conversation of so many events: answers and steps back, people's words, and an agent now and then."""
    at = await _begun(world, client)
    answers = ("still-failing", "still-failing", "still-failing", "blank")
    while at.version < events:
        for choice in answers:
            at = await _sent(world, at, Answered(turn=at.turn, choice=choice), at.contact)
        at = await _sent(
            world, at, Said(text="I looked **everywhere**, it is not there.", turn=at.turn), at.contact
        )
        for _ in answers:
            at = await _sent(world, at, Back(turn=at.turn), at.contact)
        if at.version % 5 == 0:
            at = await _sent(world, at, Escalated(), at.contact)
            at = await _sent(world, at, Claimed(name="Max"), AGENT)
            at = await _sent(world, at, Replied(text="Which *version* is it?", name="Max"), AGENT)
            at = await _sent(world, at, Said(text="It is 2024.", turn=at.turn), at.contact)
            at = await _sent(world, at, HandedBack(step="computer-on", name="Max"), AGENT)
    return at


async def _begun(world: World, client: httpx.AsyncClient) -> Conversation:
    """Start a conversation on the page, whose cookie the browser then has."""
    page = await Browser(client).open("/")
    path = (await page.press(f"flow:{FLOW}")).path
    at = await world.store.conversations.load(path.rpartition("/")[2])
    if at is None:
        raise SystemExit("the page started no conversation")
    return at


async def _sent(world: World, at: Conversation, event: Event, actor: str) -> Conversation:
    sent = event.model_copy(update={"conversation": at.id, "actor": actor, "key": f"k{at.version}"})
    outcome = await world.app.receive(sent)
    if outcome is None or outcome.refusal is not None:
        raise SystemExit(f"refused: {event} {outcome and outcome.refusal}")
    return outcome.conversation


async def _main(events: int = 1000) -> None:
    configure("human", "warning")
    async for line in figures(events):
        print(line, flush=True)


if __name__ == "__main__":
    asyncio.run(_main(*map(int, sys.argv[1:])))
