"""Shows an operator's Prometheus the metrics of all processes, and counts this process's requests and streams."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.ports import RequestMeter

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus's text format, as its documentation on exposition formats names it."""


class MetricsRoute:
    """Answers `/metrics` to those who have the token: it shows how much is going on, and what is broken."""

    def __init__(self, page: Callable[[], Awaitable[str]], token: str) -> None:
        """`page` draws the metrics. With the token '', there are none."""
        self._page = page
        self._token = token.encode()

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/metrics", self.show)]

    async def show(self, request: Request) -> Response:
        """Show the metrics."""
        if not self._token:
            return PlainTextResponse("Metrics are off. Set METRICS_TOKEN to turn them on.\n", 404)
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self._token):
            headers = {"www-authenticate": "Bearer"}
            return PlainTextResponse("Send METRICS_TOKEN as a bearer token.\n", 401, headers)
        return Response(await self._page(), media_type=CONTENT_TYPE)


class MeteredRequests:
    """Wraps the application as ASGI middleware that counts responses and open streams."""

    def __init__(self, app: ASGIApp, meter: RequestMeter) -> None:
        self._app = app
        self._meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        streams = 0

        async def counted(message: Message) -> None:
            nonlocal streams
            if message["type"] == "http.response.start":
                self._meter.answered(message["status"])
                kind = Headers(raw=message.get("headers", [])).get("content-type", "")
                if kind.startswith("text/event-stream"):
                    streams = 1
                    self._meter.streamed(1)
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            if streams:
                self._meter.streamed(-1)
