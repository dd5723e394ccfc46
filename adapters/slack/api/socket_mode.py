"""Keeps two or more Socket Mode connections to Slack open, replaces dead ones, and drains them at the end.

The SDK's own reconnecting is not used: it takes up to ten seconds to notice a lost connection, and never stops trying
a refused token (read and measured in slack-sdk 3.47). Here each socket connects once.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api.preflight import socket_address
from bot.telemetry import log
from flows.values import Frozen

CLOSE_TIMEOUT_S: Final = 2.0
"""Seconds that a socket gets to close."""

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


class Socket(SocketModeClient):
    """A socket that connects once and never again. `lost` is set when the socket must be replaced.

    `count` is the number of the app's sockets, as Slack said in the greeting of this one; then `greeted` is set.
    """

    def __init__(self, app: AsyncApp, web: AsyncWebClient, app_token: str, ping: float) -> None:
        super().__init__(app_token=app_token, logger=app.logger, web_client=web, ping_interval=ping)
        self.greeted = asyncio.Event()
        self.count = 0
        self.lost = asyncio.Event()
        self.message_listeners.append(self._hello)

    async def connect(self) -> None:
        """Connect, in one attempt. Raises PreflightRefused, and whatever the client and the network raise."""
        self.wss_uri = await socket_address(self.web_client, self.app_token)
        self.current_session = await self.aiohttp_client_session.ws_connect(
            self.wss_uri,
            autoping=False,
            heartbeat=self.ping_interval,
            proxy=self.proxy,
            ssl=self.web_client.ssl if self.web_client.ssl is not None else True,
        )
        self.current_session_monitor = asyncio.ensure_future(self.monitor_current_session())
        self.message_receiver = asyncio.ensure_future(self.receive_messages())

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: ARG002  # the SDK calls it so
        """Set `lost`: the SDK calls this when Slack announces the end or the connection looks dead."""
        self.lost.set()

    async def alive(self) -> bool:
        """Whether messages from Slack would still arrive."""
        return not self.lost.is_set() and await self.is_connected()

    async def close(self) -> None:
        """Close right away, without waiting for a dead connection."""
        self.closed = True
        for task in (self.message_processor, self.current_session_monitor, self.message_receiver):
            if task is not None:
                task.cancel()
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                if self.current_session is not None:
                    await self.current_session.close()
        except (TimeoutError, OSError, aiohttp.ClientError):
            pass
        await self.aiohttp_client_session.close()

    async def _hello(
        self, _client: AsyncBaseSocketModeClient, message: dict[str, Any], _raw: str | None
    ) -> None:
        if message.get("type") == "hello":
            self.count = int(message.get("num_connections") or 0)
            self.greeted.set()


class Handler(AsyncSocketModeHandler):
    """Hands one socket's requests to Bolt, and counts those in progress until their answer is sent."""

    def __init__(self, app: AsyncApp, socket: Socket) -> None:
        self.app, self.app_token = app, socket.app_token
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
            await self.handle(self.socket, request)
        except ConnectionError:
            log("slack").info("a socket closed before an event was acknowledged; Slack will send it again")
        finally:
            self._under_way.discard(task)
            if not self._under_way:
                self._idle.set()

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
        self, app: AsyncApp, app_token: str, web: AsyncWebClient, pace: Pace, on_state: Callable[[int], None]
    ) -> None:
        self._app, self._app_token, self._web, self._pace = app, app_token, web, pace
        self._on_state = on_state
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
        handler = Handler(self._app, Socket(self._app, self._web, self._app_token, self._pace.ping))
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
    app: AsyncApp,
    app_token: str,
    web: AsyncWebClient,
    stop: asyncio.Event,
    *,
    connections: int = 2,
    on_state: Callable[[int], None] = lambda _open: None,
    pace: Pace | None = None,
) -> None:
    """Receive requests over `connections` sockets until `stop` is set; then drain. `on_state` gets the number of open
    ones.

    `web` opens the sockets, at its own base_url. Raises PreflightRefused if Slack refuses the app token, at the start
    or later.
    """
    sockets = Sockets(app, app_token, web, pace or Pace(), on_state)
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
