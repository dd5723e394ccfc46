"""Runs parts of the product in one process until it is asked to stop, then finishes sends in progress."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.metrics.exposition import SHARE_S
from bot.ports import StoreDown
from bot.telemetry import log
from bot.timers import ring
from bot.wiring.app import now
from bot.wiring.chats import PlatformRefused
from bot.wiring.discord import hear_discord
from bot.wiring.problems import report
from bot.wiring.product import App
from bot.wiring.slack import check_slack, hear_slack
from bot.wiring.web import web

POLL_S: Final = 0.5
"""Seconds between checks for lanes and timers that are due."""

OFFERS_S: Final = 3.0
"""Seconds between checks for questions that no one has answered."""

Hear = Callable[[App, asyncio.Event, Callable[[int], None]], Awaitable[None]]
"""Listens to a platform until stopped, and reports the number of open connections whenever it changes."""


@dataclass(frozen=True)
class Parts:
    """Says what one process does: serve the page, send what is waiting, listen to Slack and Discord over sockets."""

    web: bool = False
    worker: bool = False
    slack: bool = False
    discord: bool = False


async def serve(
    app: App,
    parts: Parts,
    ready: Callable[[str], None] = lambda _address: None,
    heard: Callable[[str, int], None] = lambda _platform, _sockets: None,
) -> None:
    """Run until SIGTERM or SIGINT, then finish sends in progress.

    `ready` is called once signals are handled and the page answers, with the page's address; '' if this process serves
    no page. `heard` gets the number of open sockets to a platform whenever it changes. Raises PlatformRefused if a
    platform refuses a token.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    answering = asyncio.Event()

    def announce(page: str) -> None:
        ready(page)
        answering.set()

    if not parts.web:
        announce("")
    async with asyncio.TaskGroup() as group:
        if parts.web or parts.slack or parts.discord:  # a worker alone hears no one
            group.create_task(_warm_once_ready(app, answering, stop))
        group.create_task(_stopping(share_metrics(app, stop), stop))
        if parts.web:
            group.create_task(_stopping(_serve_web(app, stop, announce), stop))
        if parts.worker:
            group.create_task(_stopping(work(app, stop), stop))
            group.create_task(_stopping(offer_help(app, stop), stop))
        if parts.slack:
            group.create_task(_stopping(_hear("Slack", hear_slack, app, parts, stop, heard), stop))
        elif parts.web:
            group.create_task(_stopping(_check_slack(app, stop), stop))
        if parts.discord:
            group.create_task(_stopping(_hear("Discord", hear_discord, app, parts, stop, heard), stop))


async def _check_slack(app: App, stop: asyncio.Event) -> None:
    """Check the token and the channels of a Slack that sends its requests over HTTP."""
    await check_slack(app, stop)
    if not stop.is_set():
        await report(app, "slack")


async def _warm_once_ready(app: App, answering: asyncio.Event, stop: asyncio.Event) -> None:
    """Load the sentence encoder once customers can be answered: until then plain phrases alone are understood."""
    while not (answering.is_set() or stop.is_set()):
        await _pause(answering, POLL_S)
    await warm(app, stop)


async def warm(app: App, stop: asyncio.Event) -> None:
    """Load the sentence encoder, if there is one, and give up once asked to stop."""
    if app.encoder is None or stop.is_set():
        return
    warming = asyncio.create_task(app.encoder.warm())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({warming, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if stop.is_set():
        await app.encoder.close()
    await warming


async def _stopping(part: Awaitable[None], stop: asyncio.Event) -> None:
    """Await a part of the process, and ask the others to stop if it fails.

    The group cancels them as well, but a library may lose a cancellation (`asyncio.wait_for` in Python 3.11 does when
    what it awaits ends in the same turn of the loop), and then the process would never end.
    """
    try:
        await part
    except BaseException:
        stop.set()
        raise


async def _hear(
    name: str, hear: Hear, app: App, parts: Parts, stop: asyncio.Event, heard: Callable[[str, int], None]
) -> None:
    """Listen to one platform.

    A token that is refused at the start ends the process. A token that is revoked later ends only the listening, as
    long as this process serves the page.
    """
    began = False

    def counted(connections: int) -> None:
        nonlocal began
        if connections and not began:
            app.outbox.begin(report(app, name.lower()))
        began = began or connections > 0
        app.meters.sockets.labels(name.lower()).set(connections)
        heard(name, connections)

    try:
        await hear(app, stop, counted)
    except PlatformRefused as refused:
        if not (began and parts.web):
            raise
        log("app").error(f"stopped listening to {name}; fix the cause and restart", reason=str(refused))


async def _serve_web(app: App, stop: asyncio.Event, ready: Callable[[str], None]) -> None:
    from adapters.web.server import listen

    try:
        await listen(await web(app), app.settings.host, app.settings.port, stop, ready)
    finally:
        stop.set()


async def work(app: App, stop: asyncio.Event) -> None:
    """Pick up lanes and timers that are due until asked to stop; wait for a store that is unavailable."""
    down = False
    timers = app.platforms.timers(app.receive, app.look)
    while not stop.is_set():
        try:
            busy = await app.outbox.pick_up() + await ring(app.store.alarms, timers)
            down = False
        except StoreDown as reason:
            if not down:
                log("worker").error("the store is unavailable; waiting for it", reason=str(reason))
            busy, down = 0, True
        if not busy:
            await _pause(stop, max(0.0, min(POLL_S, app.outbox.due_in())))


async def share_metrics(app: App, stop: asyncio.Event) -> None:
    """Share what this process counts, until asked to stop: any page shows the counts of all processes."""
    exposition = app.exposition
    while not stop.is_set():
        try:
            await exposition.share()
        except StoreDown as reason:
            log("metrics").debug("the store is unavailable; metrics are shared later", reason=str(reason))
        await _pause(stop, SHARE_S)


async def offer_help(app: App, stop: asyncio.Event) -> None:
    """Offer help where questions stay unanswered, until asked to stop."""
    offerers = app.platforms.offerers()
    while not stop.is_set():
        try:
            await app.unanswered.offer(offerers, now())
        except StoreDown as reason:
            log("worker").debug("the store is unavailable; help is offered later", reason=str(reason))
        await _pause(stop, OFFERS_S)


async def _pause(until: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await until.wait()
    except TimeoutError:
        pass
