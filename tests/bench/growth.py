"""How the cost of an event grows: with the conversations in the store, the flows, and a second worker process.

`python -m tests.bench.growth [CONVERSATIONS]` fills an embedded store in three stages up to so many conversations and
measures in each the CPU of an event and the memory of the process. Ten times as many take ten times as long.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

from adapters.storage.store import Store, open_store
from bot.commands.processes.garbage_collection import collect_less
from bot.telemetry import configure
from flows.catalogue import Catalogue
from flows.events import Started
from tests.bench.click import Cost, bare, cost_of, play
from tests.bench.deciding import shelf
from tests.bench.floor import ANSWERS
from tests.fakes.world import World

ROOT: Final = Path(__file__).parents[2]
AT_ONCE: Final = 50
PLAYED: Final = 400
"""Conversations that are played to the end for each figure."""

FLOWS: Final = (2, 20, 200)
EVENTS: Final = len(ANSWERS) + 1


async def figures(conversations: int = 20_000) -> AsyncIterator[str]:
    """Yield a figure a line."""
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(None, Path(folder))
        world = World(store=store, shelf=shelf(), channels=())
        collect_less()
        there = 0
        for many in (conversations // 100, conversations // 10, conversations):
            await _fill(world, there, many)
            there = many
            cost = await _measured(world, store, f"n{many}.")
            yield _line(f"{many:9,} conversations", cost) + f", {_memory_mb():.0f} MB in the process"
        for many in FLOWS:
            other = World(store=store, shelf=_shelf_of(many), channels=())
            yield _line(f"{many:9,} flows", await _measured(other, store, f"f{many}."))
        for workers in (1, 2):
            yield await _side_by_side(store, workers)
        await world.close()


async def _measured(world: World, store: Store, prefix: str) -> tuple[Cost, Cost]:
    """Return what an event costs, and what a bare script call costs at the same time."""
    await cost_of(store, lambda name: play(world, name), f"warm.{prefix}", AT_ONCE, PLAYED // 4)
    event = await cost_of(store, lambda name: play(world, name), prefix, AT_ONCE, PLAYED)
    return event, await cost_of(store, bare(store), f"bare.{prefix}", AT_ONCE, PLAYED)


def _line(name: str, costs: tuple[Cost, Cost]) -> str:
    event, call = costs
    return (
        f"{name:28} {event.client_us:6.0f} µs of the process and {event.server_us:4.0f} µs of the server an event,"
        f" {event.client_us / call.client_us:.1f} and {event.server_us / call.server_us:.1f} times a bare call"
    )


async def _fill(world: World, there: int, many: int) -> None:
    """Start conversations until there are so many."""
    numbers = iter(range(there, many))

    async def worker() -> None:
        for number in numbers:
            name = f"filled{number}"
            place = {"door": f"web/{name}/c", "address": f"web||||{name}", "flow": "connection-not-active"}
            started = Started.model_validate({**place, "key": name, "actor": f"web:{name}"})
            outcome = await world.app.receive(started)
            if outcome is None or outcome.refusal is not None:
                raise SystemExit(f"refused: {outcome}")

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


def _shelf_of(many: int) -> Catalogue:
    """Return the library's flows beside copies of them, so many in all."""
    flows = shelf().flows
    copies = [
        flow.model_copy(update={"id": f"{flow.id}-{number}"})
        for number in range(many // len(flows))
        for flow in flows
    ]
    return shelf().model_copy(update={"flows": (*flows, *copies)[:many]})


async def _side_by_side(store: Store, workers: int) -> str:
    """Play in so many processes on one store, and return the events a second of all together."""
    client: Any = store.wire.client
    url = f"unix://{client.connection_pool.connection_kwargs['path']}"
    rates = await asyncio.gather(*(_process(url, f"w{workers}.{number}.") for number in range(workers)))
    return f"{workers:9,} worker processes      {sum(rates):8,.0f} events a second of all together"


async def _process(url: str, prefix: str) -> float:
    command = ("-m", "tests.bench.growth", "--worker", url, prefix)
    process = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT, stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    return float(output.split()[-1])


async def _work(url: str, prefix: str) -> None:
    """Play conversations in this process, and print the events a second."""
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(url, Path(folder))
        world = World(store=store, shelf=shelf(), channels=())
        collect_less()
        began = time.perf_counter()
        names = iter([f"{prefix}{number}" for number in range(PLAYED)])

        async def worker() -> None:
            for name in names:
                await play(world, name)

        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
        print(PLAYED * EVENTS / (time.perf_counter() - began))
        await world.close()


def _memory_mb() -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


async def _main(conversations: int = 20_000) -> None:
    configure("human", "warning")
    async for line in figures(conversations):
        print(line, flush=True)


if __name__ == "__main__":
    configure("human", "warning")
    if sys.argv[1:2] == ["--worker"]:
        asyncio.run(_work(*sys.argv[2:4]))
    else:
        asyncio.run(_main(*map(int, sys.argv[1:])))
