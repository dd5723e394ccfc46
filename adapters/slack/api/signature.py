"""Guards Bolt in HTTP mode: reads a request only if Slack signed it recently and it is short.

An ASGI application, to be mounted at `/slack/events`. Signatures as in Slack's "Verifying requests from Slack":
HMAC-SHA256 of `v0:TIMESTAMP:BODY`. An attacker who intercepts a request may send it again within five minutes; the
desk's keys make it count once.
"""

import asyncio
import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import nullcontext
from typing import Any, Final

import orjson
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from yarl import query_to_pairs

from adapters.slack.api.bolt_app import BoltApp, is_click
from bot.ports import Ahead

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LONGEST: Final = 1024 * 1024
"""Bytes of the longest body; Slack's own bodies are far shorter."""

VALID_S: Final = 300.0
"""Seconds that a signature stays valid, before and after its time."""

BODY_TIMEOUT_S: Final = 10.0
"""Seconds that a body may take to arrive; Slack gives up after three."""

FIELDS: Final = 100
"""Fields of a form; a command has about fifteen."""

JSON: Final = b"application/json"
FORM: Final = b"application/x-www-form-urlencoded"


class RequestRefused(Exception):
    """Refuses a request, with a status and a header that says what the server would accept."""

    def __init__(self, status: int, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(status)
        self.status, self.headers = status, headers


class SignatureGuard:
    """The ASGI application. `now` is the time in seconds since 1970. An empty secret refuses every request.

    `ahead` makes sends wait while a click is recorded and acknowledged.
    """

    def __init__(
        self, app: BoltApp, secret: str, now: Callable[[], float], ahead: Ahead = nullcontext
    ) -> None:
        self._app, self._secret, self._now, self._ahead = app, secret.encode(), now, ahead

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, without logging any of it."""
        if scope["type"] != "http":
            return
        try:
            status, headers, body = await self._answer(scope, receive)
        except RequestRefused as refusal:
            status, headers, body = refusal.status, refusal.headers, b""
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": body})

    async def _answer(
        self, scope: Scope, receive: Receive
    ) -> tuple[int, Iterable[tuple[bytes, bytes]], bytes]:
        if scope["method"] in ("GET", "HEAD") and b"ssl_check=1" in scope["query_string"].split(b"&"):
            return 200, (), b""
        if scope["method"] != "POST":
            raise RequestRefused(405, (b"allow", b"POST"))
        headers: dict[bytes, bytes] = dict(scope["headers"])
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind not in (JSON, FORM):
            raise RequestRefused(415)
        stamp = self._stamp(headers)
        body = await _whole(headers, receive)
        self._verify(stamp, body, headers.get(b"x-slack-signature", b""))
        return await self._dispatch(_read(kind, body))

    def _stamp(self, headers: dict[bytes, bytes]) -> bytes:
        """Return the signature's time, if that is within five minutes of now."""
        stamp = headers.get(b"x-slack-request-timestamp", b"")
        if not re.fullmatch(rb"[0-9]{1,12}", stamp) or abs(self._now() - int(stamp)) > VALID_S:
            raise RequestRefused(401)
        return stamp

    def _verify(self, stamp: bytes, body: bytes, signature: bytes) -> None:
        signed = hmac.new(self._secret, b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
        if not self._secret or not hmac.compare_digest(b"v0=" + signed.encode(), signature):
            raise RequestRefused(401)

    async def _dispatch(self, body: dict[str, Any]) -> tuple[int, Iterable[tuple[bytes, bytes]], bytes]:
        if body.get("type") == "url_verification":
            challenge = orjson.dumps({"challenge": str(body.get("challenge", ""))})
            return 200, [(b"content-type", JSON)], challenge
        if body.get("ssl_check") == "1":
            return 200, (), b""
        if is_click(body):
            with self._ahead():
                response = await self._app.clicked(body)
        else:
            response = await self._through_bolt(body)
        sent = [
            (name.encode(), value.encode()) for name, values in response.headers.items() for value in values
        ]
        return response.status, sent, (response.body or "").encode()

    async def _through_bolt(self, body: dict[str, Any]) -> BoltResponse:
        try:
            # As over a socket: Bolt takes the body unchanged, and does not verify the signature again.
            request = AsyncBoltRequest(mode="socket_mode", body=body)
        except Exception:  # noqa: BLE001  # Bolt reads fields without looking at their types, and raises anything
            raise RequestRefused(400) from None
        return await self._app.async_dispatch(request)


async def _whole(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    """Read the body. Raises RequestRefused if the body is too long or takes too long."""
    announced = headers.get(b"content-length", b"0")
    if not re.fullmatch(rb"[0-9]{1,12}", announced) or int(announced) > LONGEST:
        raise RequestRefused(413)
    parts: list[bytes] = []
    room = LONGEST
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            more = True
            while more:
                message = await receive()
                if message["type"] != "http.request":
                    raise RequestRefused(400)
                parts.append(message.get("body", b""))
                room -= len(parts[-1])
                if room < 0:
                    raise RequestRefused(413)
                more = message.get("more_body", False)
    except TimeoutError:
        raise RequestRefused(408) from None
    return b"".join(parts)


def _read(kind: bytes, body: bytes) -> dict[str, Any]:
    """Parse the body: events are JSON, clicks JSON in a form's field `payload`, commands a form."""
    try:
        if kind == FORM:
            # Written in C: a click of 14 kB takes 60 µs, with urllib.parse 400.
            form = dict(query_to_pairs(body.decode(), max_fields=FIELDS))
            read = orjson.loads(form["payload"]) if "payload" in form else form
        else:
            read = orjson.loads(body)
    except ValueError:
        raise RequestRefused(400) from None
    if not isinstance(read, dict):
        raise RequestRefused(400)
    return read
