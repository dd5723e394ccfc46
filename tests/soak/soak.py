"""Puts a mixed load on the whole bot for a while: page, Slack, Discord, desk, streams that open and close."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from tests.chaos.campaign.desk import Desk, signed_in
from tests.chaos.campaign.ledger import Case, Ledger
from tests.chaos.campaign.town import Town, opened
from tests.chaos.campaign.walk import Crowd
from tests.soak.judgment import Sample, leaks
from tests.soak.measurements import Measurements

PAGES: Final = ("/desk", "/desk?tab=open", "/desk?tab=resolved")
STREAM_S: Final = 4.0
"""Seconds that a desk's stream stays open at most."""

CALM_S: Final = 2.0
"""Seconds without load before the measurements of a short run: what was begun has ended."""


@dataclass(frozen=True)
class Length:
    """How long a soak lasts, how often it is measured, and how many conversations are open at once."""

    seconds: float
    every_s: float
    at_once: int = 24
    acting: int = 8
    thinks_s: float = 6.0


@dataclass(frozen=True)
class Outcome:
    """What a soak showed."""

    seconds: float
    conversations: int
    streams: int
    series: Mapping[tuple[str, str], Sequence[Sample]]
    store_mb: Sequence[Sample]
    kinds: Mapping[str, int]
    troubles: tuple[str, ...]
    leaks: tuple[str, ...]


async def run(
    seed: int, length: Length, folder: Path, plant: str = "", told: Callable[[str], None] = lambda _line: None
) -> Outcome:
    """Soak in an empty folder. `plant` is a fault of `plants` that leaks."""
    ledger, gauges = Ledger(seed), folder / "tasks"
    gauges.mkdir()
    (folder / "data").mkdir()
    async with (
        opened(folder, ledger, plant, gauges) as town,
        signed_in(town) as desks,
        aiohttp.ClientSession() as client,
    ):
        crowd = Crowd(town, ledger, desks, client, length.acting, length.thinks_s)
        visitors = Visitors(town, ledger, desks)
        measured = Measurements(town, gauges)
        began = time.monotonic()
        beside = [
            asyncio.create_task(crowd.play(1_000_000, length.at_once)),
            asyncio.create_task(visitors.come_and_go()),
        ]
        while time.monotonic() - began < length.seconds:
            await asyncio.sleep(length.every_s)
            await measured.measure()
            told(f"{time.monotonic() - began:6.0f} s  {crowd.done} conversations over")
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
    troubles = [f"{case.script.number}: {one}" for case in ledger.cases for one in case.troubles]
    return Outcome(
        time.monotonic() - began,
        crowd.done,
        visitors.opened,
        measured.series,
        measured.store_mb,
        measured.kinds,
        (*troubles, *ledger.deaths),
        tuple(leaks(measured.series)),
    )


class Visitors:
    """Agents who look at the queue, and open and leave tickets whose pages keep streams open."""

    def __init__(self, town: Town, ledger: Ledger, desks: list[Desk]) -> None:
        self.town, self.ledger, self.desks = town, ledger, desks
        self.opened = 0
        self._chance = random.Random(ledger.seed)

    async def come_and_go(self) -> None:
        """Look around until canceled, each at their own pace."""
        await asyncio.gather(*(self._look_around(desk) for desk in self.desks))

    async def _look_around(self, desk: Desk) -> None:
        while True:
            await asyncio.sleep(self._chance.uniform(0.5, 3))
            with suppress(aiohttp.ClientError, TimeoutError):
                await self._read(desk, self._chance.choice(PAGES))
                if (case := self._ticket()) is not None:
                    await self._read(desk, f"/desk/c/{case.conversation}")
                    await self._stream(desk, case)

    def _ticket(self) -> Case | None:
        """Return one of the newest tickets."""
        known = [case for case in self.ledger.cases[-200:] if any(act.what == "claimed" for act in case.acts)]
        return self._chance.choice(known) if known else None

    async def _read(self, desk: Desk, path: str) -> None:
        async with desk.client.get(self.town.page + path) as answer:
            await answer.read()

    async def _stream(self, desk: Desk, case: Case) -> None:
        """Keep a ticket's stream open for a moment, and leave without a word."""
        self.opened += 1
        path = f"{self.town.page}/desk/c/{case.conversation}/stream"
        with suppress(TimeoutError):
            async with asyncio.timeout(self._chance.uniform(0.1, STREAM_S)), desk.client.get(path) as answer:
                async for _line in answer.content:
                    pass
