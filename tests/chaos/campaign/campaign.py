"""Runs one campaign: people and faults side by side, then peace until nothing waits, then the audit."""

import asyncio
import math
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from bot.ports import StoreDown
from tests.chaos.campaign import plan
from tests.chaos.campaign.audit import Violation, audited
from tests.chaos.campaign.desk import signed_in
from tests.chaos.campaign.evidence import Findings, gathered
from tests.chaos.campaign.ledger import Ledger
from tests.chaos.campaign.town import Town, opened
from tests.chaos.campaign.walk import Crowd
from tests.chaos.campaign.weather import Weather, small_disk
from tests.soak.measurements import Measurements

SETTLED_S: Final = 180.0
"""Seconds until nothing waits in the outbox, once the faults are over."""


@dataclass(frozen=True)
class Size:
    """How large a campaign is.

    So many conversations are open `at_once`, and so many of their people are `acting` at the same moment; the others
    think, for up to `thinks_s`. No conversation begins after so many `minutes`.
    """

    conversations: int
    at_once: int
    faults: int
    disk_mb: int
    acting: int = 20
    thinks_s: float = 3.0
    only: tuple[str, ...] = ()
    minutes: float = math.inf


@dataclass(frozen=True)
class Report:
    """What came of a campaign."""

    ledger: Ledger
    findings: Findings
    violations: tuple[Violation, ...]
    seconds: float
    log: str
    left: Mapping[tuple[str, str], float]
    """What each process still has at the end, by who and what: memory, descriptors, tasks."""

    kinds: Mapping[str, int]
    """The store's keys without an expiry, by kind."""


async def run(
    seed: int, size: Size, folder: Path, plant: str = "", told: Callable[[str], None] = lambda _line: None
) -> Report:
    """Run a campaign in an empty folder. `told` gets a line now and then."""
    ledger, began = Ledger(seed), time.monotonic()
    faults = plan.drawn(seed, size.conversations, size.faults, size.only)
    with small_disk(folder / "data", size.disk_mb):
        (folder / "tasks").mkdir()
        async with opened(folder, ledger, plant, folder / "tasks") as town:
            await _play(town, ledger, size, faults, told)
            await _settled(town)
            measured = Measurements(town, folder / "tasks")
            await measured.measure()
            findings = await gathered(town, ledger.cases)
    violations = [*audited(findings), *(Violation("no process ends", -1, one) for one in ledger.deaths)]
    log = (folder / "log").read_text(errors="replace")
    spent, left = time.monotonic() - began, {name: one[-1].value for name, one in measured.series.items()}
    return Report(ledger, findings, tuple(violations), spent, log, left, measured.kinds)


async def _play(
    town: Town, ledger: Ledger, size: Size, faults: tuple[plan.Fault, ...], told: Callable[[str], None]
) -> None:
    """Let the people act while the faults come, and then end what lasts."""
    async with signed_in(town) as desks, aiohttp.ClientSession() as client:
        crowd = Crowd(town, ledger, desks, client, size.acting, size.thinks_s)
        weather = Weather(town, ledger, lambda: crowd.done)
        beside = [
            asyncio.create_task(_tell(crowd, ledger, size, told)),
            asyncio.create_task(weather.strike(faults)),
        ]
        await crowd.play(size.conversations, size.at_once, size.minutes)
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await weather.clear_up()


async def _settled(town: Town) -> None:
    """Wait until nothing is on its way."""
    deadline = time.monotonic() + SETTLED_S
    while time.monotonic() < deadline:
        with suppress(StoreDown):
            if not await town.store.backlog.waiting() and all(one.over for one in town.slack.deliveries):
                return
        await asyncio.sleep(0.3)


async def _tell(crowd: Crowd, ledger: Ledger, size: Size, told: Callable[[str], None]) -> None:
    began = time.monotonic()
    while True:
        await asyncio.sleep(20)
        troubled = sum(bool(case.troubles) for case in ledger.cases)
        spent = time.monotonic() - began
        over = f"{crowd.done} of {size.conversations} over"
        told(f"{spent:6.0f} s  {over}, {len(ledger.faults)} faults, {troubled} troubled")
