"""Keeps two or more Socket Mode connections to Slack open, replaces dead ones, and drains them at the end.

The SDK's own reconnecting is not used: it takes up to ten seconds to notice a lost connection, and never stops trying
a refused token (read and measured in slack-sdk 3.47). Here each socket connects once.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Final

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api.bolt_app import BoltApp
from adapters.slack.api.socket_connection import Socket, click_in
from bot.ports import Ahead
from bot.telemetry import log
from flows.values import Frozen

FAILURES: Final = (TimeoutError, OSError, aiohttp.ClientError, SlackApiError)
"""Exceptions that may pass: a failed network, a busy or broken Slack. A refused token raises PreflightRefused."""


class Pace(Frozen):
    """Intervals and time limits of the sockets, in seconds."""

    look: float = 1.0
    """Between two checks of a socket."""

    ping: float = 5.0
    """Between two pings. A socket is dead if a pong is late by half of that, or if none came for four pings."""

    hello: float = 10.0
    """Until Slack must have greeted a new socket: Slack sends nothing over one without a greeting."""

    first: float = 1.0
    """Before the second attempt; each further one waits twice as long. The first is made right away."""

    longest: float = 30.0
    """Between two attempts at most."""

    steady: float = 10.0
    """A socket that lived this long was a good one: the next attempt counts as the first."""

    drain: float = 10.0
    """For the requests in progress to finish."""


class Handler(AsyncSocketModeHandler):
    """Hands one socket's requests to the app, and counts those in progress until their answer is sent."""

    def __init__(self, app: BoltApp, socket: Socket) -> None:
        self.app, self.app_token = app, socket.app_token
        self._clicked = app.clicked
        self.client = self.socket = socket
        self.open = True
        # The SDK keeps no reference to its tasks, and Python may collect an unreferenced task before its end.
        self._under_way: set[asyncio.Task[Any] | None] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        socket.socket_mode_request_listeners.append(self._take)

    async def _take(self, _client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Handle one envelope. While draining, take none: Slack sends it again over another socket."""
        if not self.open:
            return
        task = asyncio.current_task()
        self._under_way.add(task)
        self._idle.clear()
        try:
            await self._answer(request)
        except ConnectionError:
            log("slack").info("a socket closed before an event was acknowledged; Slack will send it again")
        finally:
            self._under_way.discard(task)
            if not self._under_way:
                self._idle.set()

    async def _answer(self, request: SocketModeRequest) -> None:
        if (click := click_in(request.type, request.payload)) is None:
            await self.handle(self.socket, request)
        else:
            began = time.time()
            await send_async_response(self.socket, request, await self._clicked(click), began)

    async def finish(self, seconds: float) -> None:
        """Take no more requests, let those in progress answer, and close."""
        self.open = False
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            log("slack").warning("closed while an event was being handled; Slack will send it again")
        await self.socket.close()


class Sockets:
    """Holds one app's sockets; a task per socket keeps it open."""

    def __init__(
        self,
        app: BoltApp,
        app_token: str,
        web: AsyncWebClient,
        pace: Pace,
        on_state: Callable[[int], None],
        ahead: Ahead,
    ) -> None:
        self._app, self._app_token, self._web, self._pace = app, app_token, web, pace
        self._on_state, self._ahead = on_state, ahead
        self._opened_ever = 0
        self._alive: set[Handler] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._replaced: set[Handler] = set()

    async def keep(self) -> None:
        """Keep one more socket open, forever. Raises PreflightRefused."""
        failures = 0
        old: Handler | None = None
        while True:
            wait = 0.0
            try:
                handler = await self._opened()
            except FAILURES as failure:
                wait = _retry_after(failure)
                log("slack").warning("cannot open a socket to Slack; trying again", reason=_reason(failure))
            else:
                # Only now: the old socket may still carry requests if Slack merely announced its end.
                self._drain(old)
                lived = await self._watch(handler)
                old = handler
                failures = 0 if lived >= self._pace.steady else failures
            await asyncio.sleep(max(wait, self._wait(failures)))
            failures += 1

    def _wait(self, failures: int) -> float:
        return 0.0 if not failures else min(self._pace.first * 2.0 ** (failures - 1), self._pace.longest)

    async def _opened(self) -> Handler:
        """Open a socket and wait for Slack's greeting."""
        socket = Socket(self._app.logger, self._web, self._app_token, self._pace.ping, self._ahead)
        handler = Handler(self._app, socket)
        try:
            async with asyncio.timeout(self._pace.hello):
                await handler.socket.connect()
                await handler.socket.greeted.wait()
        except BaseException:
            await handler.socket.close()
            raise
        self._opened_ever += 1
        if handler.socket.count > self._opened_ever:
            log("slack").info(
                "other processes share the events of this Slack app; all of them must run the same setup",
                sockets=handler.socket.count,
            )
        return handler

    async def _watch(self, handler: Handler) -> float:
        """Wait until this socket must be replaced. Return the seconds it lived."""
        since = asyncio.get_running_loop().time()
        self._alive.add(handler)
        self._report_state()
        while await handler.socket.alive():
            try:
                async with asyncio.timeout(self._pace.look):
                    await handler.socket.lost.wait()
            except TimeoutError:
                pass
        self._alive.discard(handler)
        self._replaced.add(handler)
        self._report_state()
        log("slack").info("replacing a socket to Slack")
        return asyncio.get_running_loop().time() - since

    def _drain(self, handler: Handler | None) -> None:
        """Drain a replaced socket beside the new one."""
        if handler is not None:
            self._replaced.discard(handler)
            task = asyncio.create_task(handler.finish(self._pace.drain))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def _report_state(self) -> None:
        self._on_state(len(self._alive))

    async def close(self) -> None:
        """Take no more requests, let those in progress answer, and close every socket."""
        for handler in (*self._alive, *self._replaced):
            self._drain(handler)
        self._alive.clear()
        self._report_state()
        await asyncio.gather(*self._leaving)


async def run(
    app: BoltApp,
    app_token: str,
    web: AsyncWebClient,
    stop: asyncio.Event,
    *,
    connections: int = 2,
    on_state: Callable[[int], None] = lambda _open: None,
    pace: Pace | None = None,
    ahead: Ahead = nullcontext,
) -> None:
    """Receive requests over `connections` sockets until `stop` is set; then drain. `on_state` gets the number of open
    ones.

    `web` opens the sockets, at its own base_url. `ahead` makes sends wait for the acknowledgements of clicks. Raises
    PreflightRefused if Slack refuses the app token, at the start or later.
    """
    sockets = Sockets(app, app_token, web, pace or Pace(), on_state, ahead)
    keeping = {asyncio.create_task(sockets.keep()) for _number in range(connections)}
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({*keeping, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*keeping, stopping):
            task.cancel()
        ended = await asyncio.gather(*keeping, return_exceptions=True)
        await sockets.close()
    for failure in ended:
        if isinstance(failure, Exception):
            raise failure


def _retry_after(failure: BaseException) -> float:
    """Read the seconds that Slack asked us to wait."""
    headers = failure.response.headers if isinstance(failure, SlackApiError) else {}
    seconds = str(headers.get("Retry-After", ""))
    return float(seconds) if seconds.isdecimal() else 0.0


def _reason(failure: BaseException) -> str:
    if isinstance(failure, SlackApiError):
        answer = failure.response.data
        return f"apps.connections.open: {answer.get('error') if isinstance(answer, dict) else 'no JSON'}"
    return f"{type(failure).__name__}: {failure}"
