"""What one event costs from the desk to the store, beside a bare script call in the same run.

`python -m tests.bench.click [CONVERSATIONS]` plays conversations of a start and seven answers on an embedded server
that writes all to its disk, one at a time and fifty at once, in rounds that take turns with the bare call.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from adapters.storage.store import Store, open_store
from bot.commands.processes.garbage_collection import collect_less
from bot.telemetry import configure
from flows.conversation import Conversation
from flows.events import Answered, Started
from tests.bench.deciding import shelf
from tests.bench.floor import ANSWERS, FLOOR
from tests.fakes.world import World

ROUNDS: Final = 5
AT_ONCE: Final = (1, 50)


class Cost(NamedTuple):
    """What one event or call cost: time, CPU of this process and of the server in µs, and the server's commands."""

    wall_us: float
    client_us: float
    server_us: float
    commands: float


async def figures(conversations: int = 500) -> AsyncIterator[str]:
    """Yield a figure a line."""
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(None, Path(folder))
        world = World(store=store, shelf=shelf(), channels=())
        collect_less()  # as every process of the product does once it has started
        for at_once in AT_ONCE:
            event, bare = await _compare(world, store, conversations, at_once)
            yield (
                f"{f'event → committed, {at_once}':28} {1e6 / event.wall_us:8,.0f} events a second,"
                f" {bare.wall_us / event.wall_us:.2f} times as many as bare calls;"
                f" client {event.client_us:.0f} µs (bare {bare.client_us:.0f}),"
                f" server {event.server_us:.0f} µs (bare {bare.server_us:.0f}), {event.commands:.0f} commands"
            )
        await world.close()


async def _compare(world: World, store: Store, conversations: int, at_once: int) -> tuple[Cost, Cost]:
    """Return the medians of rounds that take turns: of an event and of a bare call."""
    events: list[Cost] = []
    calls: list[Cost] = []
    await cost_of(store, lambda name: play(world, name), f"warm{at_once}.", at_once, conversations // 10)
    for number in range(ROUNDS):
        played = f"c{at_once}.{number}."
        events.append(
            await cost_of(store, lambda name: play(world, name), played, at_once, conversations // ROUNDS)
        )
        calls.append(await cost_of(store, bare(store), f"b{played}", at_once, conversations // ROUNDS))
    return _median(events), _median(calls)


def bare(store: Store) -> Callable[[str], Awaitable[None]]:
    """Return what plays a conversation of bare script calls."""
    script = store.wire.client.register_script(FLOOR)

    async def called(name: str) -> None:
        for turn in range(len(ANSWERS) + 1):
            await script(keys=[f"{{bench}}{name}", f"{{bench}}{name}j"], args=[turn, "x" * 100])

    return called


def _median(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))


async def cost_of(
    store: Store, play: Callable[[str], Awaitable[object]], prefix: str, at_once: int, conversations: int
) -> Cost:
    """Play so many conversations, so many at once, and return what an event of them cost."""
    names = iter([f"{prefix}{number}" for number in range(conversations)])

    async def worker() -> None:
        for name in names:
            await play(name)

    server, commands = await _server(store)
    cpu, began = time.process_time(), time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    wall, client = time.perf_counter() - began, time.process_time() - cpu
    server_after, commands_after = await _server(store)
    events = conversations * (len(ANSWERS) + 1)
    spent = [each * 1e6 / events for each in (wall, client, server_after - server)]
    return Cost(spent[0], spent[1], spent[2], (commands_after - commands) / events)


async def _server(store: Store) -> tuple[float, int]:
    """Return the server's CPU in seconds and its commands so far, those of scripts among them."""
    info: Any = await store.wire.client.info("all")
    return info["used_cpu_user"] + info["used_cpu_sys"], info["total_commands_processed"]


async def play(world: World, name: str) -> Conversation:
    """Play one conversation of a web customer through the desk, to its end, and return it."""
    actor = f"web:{name}"
    start = Started(
        key=name, actor=actor, door=f"web/{name}/c", address=f"web||||{name}", flow="connection-not-active"
    )
    outcome = await world.app.receive(start)
    for index, choice in enumerate(ANSWERS):
        if outcome is None or outcome.refusal is not None:
            raise SystemExit(f"refused: {outcome}")
        at = outcome.conversation
        outcome = await world.app.receive(
            Answered(key=f"{name}.{index}", actor=actor, conversation=at.id, turn=at.turn, choice=choice)
        )
    if outcome is None or outcome.refusal is not None or outcome.conversation.status != "waiting":
        raise SystemExit(f"did not end as it must: {outcome}")
    return outcome.conversation


async def _main(conversations: int = 500) -> None:
    configure("human", "warning")
    async for line in figures(conversations):
        print(line, flush=True)


if __name__ == "__main__":
    asyncio.run(_main(*map(int, sys.argv[1:])))
