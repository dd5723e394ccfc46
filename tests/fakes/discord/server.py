"""Serves the stand-in over HTTP: parses a call, applies faults, checks the token, and answers."""

import asyncio
import contextlib
import re
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import BodyPartReader, web

from tests.fakes.discord import audit_log, rest_application, rest_channels, rest_messages, webhooks
from tests.fakes.discord.calls import Call, Table
from tests.fakes.discord.faults import Faults, Response
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.message_changes import Upload
from tests.fakes.discord.refusals import Refusal
from tests.fakes.discord.state import Json
from tests.fakes.discord.world import World

API = "/api/v10"
FREE = ("/interactions/", "/webhooks/")
"""Calls that need no bot token, because their path contains a token."""

USER_AGENT = re.compile(r"DiscordBot \(https?://[^\s,)]+,? [^\s,)]+\).*")
"""The header that names a bot's address and version; Discord blocks other clients. The library leaves out the comma."""


class Server:
    """Serves REST, the gateway and attachments on a port of 127.0.0.1, and keeps every call."""

    def __init__(self, world: World, gateway: Gateway, faults: Faults) -> None:
        self.world = world
        self.gateway = gateway
        self.faults = faults
        self.calls: list[Call] = []
        self.control: Callable[[web.Request], Awaitable[web.Response]] | None = None
        self.broken: list[Exception] = []
        self.application = web.Application(client_max_size=30 * 1024 * 1024)
        self.application.router.add_get("/gateway{rest:.*}", self._connect)
        self.application.router.add_get("/attachments/{channel}/{id}/{name}", self._file)
        self.application.router.add_post("/control/{what}", self._controlled)
        self.application.router.add_route("*", "/{path:.*}", self._serve)
        self._table = Table(
            ("GET", "/gateway/bot", self._gateway_bot),
            *audit_log.ROUTES,
            *rest_application.ROUTES,
            *rest_channels.ROUTES,
            *rest_messages.ROUTES,
            *webhooks.ROUTES,
        )
        self._runner = web.AppRunner(self.application, shutdown_timeout=0.2, access_log=None)

    async def start(self, port: int = 0) -> None:
        """Listen. `world.url` is the address."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        assert site._server is not None
        sockets: Any = site._server
        self.world.url = f"http://127.0.0.1:{sockets.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Close every connection and the port."""
        for connection in list(self.gateway.connections):
            connection.close(1001)
        for _ in range(3):
            await asyncio.sleep(0)
        for connection in list(self.gateway.connections):
            connection.drop()
        await self._runner.cleanup()
        if self.broken:
            raise ExceptionGroup("the stand-in itself broke", self.broken)

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if self.faults.away:
            return _cut(request)
        return _blocked(request) or await self.gateway.connect(request)

    async def _controlled(self, request: web.Request) -> web.Response:
        return web.Response(status=404) if self.control is None else await self.control(request)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if (blocked := _blocked(request)) is not None:
            return blocked
        content = self.world.files.get(int(request.match_info["id"]))
        return web.Response(status=404) if content is None else web.Response(body=content)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.faults.away:
            return _cut(request)
        path = request.raw_path.partition("?")[0]
        if not path.startswith(API):
            return web.Response(status=404)
        if (blocked := _blocked(request)) is not None:
            return blocked
        call = await self._read(request, path.removeprefix(API))
        self.calls.append(call)
        self.world.changed()
        try:
            response = await self._answered(call)
        except Refusal as refusal:
            response = self._response(call, refusal.status, refusal.body)
        except Exception as error:  # noqa: BLE001 (the stand-in itself is wrong; `stop` says so, and no client retries)
            self.broken.append(error)
            response = self._response(call, 400, {"code": 0, "message": f"the stand-in broke: {error!r}"})
        if self.faults.take(call.method, call.path, "lose"):
            call.status = 0
            self.world.changed()
            return _cut(request)
        return response

    async def _answered(self, call: Call) -> web.Response:
        given = await self.faults.before(call.method, call.path)
        if given is not None:
            return self._given(call, given)
        token = call.headers.get("authorization")
        if not call.path.startswith(FREE) and token != f"Bot {self.world.settings.token}":
            raise Refusal(0)
        answer = self._table.find(call)(self.world, call)
        return self._response(call, 200 if answer is not None else 204, answer)

    def _given(self, call: Call, given: Response) -> web.Response:
        call.status = given.status
        self.world.changed()
        kind = "application/json" if given.json else "text/html"
        return web.Response(status=given.status, body=given.body, headers=given.headers, content_type=kind)

    def _response(self, call: Call, status: int, answer: Any) -> web.Response:
        """Return JSON with the headers of a rate limit that is far away. Interactions have none."""
        call.status, call.answer = status, answer
        self.world.changed()
        headers = {"Via": "1.1 google"}
        if not call.path.startswith(FREE):
            parts = [part if not part.isdigit() else "" for part in call.path.split("/")]
            bucket = f"{zlib.crc32('/'.join([call.method, *parts]).encode()):08x}"
            headers |= {"X-RateLimit-Bucket": bucket, "X-RateLimit-Limit": "50"}
            headers |= {"X-RateLimit-Remaining": "49", "X-RateLimit-Reset-After": "1.0"}
            headers["X-RateLimit-Reset"] = f"{self.world.clock.now() + 1:.3f}"
        if status == 429 and isinstance(answer, dict):
            answer = {**answer, "retry_after": 0.05, "global": False}
        if answer is None:
            return web.Response(status=status, headers=headers)
        body = orjson.dumps(answer)
        return web.Response(status=status, body=body, headers=headers, content_type="application/json")

    async def _read(self, request: web.Request, path: str) -> Call:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body: Any = None
        uploads: list[Upload] = []
        if request.content_type == "multipart/form-data":
            body, uploads = await _form(request)
        elif raw := await request.read():
            with contextlib.suppress(orjson.JSONDecodeError):
                body = orjson.loads(raw)
        query = dict(request.query)
        return Call(request.method, path, body, uploads, query, headers, self.world.clock.now())

    def _gateway_bot(self, world: World, _call: Call) -> Json:
        total, used = world.settings.sessions_a_day, len(self.gateway.identified)
        limit = {"total": total, "remaining": total - used, "reset_after": 86_400_000}
        return {
            "url": world.url.replace("http://", "ws://") + "/gateway",
            "shards": max(1, world.shards),
            "session_start_limit": {**limit, "max_concurrency": world.settings.max_concurrency},
        }


def _blocked(request: web.Request) -> web.Response | None:
    """Refuse a client that does not name itself as Discord's reference asks, with a page of Cloudflare's."""
    if USER_AGENT.fullmatch(request.headers.get("User-Agent", "")):
        return None
    return web.Response(status=403, text="error code: 1010")


def _cut(request: web.Request) -> web.Response:
    """Close the connection instead of answering."""
    if isinstance(request.transport, asyncio.Transport):
        request.transport.abort()
    return web.Response(status=503)


async def _form(request: web.Request) -> tuple[Any, list[Upload]]:
    """Return the body and the files of a multipart form."""
    body: Any = None
    uploads: list[Upload] = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        content = bytes(await part.read(decode=True))
        name = part.name or ""
        if name == "payload_json":
            body = orjson.loads(content)
        elif name.startswith("files["):
            kind = part.headers.get("Content-Type", "application/octet-stream")
            uploads.append(Upload(name[6:-1], part.filename or "file", content, kind))
    return body, uploads
