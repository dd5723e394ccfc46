"""One Socket Mode connection to Slack: connects, hands on each message as it arrives, and closes."""

import asyncio
from contextlib import ExitStack, nullcontext
from logging import Logger
from typing import Any, Final

import aiohttp
import orjson
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api.bolt_app import is_click
from adapters.slack.api.preflight import socket_address
from bot.ports import Ahead
from bot.telemetry import log

CLOSE_TIMEOUT_S: Final = 2.0
"""Seconds that a socket gets to close."""


def click_in(kind: object, payload: object) -> dict[str, Any] | None:
    """Return the payload of an envelope if it is a plain click, else None."""
    return payload if kind == "interactive" and isinstance(payload, dict) and is_click(payload) else None


class Socket(SocketModeClient):
    """A socket that connects once and never again. `lost` is set when the socket must be replaced.

    `count` is the number of the app's sockets, as Slack said in the greeting of this one; then `greeted` is set.
    `ahead` makes sends wait from a click's arrival to its acknowledgement.
    """

    def __init__(
        self, logger: Logger, web: AsyncWebClient, app_token: str, ping: float, ahead: Ahead = nullcontext
    ) -> None:
        super().__init__(app_token=app_token, logger=logger, web_client=web, ping_interval=ping)
        self._ahead = ahead
        # Python may collect a task before its end if nothing refers to it.
        self._handling: set[asyncio.Task[None]] = set()
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

    async def enqueue_message(self, message: str) -> None:
        """Start to handle a message at once: the SDK's queue would let sends pass clicks that have arrived."""
        try:
            read = orjson.loads(message)
        except ValueError:
            read = None
        if not isinstance(read, dict):
            log("slack").warning("Slack sent a message over a socket that cannot be read")
            return
        handling = asyncio.create_task(self.run_message_listeners(read, message))
        self._handling.add(handling)
        handling.add_done_callback(self._handling.discard)
        if click_in(read.get("type"), read.get("payload")) is not None:
            waiting = ExitStack()
            waiting.enter_context(self._ahead())
            handling.add_done_callback(lambda _done: waiting.close())

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
