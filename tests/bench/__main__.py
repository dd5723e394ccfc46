"""What the product costs: deciding, committing, memory, many conversations, a click, many tickets, the desk.

`python -m tests.bench [PEOPLE]` prints a figure a line; PEOPLE is how many are there at once, 2,000 by default.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from adapters.storage.store import Store, open_store
from bot.telemetry import configure
from tests.bench import click, desk, discord, drawing, slack, tickets
from tests.bench.deciding import deciding, shelf
from tests.bench.floor import ANSWERS
from tests.fakes.world import World


async def weight(store: Store, conversation_id: str) -> int:
    """Bytes of every key that belongs to one conversation."""
    client: Any = store.wire.client
    keys = [key async for key in client.scan_iter(match=f"*{conversation_id}*", count=1000)]
    return sum([int(await client.memory_usage(key, samples=0) or 0) for key in keys])


async def crowd(world: World, people: int) -> float:
    """Events a second with that many conversations at once."""
    began = time.perf_counter()
    await asyncio.gather(*(click.play(world, f"crowd{n}") for n in range(people)))
    return people * (len(ANSWERS) + 1) / (time.perf_counter() - began)


async def main(people: int = 2000) -> None:
    """Print the figures. Logs of single commits would drown them, and cost what is measured."""
    configure("human", "warning")
    print(f"advance + apply              {deciding():8.1f} µs an event (to stay under 25)")
    async for line in click.figures(max(20, people // 4)):
        print(line, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(None, Path(folder))
        world = World(store=store, shelf=shelf(), channels=())
        at = await click.play(world, "weight")
        print(f"memory after seven clicks    {await weight(store, at.id):8d} bytes (to stay under 1,500)")
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
    async for line in drawing.figures(max(40, people // 2)):
        print(line, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
