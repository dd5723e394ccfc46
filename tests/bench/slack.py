"""What a click in Slack costs over signed HTTP and over Socket Mode, beside a bare Bolt app with one script call.

The product and the bare app are processes of their own on one store, and take turns in rounds. The stand-in takes
messages at once, so that its speed is not what is measured. `python -m tests.bench.slack [ROOMS]` prints the figures.
"""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, NamedTuple

from adapters.slack.api.manifest import PATH
from adapters.storage.store import Store, open_store
from bot.ports import Delivery
from bot.telemetry import configure
from flows.button import Button
from flows.catalogue import Catalogue
from flows.conversation import Address
from flows.events import Started
from tests.bench.deciding import shelf
from tests.bench.floor import ANSWERS
from tests.bench.slack_stand import Stand
from tests.chaos.support.slack import product, shown
from tests.fakes.slack import Slack
from tests.fakes.world import World, store_in_memory

Payload = dict[str, Any]

ROOT: Final = Path(__file__).resolve().parents[2]
DOORS: Final = ("http", "socket")
SIDES: Final = ("product", "bare")
IN_FLIGHT: Final = 50
ROUNDS: Final = 3
"""Rounds at most; the median counts."""

WALK: Final = ANSWERS[:-1]
"""The answers that lead to a next step; the last one of the guide opens a ticket and a form."""

REST_S: Final = 0.1
"""Seconds between waves of clicks: what follows from the one before is over by then."""

START_S: Final = 60
LOOK_S: Final = 0.05
"""Seconds between two looks at a port that does not answer yet."""

TICKS: Final = os.sysconf("SC_CLK_TCK")


class Silent:
    """Sends nothing: the steps that the driver starts conversations with are not measured."""

    name = "slack"
    idempotent = True

    async def send(self, delivery: Delivery) -> str:
        return f"{delivery.address.room}:1.0"

    async def settle(self, delivery: Delivery) -> str | None:
        return None


class Side(NamedTuple):
    """A process that is measured, behind its stand-in."""

    name: str
    stand: Stand
    pid: int


class Cost(NamedTuple):
    """What clicks cost: milliseconds to the ack and to the next step, and microseconds of the process's CPU a click."""

    ack_p50: float
    ack_p99: float
    step_p50: float
    step_p99: float
    cpu_us: float


async def a_click() -> Payload:
    """Return a click as Slack sends it, with its whole message."""
    async with Slack.running() as slack:
        store = store_in_memory()
        ana = slack.person("U1", name="Ana")
        async with product(slack, store):
            await ana.writes(ana.dm, "the lamp is dark since May")
            await ana.presses(await shown(slack, ana.dm, "", "Step 1"), "Still failing")
        await store.close()
        return next(one.payload for one in slack.deliveries if one.kind == "interactive")


async def clicks(world: World, click: Payload, room: str) -> Iterator[Payload]:
    """Start a conversation in that room, and return the clicks that walk its guide."""
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
            for n, choice in enumerate(WALK)
        ]
    )


def _click(click: Payload, room: str, number: int, value: str) -> Payload:
    made = deepcopy(click)
    made["container"]["channel_id"] = made["channel"]["id"] = room
    made["actions"][0] |= {"value": value, "action_ts": f"{number}.0"}
    return made


# ---------------------------------------------------------------- the two processes


@asynccontextmanager
async def opened(door: str, data: Path) -> AsyncIterator[tuple[Side, ...]]:
    """Run both sides behind that door, each with a stand-in of its own."""
    async with AsyncExitStack() as stack:
        yield tuple([await stack.enter_async_context(_side(name, door, data)) for name in SIDES])


@asynccontextmanager
async def _side(name: str, door: str, data: Path) -> AsyncIterator[Side]:
    stand = await Stand.start()
    port = _free_port()
    words = ("tests.bench.slack_processes", name, door, stand.api, str(data), str(port))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *words, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        if door == "http":
            stand.http.url = f"http://127.0.0.1:{port}{PATH}"
            await _listening(port)
        else:
            await stand.until(lambda: stand.sockets.opened, START_S)
        yield Side(name, stand, process.pid)
    finally:
        process.terminate()
        await process.wait()
        await stand.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as place:
        return int(place.getsockname()[1])


async def _listening(port: int) -> None:
    """Wait until that port takes connections."""
    async with asyncio.timeout(START_S):
        while True:
            try:
                _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(LOOK_S)
            else:
                writer.close()
                return


def _cpu_s(pid: int) -> float:
    """Return the seconds of CPU of that process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


# ---------------------------------------------------------------- measuring


async def measured(side: Side, walks: list[Iterator[Payload]], at_once: int) -> Cost:
    """Return what the clicks of these walks cost: one at a time, or the next click of so many walks in a wave."""
    spent: list[tuple[float, float]] = []
    before = _cpu_s(side.pid)
    for first in range(0, len(walks), at_once):
        for _answer in WALK:
            wave = walks[first : first + at_once]
            spent += await asyncio.gather(*(_pressed(side, next(walk)) for walk in wave))
            await asyncio.sleep(REST_S if at_once > 1 else 0.0)
    cpu = (_cpu_s(side.pid) - before) * 1e6 / len(spent)
    acks, steps = zip(*spent, strict=True)
    return Cost(*_quantiles(acks), *_quantiles(steps), cpu)


async def _pressed(side: Side, payload: Payload) -> tuple[float, float]:
    """Return the seconds to a click's ack and to its next step, which the bare app does not send."""
    step: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    if side.name == "product":
        side.stand.taking.expected[payload["channel"]["id"]] = step
    began = time.perf_counter()
    answer = await side.stand.post.ask("interactive", payload)
    if not answer.acked:
        raise SystemExit(f"not acknowledged: {answer}")
    if side.name == "bare":
        return answer.seconds, 0.0
    async with asyncio.timeout(START_S):
        return answer.seconds, await step - began


def _quantiles(seconds: tuple[float, ...]) -> tuple[float, float]:
    hundredths = statistics.quantiles(seconds, n=100, method="inclusive")
    return hundredths[49] * 1e3, hundredths[98] * 1e3


async def compared(
    world: World, click: Payload, sides: tuple[Side, ...], rooms: int, at_once: int, door: str
) -> dict[str, Cost]:
    """Return the medians of rounds in which the sides take turns, after a round that opens the lines."""
    costs: dict[str, list[Cost]] = {side.name: [] for side in sides}
    rounds = min(rooms, ROUNDS)
    for number in range(rounds + 1):
        for side in sides:
            names = [f"C{door}{at_once}{side.name}{number}x{n}" for n in range(max(rooms, at_once))]
            walks = [await clicks(world, click, name) for name in names]
            cost = await measured(side, walks, at_once)
            if number:
                costs[side.name].append(cost)
    return {
        name: Cost(*(statistics.median(column) for column in zip(*made, strict=True)))
        for name, made in costs.items()
    }


async def figures(store: Store, shelf: Catalogue, data: Path, rooms: int) -> AsyncIterator[str]:
    """Yield a figure a line, over so many conversations a round; `store` is that of `data`."""
    world = World(store=store, shelf=shelf, channels=(Silent(),))
    click = await a_click()
    for door in DOORS:
        async with opened(door, data) as sides:
            for at_once in (1, IN_FLIGHT):
                made = await compared(world, click, sides, rooms, at_once, door)
                yield _line(door, at_once, made["product"], made["bare"])


def _line(door: str, at_once: int, ours: Cost, bare: Cost) -> str:
    label = f"click over {'HTTP' if door == 'http' else 'Socket Mode'}, {at_once}"
    return (
        f"{label:28} {ours.ack_p50:8.1f} ms to the ack, p99 {ours.ack_p99:.1f}, {ours.ack_p99 / bare.ack_p99:.1f} times"
        f" a bare Bolt app ({bare.ack_p50:.1f}, p99 {bare.ack_p99:.1f}); to the next step {ours.step_p50:.1f},"
        f" p99 {ours.step_p99:.1f}; CPU {ours.cpu_us:,.0f} µs a click (bare {bare.cpu_us:,.0f})"
    )


async def main(rooms: int = 20) -> None:
    """Print the figures, on a store of their own."""
    configure("human", "error")
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(None, Path(folder))
        async for line in figures(store, shelf(), Path(folder), rooms):
            print(line, flush=True)
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
