"""Socket Mode: keeps two sockets or more to Slack open, replaces one that is dead by a new one, and drains at the end.

The SDK's own way of coming back is not used: it takes up to ten seconds to see that a line is gone, and goes on for
ever with a token that is refused (read and measured in slack-sdk 3.47). Here each socket lives once.
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
"""Seconds a socket gets to say goodbye."""

FAILURES: Final = (TimeoutError, OSError, aiohttp.ClientError, SlackApiError)
"""What may pass: the network, and a Slack that is busy or broken. A token that is refused is Refused."""


class Pace(Frozen):
    """How often, how long: seconds."""

    look: float = 1.0
    """Between looks at a socket."""

    ping: float = 5.0
    """Between pings; a socket whose pong is half of that late is dead, and so is one without any for four."""

    hello: float = 10.0
    """Until a new socket must have been greeted: one that is not brings nothing."""

    first: float = 1.0
    """Before the second try; each further one waits twice as long. The first is made at once."""

    longest: float = 30.0
    """Between tries at most."""

    steady: float = 10.0
    """A socket that lived this long was a good one: the next try is a first one."""

    drain: float = 10.0
    """What is being heard gets that long to finish."""


class Socket(SocketModeClient):
    """A socket that is opened once and never again. `lost` is set as soon as it has to be replaced.

    `count` is how many sockets the app has in all, as Slack said when it `greeted` this one.
    """

    def __init__(self, app: AsyncApp, web: AsyncWebClient, app_token: str, ping: float) -> None:
        super().__init__(app_token=app_token, logger=app.logger, web_client=web, ping_interval=ping)
        self.greeted = asyncio.Event()
        self.count = 0
        self.lost = asyncio.Event()
        self.message_listeners.append(self._hello)

    async def connect(self) -> None:
        """One try. Raises Refused, and what the client and the network raise."""
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
        """What the SDK calls when Slack said goodbye, or the line looks dead."""
        self.lost.set()

    async def alive(self) -> bool:
        """Whether what Slack has to say would come through."""
        return not self.lost.is_set() and await self.is_connected()

    async def close(self) -> None:
        """Close at once; a line that is dead is not waited for."""
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
    """Hands what comes over one socket to Bolt, and knows what is under way, its answer included."""

    def __init__(self, app: AsyncApp, socket: Socket) -> None:
        self.app, self.app_token = app, socket.app_token
        self.client = self.socket = socket
        self.open = True
        # The SDK keeps no hold of its tasks, and a task that nobody holds may be collected half-way.
        self._under_way: set[asyncio.Task[Any] | None] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        socket.socket_mode_request_listeners.append(self._take)

    async def _take(self, _client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """One envelope. While draining nothing is taken any more: Slack brings it again, elsewhere."""
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
        """Take nothing more, let what is under way answer, and close."""
        self.open = False
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            log("slack").warning("closed while an event was being handled; Slack will send it again")
        await self.socket.close()


class Sockets:
    """The sockets of one app, each kept open by a task of its own."""

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
        """Have one socket more, for ever. Raises Refused."""
        failures = 0
        old: Handler | None = None
        while True:
            asked = 0.0
            try:
                handler = await self._opened()
            except FAILURES as failure:
                asked = _asked(failure)
                log("slack").warning("cannot open a socket to Slack; trying again", reason=_reason(failure))
            else:
                # Only now: the old one may still bring something, where Slack merely announced its end.
                self._leave(old)
                lived = await self._watch(handler)
                old = handler
                failures = 0 if lived >= self._pace.steady else failures
            await asyncio.sleep(max(asked, self._wait(failures)))
            failures += 1

    def _wait(self, failures: int) -> float:
        return 0.0 if not failures else min(self._pace.first * 2.0 ** (failures - 1), self._pace.longest)

    async def _opened(self) -> Handler:
        """A socket that was greeted."""
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
        """Return when this socket has to be replaced: after how many seconds."""
        since = asyncio.get_running_loop().time()
        self._alive.add(handler)
        self._say()
        while await handler.socket.alive():
            try:
                async with asyncio.timeout(self._pace.look):
                    await handler.socket.lost.wait()
            except TimeoutError:
                pass
        self._alive.discard(handler)
        self._replaced.add(handler)
        self._say()
        log("slack").info("replacing a socket to Slack")
        return asyncio.get_running_loop().time() - since

    def _leave(self, handler: Handler | None) -> None:
        """Let it answer what is under way, beside the new one."""
        if handler is not None:
            self._replaced.discard(handler)
            task = asyncio.create_task(handler.finish(self._pace.drain))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def _say(self) -> None:
        self._on_state(len(self._alive))

    async def close(self) -> None:
        """Take nothing more, let everything under way answer, close all."""
        for handler in (*self._alive, *self._replaced):
            self._leave(handler)
        self._alive.clear()
        self._say()
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
    """Hear Slack over that many sockets until `stop` is set; then drain. `on_state` is told how many are open.

    `web` opens them, at its own base_url. Raises Refused when the app token is refused, at the start or later.
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


def _asked(failure: BaseException) -> float:
    """The seconds Slack asked us to wait."""
    headers = failure.response.headers if isinstance(failure, SlackApiError) else {}
    asked = str(headers.get("Retry-After", ""))
    return float(asked) if asked.isdecimal() else 0.0


def _reason(failure: BaseException) -> str:
    if isinstance(failure, SlackApiError):
        answer = failure.response.data
        return f"apps.connections.open: {answer.get('error') if isinstance(answer, dict) else 'no JSON'}"
    return f"{type(failure).__name__}: {failure}"
