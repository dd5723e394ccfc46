"""Holds the loops of a process: sends what is due, rings timers, reports damage, offers help, shares metrics."""

import asyncio
from functools import partial
from typing import Final

from bot.metrics.exposition import SHARE_S
from bot.ports import StoreDown
from bot.privacy.erasure import LOOK_S, InterruptedErasures
from bot.quarantine import DamageReports
from bot.telemetry import log
from bot.timers import ring
from bot.wiring.app import now
from bot.wiring.processes.supervisor import LoopStep, pause
from bot.wiring.product import App

POLL_S: Final = 0.5
"""Seconds between checks for lanes and timers that are due."""

OFFERS_S: Final = 3.0
"""Seconds between checks for questions that no one has answered."""


async def work(app: App, stop: asyncio.Event) -> None:
    """Pick up lanes and timers that are due until asked to stop; wait for a store that is unavailable."""
    down = False
    timers = app.platforms.timers(app.receive, app.look)
    reports = DamageReports(
        app.store.quarantine, app.store.conversations, app.receive, asyncio.get_running_loop().time
    )
    steps = (
        LoopStep("outbox", app.outbox.pick_up),
        LoopStep("timers", partial(ring, app.store.alarms, timers)),
        LoopStep("reports of damaged data", reports.tell),
    )
    while not stop.is_set():
        busy = 0
        try:
            for step in steps:
                busy += await step.run()
            down = False
        except StoreDown as reason:
            if not down:
                log("worker").error("the store is unavailable; waiting for it", reason=str(reason))
            busy, down = 0, True
        if not busy:
            await pause(stop, max(0.0, min(POLL_S, app.outbox.due_in())))


async def share_metrics(app: App, stop: asyncio.Event) -> None:
    """Share what this process counts, until asked to stop: any page shows the counts of all processes."""
    exposition = app.exposition
    while not stop.is_set():
        try:
            await exposition.share()
        except StoreDown as reason:
            log("metrics").debug("the store is unavailable; metrics are shared later", reason=str(reason))
        await pause(stop, SHARE_S)


async def finish_erasures(app: App, stop: asyncio.Event) -> None:
    """Finish erasures of people's data that were interrupted, until asked to stop."""
    interrupted = InterruptedErasures(app.erasure, app.store.people, app.store.marks)
    while not stop.is_set():
        try:
            await interrupted.look()
        except StoreDown as reason:
            log("worker").debug("the store is unavailable; erasures continue later", reason=str(reason))
        await pause(stop, LOOK_S)


async def offer_help(app: App, stop: asyncio.Event) -> None:
    """Offer help where questions stay unanswered, until asked to stop."""
    offerers = app.platforms.offerers()
    while not stop.is_set():
        try:
            await app.unanswered.offer(offerers, now())
        except StoreDown as reason:
            log("worker").debug("the store is unavailable; help is offered later", reason=str(reason))
        await pause(stop, OFFERS_S)
