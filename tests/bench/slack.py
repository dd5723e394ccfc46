"""What a click in Slack costs: through HTTP and through Socket Mode, each beside a bare Bolt app on the same store."""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler

from adapters.slack.api.manifest import PATH
from adapters.slack.app import Access, SlackApp
from adapters.storage.store import Store
from bot.ports import Delivery
from bot.wiring.slack import slack_ports
from flows.button import Button
from flows.catalogue import Catalogue
from flows.conversation import Address
from flows.events import Started
from tests.bench.bare import bare
from tests.bench.floor import ANSWERS
from tests.chaos.support.slack import product, shown
from tests.fakes.slack import Slack
from tests.fakes.slack.http import bodied, signed
from tests.fakes.world import World, store_in_memory

Payload = dict[str, Any]
Asgi = Callable[..., Awaitable[None]]

ROOT: Final = Path(__file__).resolve().parents[2]
IN_FLIGHT: Final = 50
WAVES: Final = 5
"""Of so many clicks each, at most: the walk has seven."""

PAUSE: Final = 0.005
"""Seconds between clicks that are measured alone: what follows from the one before is over by then."""

REST: Final = 0.25
"""The same between waves."""


class Silent:
    """A sender that says nothing, so that what is measured is not how fast the stand-in is."""

    name = "slack"
    idempotent = True

    async def send(self, delivery: Delivery) -> str:
        return f"{delivery.address.room}:1.0"

    async def settle(self, delivery: Delivery) -> str | None:
        return None


async def a_click() -> Payload:
    """A click as Slack sends it, message and all."""
    async with Slack.running() as slack:
        store = store_in_memory()
        ana = slack.person("U1", name="Ana")
        async with product(slack, store):
            await ana.writes(ana.dm, "the lamp is dark since May")
            await ana.presses(await shown(slack, ana.dm, "", "Step 1"), "Still failing")
        await store.close()
        return next(one.payload for one in slack.deliveries if one.kind == "interactive")


async def clicks(world: World, click: Payload, room: str) -> Iterator[Payload]:
    """A conversation in that room, and the clicks that bring it to its end."""
    address = Address(channel="slack", workspace="T1", room=room, person="U1")
    event = Started(
        key=room,
        actor="slack:T1:U1",
        door=f"slack/T1/{room}",
        address=str(address),
        flow="connection-not-active",
    )
    outcome = await world.app.receive(event)
    await world.app.outbox.idle()
    if outcome is None or outcome.refusal is not None:
        raise SystemExit(f"refused: {outcome}")
    at = outcome.conversation
    return iter(
        [
            _click(click, room, n, str(Button(conversation=at.id, turn=at.turn + n, choice=choice)))
            for n, choice in enumerate(ANSWERS)
        ]
    )


def _click(click: Payload, room: str, number: int, value: str) -> Payload:
    made = deepcopy(click)
    made["container"]["channel_id"] = made["channel"]["id"] = room
    made["actions"][0] |= {"value": value, "action_ts": f"{number}.0"}
    return made


# ---------------------------------------------------------------- HTTP


async def over_http(world: World, click: Payload, rooms: int) -> tuple[float, float]:
    """Microseconds of a signed click from the first byte to the answer, ours and a bare app's, taken in turns."""
    ours: list[float] = []
    theirs: list[float] = []
    async with Slack.running() as slack:
        app = SlackApp(_access(slack))
        guard = app.guard(slack_ports(world.app), time.time)
        plain = bare(world.store, slack.api, slack.token, slack.signing_secret)
        handler: Any = AsyncSlackRequestHandler(plain, PATH)
        for room in range(rooms):
            for payload in await clicks(world, click, f"H{room}"):
                ours.append(await _posted(guard, payload, slack.signing_secret))
                await world.app.outbox.idle()
                theirs.append(await _posted(handler, payload, slack.signing_secret))
        await app.close()
    return statistics.median(ours), statistics.median(theirs)


def _access(slack: Slack) -> Access:
    return Access(
        bot_token=slack.token,
        app_token=slack.app_token,
        signing_secret=slack.signing_secret,
        api_url=slack.api,
    )


async def _posted(app: Asgi, payload: Payload, secret: str) -> float:
    """Microseconds of one request, without the network and the server around it."""
    body, kind = bodied("interactive", payload)
    headers = {"Content-Type": kind, **signed(body, secret)}
    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    began = time.perf_counter()
    await app(scope, receive, send)
    spent = (time.perf_counter() - began) * 1e6
    if said[0]["status"] != 200:
        raise SystemExit(f"not acknowledged: {said}")
    return spent


# ---------------------------------------------------------------- Socket Mode


@asynccontextmanager
async def beside(slack: Slack, *words: str, **settings: str) -> AsyncIterator[None]:
    """A process that hears the stand-in over its sockets."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *words, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        await slack.connected(1, 60)
        yield
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def heard(data: Path) -> AsyncIterator[tuple[Slack, Slack]]:
    """Two stand-ins for Slack: one is heard by the product, one by a bare app, each a process of its own."""
    async with Slack.running() as ours, Slack.running() as theirs:
        settings = {
            "DATA_DIR": str(data),
            "LOG_LEVEL": "error",
            "SLACK_API_URL": ours.api,
            "SLACK_APP_TOKEN": ours.app_token,
            "SLACK_BOT_TOKEN": ours.token,
        }
        async with (
            beside(ours, "bot", "slack", **settings),
            beside(theirs, "tests.bench.bare", theirs.api, str(data)),
        ):
            yield ours, theirs


async def over_sockets(
    world: World, click: Payload, ours: Slack, theirs: Slack, rooms: int
) -> tuple[float, float]:
    """Microseconds from sending the envelope to its acknowledgement, ours and a bare app's, taken in turns."""
    spent: dict[str, list[float]] = {"ours": [], "theirs": []}
    for room in range(rooms):
        ours.channel(f"S{room}")
        for payload in await clicks(world, click, f"S{room}"):
            for whose, slack in (("ours", ours), ("theirs", theirs)):
                spent[whose].append(await _acked(slack, payload) * 1e6)
                await asyncio.sleep(PAUSE)
    return statistics.median(spent["ours"]), statistics.median(spent["theirs"])


async def _acked(slack: Slack, payload: Payload) -> float:
    """Seconds until it was acknowledged."""
    answer = await slack.post.ask("interactive", payload)
    if not answer.acked:
        raise SystemExit(f"not acknowledged: {answer}")
    return answer.seconds


async def crowd(world: World, click: Payload, slack: Slack, name: str, waves: int) -> float:
    """Seconds within which 99 of 100 clicks are acknowledged, with so many in flight; one wave more opens the lines."""
    for n in range(IN_FLIGHT):
        slack.channel(f"{name}{n}")
    walks = [await clicks(world, click, f"{name}{n}") for n in range(IN_FLIGHT)]
    spent: list[float] = []
    for number in range(waves + 1):
        await asyncio.sleep(REST)
        wave = await asyncio.gather(*(_acked(slack, next(walk)) for walk in walks))
        spent += wave if number else ()
    return statistics.quantiles(spent, n=100, method="inclusive")[98]


async def figures(store: Store, shelf: Catalogue, data: Path, rooms: int) -> AsyncIterator[str]:
    """A figure a line, over so many conversations; `store` is that of `data`."""
    world = World(store=store, shelf=shelf, channels=(Silent(),))
    click = await a_click()
    yield _beside("click over HTTP", *await over_http(world, click, rooms))
    async with heard(data) as (ours, theirs):
        yield _beside("click over Socket Mode", *await over_sockets(world, click, ours, theirs, rooms))
        waves = min(rooms, WAVES)
        mine = await crowd(world, click, ours, "C", waves)
        bares = await crowd(world, click, theirs, "B", waves)
        label = f"{IN_FLIGHT} clicks in flight, p99"
        yield f"{label:28} {mine * 1e3:8.1f} ms to the ack (to stay under 50); a bare Bolt app {bares * 1e3:.1f} ms"


def _beside(label: str, ours: float, theirs: float) -> str:
    bare_bolt = f"a bare Bolt app with one script call ({theirs:.0f} µs)"
    return f"{label:28} {ours:8.0f} µs, {ours / theirs:.1f} times {bare_bolt}"
