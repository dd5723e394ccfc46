"""What the product costs: deciding, committing, memory, many conversations, a click, many tickets, the desk.

`python -m tests.bench [PEOPLE]` prints a figure a line; PEOPLE is how many are there at once, 2,000 by default.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from adapters.storage.store import Store, open_store
from bot.telemetry import configure
from flows.conversation import Conversation
from flows.events import Answered, Started
from tests.bench import desk, discord, slack, tickets
from tests.bench.deciding import deciding, shelf
from tests.bench.floor import ANSWERS, FLOOR
from tests.fakes.world import World


async def walk(world: World, name: str, answers: tuple[str, ...] = ANSWERS) -> Conversation:
    """One web customer, start to end."""
    actor = f"web:{name}"
    start = Started(
        key=name, actor=actor, door=f"web/{name}/c", address=f"web||||{name}", flow="connection-not-active"
    )
    outcome = await world.app.receive(start)
    for index, choice in enumerate(answers):
        if outcome is None or outcome.refusal is not None:
            raise SystemExit(f"refused: {outcome}")
        at = outcome.conversation
        outcome = await world.app.receive(
            Answered(key=f"{name}.{index}", actor=actor, conversation=at.id, turn=at.turn, choice=choice)
        )
    if outcome is None or outcome.refusal is not None:
        raise SystemExit(f"refused: {outcome}")
    return outcome.conversation


async def weight(store: Store, conversation_id: str) -> int:
    """Bytes of every key that belongs to one conversation."""
    client: Any = store.wire.client
    keys = [key async for key in client.scan_iter(match=f"*{conversation_id}*", count=1000)]
    return sum([int(await client.memory_usage(key, samples=0) or 0) for key in keys])


async def crowd(world: World, people: int) -> float:
    """Events a second with that many conversations at once."""
    began = time.perf_counter()
    ends = await asyncio.gather(*(walk(world, f"crowd{n}") for n in range(people)))
    spent = time.perf_counter() - began
    if {end.status for end in ends} != {"waiting"}:
        raise SystemExit("not every conversation reached its end")
    return people * (len(ANSWERS) + 1) / spent


async def median(work: Callable[[int], Awaitable[object]], times: int) -> float:
    """Microseconds of one call, median."""
    costs = []
    for n in range(times):
        began = time.perf_counter()
        await work(n)
        costs.append((time.perf_counter() - began) * 1e6)
    return statistics.median(costs)


async def ratio(world: World) -> tuple[float, float]:
    """Event to committed, and one bare script call, in microseconds, interleaved in the same run."""
    script = world.store.wire.client.register_script(FLOOR)
    rows: list[float] = []
    floors: list[float] = []
    for n in range(150):
        keys = [f"{{bench}}{n}", f"{{bench}}{n}j"]
        calls = partial(_bare, script, keys)
        floors.append(await median(calls, 7))
        began = time.perf_counter()
        await walk(world, f"ratio{n}")
        rows.append((time.perf_counter() - began) * 1e6 / (len(ANSWERS) + 1))
    return statistics.median(rows), statistics.median(floors)


async def _bare(script: Any, keys: list[str], turn: int) -> None:
    await script(keys=keys, args=[turn, "x" * 100])


async def main(people: int = 2000) -> None:
    """Print the figures. Logs of single commits would drown them, and cost what is measured."""
    configure("human", "warning")
    print(f"advance + apply              {deciding():8.1f} µs an event (to stay under 60)")
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(None, Path(folder))
        world = World(store=store, shelf=shelf(), channels=())
        at = await walk(world, "weight")
        print(f"memory after seven clicks    {await weight(store, at.id):8d} bytes (to stay under 2,000)")
        event, floor = await ratio(world)
        times = event / floor
        print(
            f"event → committed            {event:8.0f} µs, {times:.1f} times a bare script call of {floor:.0f} µs"
        )
        speed = await crowd(world, people)
        print(f"{f'{people:,} conversations at once':28} {speed:8.0f} events a second, no error")
        async for line in slack.figures(store, shelf(), Path(folder), rooms=max(1, people // 100)):
            print(line, flush=True)
        async for line in tickets.figures(shelf(), max(2, people // 40)):
            print(line, flush=True)
        async for line in discord.figures(store, max(1, people // 4), max(1, people // 100)):
            print(line, flush=True)
        async for line in desk.figures(store, people * 10):
            print(line, flush=True)
        await world.close()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
