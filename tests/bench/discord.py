"""What a click in Discord costs from its frame to the ack and the next step, and a reply from the desk to its message.

Both are measured beside a bare discord.py client that makes one script call for each frame; the sides take turns.
`python -m tests.bench.discord [ROOMS]` prints the figures.
"""

import asyncio
import gc
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, NamedTuple

from adapters.storage.store import Store, open_store
from bot.commands.processes.garbage_collection import collect_less
from bot.telemetry import configure
from flows.acts import Replied
from tests.bench.discord_sides import Bare, Expected, Payload, Product, frame, opened, wire
from tests.chaos.support.discord import product, shown
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import pointed_at
from tests.fakes.world import store_in_memory

CONVERSATIONS: Final = 500
AT_ONCE: Final = (1, 50)
ROUNDS: Final = 3
"""Rounds at most; the median counts."""

ANSWERED: Final = 6
"""Clicks of a walk that lead to a next step; the seventh of the guide opens a ticket and a form."""


class Cost(NamedTuple):
    """Milliseconds to the ack and to the message that shows what follows, and microseconds of CPU, with the sends."""

    ack_p50: float
    ack_p99: float
    shown_p50: float
    shown_p99: float
    cpu_us: float


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


async def measured(
    waves: Sequence[Sequence[Callable[[], Awaitable[tuple[float, float]]]]],
    quiet: Callable[[], Awaitable[None]],
) -> Cost:
    """Return what these acts cost, a wave of them at a time; each returns its seconds."""
    spent: list[tuple[float, float]] = []
    cpu = time.process_time()
    for wave in waves:
        spent += await asyncio.gather(*(act() for act in wave))
        await quiet()
    cpu = (time.process_time() - cpu) * 1e6 / len(spent)
    acks, shows = zip(*spent, strict=True)
    return Cost(*_quantiles(acks), *_quantiles(shows), cpu)


def _quantiles(seconds: tuple[float, ...]) -> tuple[float, float]:
    hundredths = statistics.quantiles(seconds, n=100, method="inclusive")
    return hundredths[49] * 1e3, hundredths[98] * 1e3


class Clicks:
    """Feeds the frames of clicks to a side's gateway, and waits for what they lead to."""

    def __init__(self, click: Payload, ours: Product, theirs: Bare) -> None:
        self._click, self._ours, self._theirs = click, ours, theirs
        self._bare, self._number = wire(theirs), 0
        self.user = str(click["user"]["id"])

    def _frame(self, place: str, value: str) -> tuple[str, str]:
        self._number += 1
        return str(10**18 + self._number), frame(self._click, self._number, place, value)

    async def product(self, place: str, value: str) -> tuple[float, float]:
        """Return the seconds to the ack and to the next step."""
        of, text = self._frame(place, value)
        expected = self._ours.taking.clicks[of] = self._ours.taking.rooms[place] = Expected()
        await self._ours.wire.received_message(text)
        try:
            return await expected.acked, await expected.shown
        finally:
            del self._ours.taking.clicks[of]

    async def bare(self, place: str, value: str) -> tuple[float, float]:
        """Return the seconds to the end of the script call, twice."""
        of, text = self._frame(place, value)
        done = self._theirs.expected[of] = Expected()
        await self._bare.received_message(text)
        seconds = await done.acked
        del self._theirs.expected[of]
        return seconds, seconds

    async def reply(self, conversation: str, place: str, number: int) -> tuple[float, float]:
        """Return the seconds of an agent's reply on the desk: to its commit, and to its message in Discord."""
        reply = Replied(
            conversation=conversation,
            text=f"Please restart the service, attempt {number}.",
            name="Max",
            actor="desk:max",
            key=f"{place}.{number}",
        )
        expected = self._ours.taking.rooms[place] = Expected()
        outcome = await self._ours.app.receive(reply)
        committed = time.perf_counter() - expected.began
        if outcome is None or outcome.refusal is not None:
            raise SystemExit(f"refused: {outcome}")
        return committed, await expected.shown


async def compared(clicks: Clicks, ours: Product, rooms: int, at_once: int) -> tuple[Cost, Cost, Cost]:
    """Return the medians of rounds that take turns: a click, a bare client's, and a reply from the desk."""
    costs: tuple[list[Cost], ...] = ([], [], [])
    for number in range(min(rooms, ROUNDS) + 1):
        places = [str(5 * 10**18 + at_once * 10**9 + number * 10**6 + n) for n in range(max(rooms, at_once))]
        values = {place: list(await ours.buttons(place, clicks.user)) for place in places}
        groups = [places[n : n + at_once] for n in range(0, len(places), at_once)]
        made = [
            await measured(
                [
                    [_bound(act, place, values[place][n]) for place in group]
                    for group in groups
                    for n in range(ANSWERED)
                ],
                ours.quiet,
            )
            for act in (clicks.product, clicks.bare)
        ]
        for place in places:
            await clicks.product(place, values[place][ANSWERED])
        await ours.quiet()
        of = {place: value.partition(":")[0] for place in places for value in values[place]}
        replies = [
            [_bound(clicks.reply, of[place], place, n) for place in group]
            for group in groups
            for n in range(ANSWERED)
        ]
        made.append(await measured(replies, ours.quiet))
        for column, cost in zip(costs, made, strict=True):
            column.extend([cost] if number else [])
    ticks, bare, replied = (
        Cost(*(statistics.median(column) for column in zip(*rows, strict=True))) for rows in costs
    )
    return ticks, bare, replied


def _bound(
    act: Callable[..., Awaitable[tuple[float, float]]], *given: Any
) -> Callable[[], Awaitable[tuple[float, float]]]:
    return lambda: act(*given)


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
            await ours.wire.received_message(frame(click, 10 * room + n, place, value))
            await ours.quiet()


async def figures(store: Store, conversations: int = CONVERSATIONS, rooms: int = 20) -> AsyncIterator[str]:
    """Yield a figure a line."""
    click = await a_click()
    collect_less()  # as every process of the product does once it has started
    async with opened(store) as (ours, theirs):
        clicks = Clicks(click, ours, theirs)
        for at_once in AT_ONCE:
            ticks, bare, replied = await compared(clicks, ours, rooms, at_once)
            for line in _lines(at_once, ticks, bare, replied):
                yield line
    kept, views = await remembering(store, click, conversations)
    label = f"kept of {conversations} conversations"
    yield f"{label:28} {kept / 1024:8.0f} KiB in the process, with the states that the desk remembers, {views} views"


def _lines(at_once: int, ticks: Cost, bare: Cost, replied: Cost) -> tuple[str, str]:
    click = (
        f"{f'click over the gateway, {at_once}':28} {ticks.ack_p50:8.1f} ms to the ack, p99 {ticks.ack_p99:.1f},"
        f" {ticks.ack_p99 / bare.ack_p99:.1f} times a bare client ({bare.ack_p50:.1f}, p99 {bare.ack_p99:.1f});"
        f" to the next step {ticks.shown_p50:.1f}, p99 {ticks.shown_p99:.1f};"
        f" CPU {ticks.cpu_us:,.0f} µs a click (bare {bare.cpu_us:,.0f})"
    )
    label = f"desk reply to Discord, {at_once}"
    reply = (
        f"{label:28} {replied.ack_p50:8.1f} ms to the commit, p99 {replied.ack_p99:.1f};"
        f" to its message {replied.shown_p50:.1f}, p99 {replied.shown_p99:.1f},"
        f" {replied.shown_p99 / bare.ack_p99:.1f} times a bare client's click;"
        f" CPU {replied.cpu_us:,.0f} µs a reply"
    )
    return click, reply


async def main(rooms: int = 20) -> None:
    """Print the figures, on a store of their own."""
    configure("human", "warning")
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(None, Path(folder))
        async for line in figures(store, rooms=rooms):
            print(line)
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
