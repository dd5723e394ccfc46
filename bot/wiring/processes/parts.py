"""Runs parts of the product in one process until it is asked to stop, then finishes sends in progress."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.telemetry import log
from bot.wiring.chats import PlatformRefused
from bot.wiring.discord import hear_discord
from bot.wiring.problems import report
from bot.wiring.processes.supervisor import PortTaken, Supervisor, pause, repeat
from bot.wiring.processes.worker import POLL_S, repeated_tasks, work
from bot.wiring.product import App
from bot.wiring.slack import check_slack, hear_slack
from bot.wiring.web import web

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

    page = _Page(app, stop, announce)
    if parts.web:
        await page.build()
    else:
        announce("")
    keep = Supervisor(stop).keep
    async with asyncio.TaskGroup() as group:
        if parts.web or parts.slack or parts.discord:  # a worker alone hears no one
            group.create_task(keep("hearing", lambda: _warm_once_ready(app, answering, stop)))
        for task in repeated_tasks(app, parts.worker):
            group.create_task(keep(task.name, partial(repeat, task, stop)))
        if parts.web:
            group.create_task(keep("page", page.serve))
        if parts.worker:
            group.create_task(keep("worker", lambda: work(app, stop)))
        if parts.slack:
            group.create_task(keep("Slack", _Listener("Slack", hear_slack, app, parts, stop, heard).listen))
        elif parts.web:
            group.create_task(keep("Slack", lambda: _check_slack(app, stop)))
        if parts.discord:
            group.create_task(
                keep("Discord", _Listener("Discord", hear_discord, app, parts, stop, heard).listen)
            )


async def _check_slack(app: App, stop: asyncio.Event) -> None:
    """Check the token and the channels of a Slack that sends its requests over HTTP."""
    await check_slack(app, stop)
    if not stop.is_set():
        await report(app, "slack")


async def _warm_once_ready(app: App, answering: asyncio.Event, stop: asyncio.Event) -> None:
    """Load the sentence encoder once customers can be answered: until then plain phrases alone are understood."""
    while not (answering.is_set() or stop.is_set()):
        await pause(answering, POLL_S)
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


class PartStopped(Exception):
    """A part ended although the process was not asked to stop."""


class _Listener:
    """Listens to one platform, and listens again after a failure."""

    def __init__(
        self,
        name: str,
        hear: Hear,
        app: App,
        parts: Parts,
        stop: asyncio.Event,
        heard: Callable[[str, int], None],
    ) -> None:
        self._name, self._hear, self._app = name, hear, app
        self._parts, self._stop, self._heard = parts, stop, heard
        self._began = False

    async def listen(self) -> None:
        """Listen until the process is asked to stop.

        A token that is refused at the start ends the process. A token that is revoked later ends only the listening, as
        long as this process serves the page. Raises PlatformRefused, and PartStopped.
        """
        try:
            await self._hear(self._app, self._stop, self._counted)
        except PlatformRefused as refused:
            if not (self._began and self._parts.web):
                raise
            log("app").error(
                f"stopped listening to {self._name}; fix the cause and restart", reason=str(refused)
            )
            return
        if not self._stop.is_set():
            raise PartStopped(f"the listening to {self._name} ended")

    def _counted(self, connections: int) -> None:
        if connections and not self._began:
            self._app.outbox.begin(report(self._app, self._name.lower()))
        self._began = self._began or connections > 0
        self._heard(self._name, connections)


class _Page:
    """Serves the page, the desk and the API. A port that is taken ends the process only at the start."""

    def __init__(self, app: App, stop: asyncio.Event, ready: Callable[[str], None]) -> None:
        self._app, self._stop, self._ready = app, stop, ready
        self._built: Callable[..., object] | None = None
        self._port = app.settings.port
        self._answered = False

    async def build(self) -> None:
        """Put the application together. Its mistakes are those of the settings, and end the process."""
        self._built = await web(self._app)

    async def serve(self) -> None:
        """Serve until the process is asked to stop. Raises PortTaken, and PartStopped."""
        from adapters.web.server import listen

        application, self._built = self._built or await web(self._app), None
        try:
            await listen(application, self._app.settings.host, self._port, self._stop, self._answers)
        except OSError as error:
            if not self._answered:
                raise PortTaken(*error.args) from error
            raise
        if not self._stop.is_set():
            raise PartStopped("the page's server ended")

    def _answers(self, address: str) -> None:
        """Say once that the page answers. A restart listens on the same port, also if that was any free one."""
        if not self._answered:
            self._answered = True
            self._port = int(address.rpartition(":")[2])
            self._ready(address)
