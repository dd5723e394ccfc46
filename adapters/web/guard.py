"""Checks every request: finds the client's address, limits the body, and adds the security headers to the response."""

import re
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.doors.addresses import Proxies, network
from adapters.web.doors.at_once import AtOnce, Slot
from adapters.web.doors.hosts import PROBES, Hosts
from adapters.web.doors.media import is_stream
from adapters.web.site import Site
from adapters.web.texts import PAGE

BODY_LIMIT: Final = 400 * 1024
"""Most bytes of a request's body without files. The longest legitimate body is a pasted log."""

LARGEST: Final = 5 * 1024 * 1024
"""Most bytes of an uploaded file. A screenshot of any screen fits."""

AT_ONCE: Final = 4
"""Most files with one message."""

BODY: Final = AT_ONCE * LARGEST + 256 * 1024
"""Most bytes of a request's body with files."""

UPLOADING: Final = re.compile(r"/c/[^/]+/events|/desk/c/[^/]+/reply")
"""The paths to which files may be sent."""


REQUESTS_AT_ONCE: Final = 256
"""Most requests of one network address that are being answered, without streams."""

UPLOADS_AT_ONCE: Final = 16
"""Most of them whose body may exceed BODY_LIMIT: such a body is read before its sender is known."""

RETRY_S: Final = 2
"""Seconds after which an address with too many requests at once may send the next one."""

HSTS_S: Final = 365 * 24 * 3600
"""Seconds for which a browser that came over https never comes without."""


def files_at(path: str) -> int:
    """Return how many files of a form to read at that path: one more than allowed, so that too many can be reported."""
    return AT_ONCE + 1 if UPLOADING.fullmatch(path) else 0


_PREFLIGHT: Final = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type, last-event-id",
    "access-control-max-age": "600",
}


class TooMany(Exception):
    """Someone sends too many requests. The next one is allowed in `seconds`.

    `everyone` says that the limit is one of the whole network address, or of all together. `words` are the text of a
    refused form.
    """

    def __init__(self, seconds: float, *, everyone: bool = False, words: str = "") -> None:
        super().__init__(f"too many requests, welcome again in {seconds:g} s")
        self.seconds = seconds
        self.everyone = everyone
        self.words = words


async def allow_event(site: Site, person: str, words: str = "") -> None:
    """Count one event of a visitor or an agent. Raises TooMany."""
    seconds = await site.limiter.wait_for(f"web/visitor/{person}", site.events_per_minute)
    if seconds > 0:
        raise TooMany(seconds, words=words)


def network_of(connection: HTTPConnection) -> str:
    """Return the network that counts as the client's."""
    return network(connection.client.host if connection.client else "")


class Guard:
    """Wraps the application as ASGI middleware, without a framework, because every click passes through it."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        """Raises ValueError if a trusted proxy is not an address."""
        self._app = app
        self._origins = frozenset(site.embed_origins)
        self._proxies = Proxies(site.trusted_proxies)
        self._headers = tuple(security_headers(site).items())
        self._hosts = Hosts(site.public_url, site.allowed_hosts)
        self._beside = site.beside
        self._requests, self._calls = AtOnce(REQUESTS_AT_ONCE), AtOnce(REQUESTS_AT_ONCE)
        self._uploads = AtOnce(UPLOADS_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless it names another host, or its client has too many at once."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        self._apply_forwarded(scope, headers)
        scope["path"] = scope["path"].rstrip("/") or "/"
        beside, host = self._beside.get(scope["path"]), Headers(scope=scope).get("host", "")
        if beside is None and scope["path"] not in PROBES and not self._hosts.allows(host):
            refusal = PlainTextResponse(PAGE["unknown_host"], 421)
            await refusal(scope, receive, self._with_headers({}, send))
            return
        requests = self._requests if beside is None else self._calls
        place = requests.take(network_of(HTTPConnection(scope)))
        if place is None:
            refusal = PlainTextResponse(PAGE["too_many"], 429, {"retry-after": f"{RETRY_S}"})
            await refusal(scope, receive, self._with_headers(self._cors(scope, headers), send))
            return
        try:
            if beside is not None:
                await beside(scope, receive, self._with_headers({}, send))
            else:
                await self._answer(scope, headers, receive, leaving_with_stream(send, place))
        finally:
            place.leave()

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer a CORS preflight."""
        cors = self._cors(scope, headers)
        if cors and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            raw = [(name.encode(), value.encode()) for name, value in (cors | _PREFLIGHT).items()]
            await send({"type": "http.response.start", "status": 204, "headers": raw})
            await send({"type": "http.response.body", "body": b""})
            return
        if not _may_be_large(scope, headers):
            limited = _limit_body(headers, receive, BODY_LIMIT)
            await self._app(scope, limited, self._with_headers(cors, send))
            return
        place = self._uploads.take(network_of(HTTPConnection(scope)))
        limited = _limit_body(headers, receive, BODY) if place is not None else _refuse_body
        try:
            await self._app(scope, limited, self._with_headers(cors, send))
        finally:
            if place is not None:
                place.leave()

    def _apply_forwarded(self, scope: Scope, headers: Headers) -> None:
        """Replace a trusted proxy's address, scheme and host by the client's."""
        host, port = scope.get("client") or ("", 0)
        if not self._proxies.trusts(host):
            return
        scope["client"] = (self._proxies.client(host, ",".join(headers.getlist("x-forwarded-for"))), port)
        scheme = headers.get("x-forwarded-proto", "").strip().lower()
        if scheme in ("http", "https"):
            scope["scheme"] = scheme
        asked = headers.get("x-forwarded-host", "").split(",")[0].strip()
        if asked:
            kept = [(name, value) for name, value in scope["headers"] if name != b"host"]
            scope["headers"] = [*kept, (b"host", asked.encode("latin-1"))]

    def _cors(self, scope: Scope, headers: Headers) -> dict[str, str]:
        """Return the CORS headers of an API response to an embedding page; {} for all other requests."""
        origin = headers.get("origin", "")
        if origin not in self._origins or not scope["path"].startswith("/api/"):
            return {}
        return {
            "access-control-allow-origin": origin,
            "access-control-expose-headers": "retry-after, location",
            "vary": "origin",
        }

    def _with_headers(self, cors: dict[str, str], send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers:
                    headers.setdefault(name, value)
                for name, value in cors.items():
                    headers.append(name, value)
            await send(message)

        return with_headers


def _may_be_large(scope: Scope, headers: Headers) -> bool:
    """Return whether a body may exceed BODY_LIMIT: a form with files, unless it announces less."""
    forms = headers.get("content-type", "").lower().startswith("multipart/form-data")
    if not forms or scope["method"] != "POST" or not UPLOADING.fullmatch(scope["path"]):
        return False
    return "content-length" not in headers or _announced(headers) > BODY_LIMIT


def _announced(headers: Headers) -> int:
    """Return the length of the body by Content-Length; 0 if there is none."""
    announced = headers.get("content-length", "")
    return int(announced[:12]) if announced.isascii() and announced.isdecimal() else 0


async def _refuse_body() -> Message:
    """Refuse to read a body, because the address sends too many large ones."""
    raise TooMany(RETRY_S, everyone=True)


def _limit_body(headers: Headers, receive: Receive, limit: int) -> Receive:
    """Return a `receive` that refuses a body over the limit, whether or not Content-Length announces it."""
    seen = _announced(headers)
    seen = seen if seen > limit else 0

    async def limited() -> Message:
        nonlocal seen
        if seen > limit:
            raise HTTPException(413, PAGE.say("too_large", size=limit // 1024))
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413, PAGE.say("too_large", size=limit // 1024))
        return message

    return limited


def leaving_with_stream(send: Send, place: Slot) -> Send:
    """Return a `send` that leaves the place once the response is a stream: streams have a limit of their own."""

    async def leaving(message: Message) -> None:
        if message["type"] == "http.response.start" and is_stream(message):
            place.leave()
        await send(message)

    return leaving


def security_headers(site: Site) -> dict[str, str]:
    """Return the headers of every response. They forbid inline scripts and styles, and foreign content but pictures."""
    ancestors = " ".join(("'self'", *site.embed_origins))
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; manifest-src 'self'; frame-ancestors {ancestors}"
    )
    fixed = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }
    if site.public_url.startswith("https:"):
        fixed["strict-transport-security"] = f"max-age={HSTS_S}"
    return fixed if site.embed_origins else fixed | {"x-frame-options": "SAMEORIGIN"}
