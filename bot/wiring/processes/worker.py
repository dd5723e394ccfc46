"""Does the work of a process: sends what is due, rings timers, reports damage, offers help, finishes erasures."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

from bot.metrics.exposition import SHARE_S
from bot.ports import Offerer, StoreDown
from bot.privacy.erasure import LOOK_S, InterruptedErasures
from bot.quarantine import DamageReports
from bot.telemetry import log
from bot.timers import ring
from bot.views.reader import Library
from bot.wiring.app import now
from bot.wiring.processes.supervisor import LoopStep, RepeatedTask, pause
from bot.wiring.product import App

POLL_S: Final = 0.5
"""Seconds between checks for lanes and timers that are due."""

OFFERS_S: Final = 3.0
"""Seconds between checks for questions that no one has answered."""

RESTOCK_S: Final = 30.0
"""Seconds between two times when a process stores again what the store may lack."""


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


def repeated_tasks(app: App, worker: bool) -> tuple[RepeatedTask, ...]:
    """Return what a process does again and again: share its metrics and restock the store; a worker does more."""
    every = (
        RepeatedTask("metrics", app.exposition.share, SHARE_S),
        RepeatedTask("restock", partial(restock, app), RESTOCK_S),
    )
    if not worker:
        return every
    interrupted = InterruptedErasures(app.erasure, app.store.people, app.store.marks)
    return (
        *every,
        RepeatedTask("offers", partial(_offer_help, app, app.platforms.offerers()), OFFERS_S),
        RepeatedTask("erasures", interrupted.look, LOOK_S),
    )


async def _offer_help(app: App, offerers: Sequence[Offerer]) -> None:
    await app.unanswered.offer(offerers, now())


async def restock(app: App) -> None:
    """Store again what a store that was emptied or restored may lack: this process's flows and secrets.

    Conversations begun since then need both after the next deployment. Raises StoreDown.
    """
    await Library(app.store.revisions, app.catalogue).keep()
    await app.store.vault.restore_secrets()
