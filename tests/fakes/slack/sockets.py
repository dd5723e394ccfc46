"""Implements Socket Mode: tickets, hello, envelopes with their acks, and the ways in which a socket closes."""

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from aiohttp import web

from tests.fakes.slack.answers import Answer
from tests.fakes.slack.bell import Bell
from tests.fakes.slack.refusals import Json

MOST: Final = 10


@dataclass(frozen=True)
class Ack:
    """The ack of an envelope, with its payload and the time it took."""

    envelope_id: str
    kind: str
    payload: Json | None
    seconds: float
    socket: int


@dataclass(eq=False)
class Socket:
    number: int
    ws: web.WebSocketResponse
    request: web.Request


@dataclass
class Waiting:
    kind: str
    socket: Socket
    since: float
    done: asyncio.Future[Answer] = field(repr=False)


class Sockets:
    """The app's open sockets. `acks` lists every ack in order of arrival."""

    def __init__(self, bell: Bell, app_id: str) -> None:
        self.open: list[Socket] = []
        self.acks: list[Ack] = []
        self.opened = 0
        self.approximate_connection_time = 18060
        self._bell = bell
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._waiting: dict[str, Waiting] = {}
        self._closed_until = 0.0

    def ticket(self) -> str:
        ticket = secrets.token_urlsafe(12)
        self._tickets.add(ticket)
        return ticket

    def refuse(self, seconds: float = 3600.0) -> None:
        """Refuse new sockets for that many seconds."""
        self._closed_until = time.monotonic() + seconds

    def accept(self) -> None:
        """Accept new sockets again."""
        self._closed_until = 0.0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve `/link`: one socket until it closes."""
        if time.monotonic() < self._closed_until:
            return web.Response(status=503, text="try later")
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=404, text="unknown ticket")
        self._tickets.discard(request.query["ticket"])
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        if len(self.open) >= MOST:
            await ws.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await ws.close()
            return ws
        self.opened += 1
        socket = Socket(self.opened, ws, request)
        self.open.append(socket)
        try:
            await self._hello(socket)
            self._bell.ring()
            async for message in ws:
                if message.type == web.WSMsgType.TEXT:
                    self._acked(socket, json.loads(message.data))
        finally:
            self._gone(socket)
        return ws

    async def _hello(self, socket: Socket) -> None:
        await socket.ws.send_json(
            {
                "type": "hello",
                "num_connections": len(self.open),
                "debug_info": {
                    "host": "applink-1",
                    "build_number": 1,
                    "approximate_connection_time": self.approximate_connection_time,
                },
                "connection_info": {"app_id": self._app_id},
            }
        )

    def _acked(self, socket: Socket, said: Json) -> None:
        waiting = self._waiting.pop(str(said.get("envelope_id")), None)
        kind = waiting.kind if waiting else ""
        seconds = time.monotonic() - waiting.since if waiting else 0.0
        ack = Ack(str(said.get("envelope_id")), kind, said.get("payload"), seconds, socket.number)
        self.acks.append(ack)
        if waiting and not waiting.done.done():
            waiting.done.set_result(Answer(acked=True, payload=ack.payload, seconds=seconds))
        self._bell.ring()

    def _gone(self, socket: Socket) -> None:
        if socket in self.open:
            self.open.remove(socket)
        for envelope_id, waiting in list(self._waiting.items()):
            if waiting.socket is socket:
                del self._waiting[envelope_id]
                if not waiting.done.done():
                    waiting.done.set_result(Answer(acked=False, reason="connection_failed"))
        self._bell.ring()

    def send(self, kind: str, payload: Json, attempt: int, reason: str) -> asyncio.Future[Answer]:
        """Send an envelope on any open socket. The returned future holds the ack, even a late one."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Answer] = loop.create_future()
        if not self.open:
            done.set_result(Answer(acked=False, reason="no_socket"))
            return done
        socket = secrets.choice(self.open)
        envelope_id = str(uuid4())
        self._waiting[envelope_id] = Waiting(kind, socket, time.monotonic(), done)
        body = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            body |= {"retry_attempt": attempt, "retry_reason": reason}
        task = loop.create_task(self._write(socket, body))
        done.add_done_callback(lambda _done: task.cancel())
        return done

    async def _write(self, socket: Socket, body: Json) -> None:
        try:
            await socket.ws.send_json(body)
        except ConnectionError:
            self._gone(socket)

    async def close(self) -> None:
        """Close each socket with a close frame, as a server does."""
        for socket in list(self.open):
            await socket.ws.close(code=1000)

    def cut(self) -> None:
        """Cut each connection without a close frame."""
        for socket in list(self.open):
            if socket.request.transport is not None:
                socket.request.transport.abort()

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask clients to reconnect: `warning`, `refresh_requested` or `link_disabled`."""
        for socket in list(self.open):
            told = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
            await socket.ws.send_json(told)
