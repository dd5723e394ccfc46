"""What stands before every request: who the client is, how much it may send, and the headers of every answer."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.site import Site
from adapters.web.texts import PAGE

BODY_LIMIT: Final = 64 * 1024
"""Bytes of a request's body that brings no files; the longest honest one is a pasted log."""

LARGEST: Final = 5 * 1024 * 1024
"""Bytes of a file that is uploaded: a picture of any screen fits."""

AT_ONCE: Final = 4
"""Files uploaded with one message."""

BODY: Final = AT_ONCE * LARGEST + 256 * 1024
"""Bytes of a request that brings files."""

UPLOADING: Final = re.compile(r"/c/[^/]+/events|/desk/c/[^/]+/reply")
"""Where files may be brought."""


def files_at(path: str) -> int:
    """How many files a form there may bring; one more than are kept is read, to be told of."""
    return AT_ONCE + 1 if UPLOADING.fullmatch(path) else 0


_PREFLIGHT: Final = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type, last-event-id",
    "access-control-max-age": "600",
}


class TooMany(Exception):
    """Somebody does it too often; welcome again in `seconds`."""

    def __init__(self, seconds: float) -> None:
        """`seconds` until the next try is welcome."""
        super().__init__(f"too many requests, welcome again in {seconds:g} s")
        self.seconds = seconds


async def allow_event(site: Site, person: str) -> None:
    """Count an event of that visitor. Raises TooMany."""
    await _allow(site, f"web/visitor/{person}", site.events_per_minute)


async def allow_start(site: Site, connection: HTTPConnection) -> None:
    """Count a new conversation of that network address. Raises TooMany."""
    host = connection.client.host if connection.client else ""
    await _allow(site, f"web/network/{network(host)}", site.starts_per_minute)


async def _allow(site: Site, who: str, per_minute: int) -> None:
    seconds = await site.limiter.wait_for(who, per_minute)
    if seconds > 0:
        raise TooMany(seconds)


@lru_cache(maxsize=4096)
def network(host: str) -> str:
    """What counts as one network address: of IPv6 the first half, since a household has all of the second."""
    try:
        address = _plain(ip_address(host))
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False).network_address)
    return str(address)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return getattr(address, "ipv4_mapped", None) or address


class Proxies:
    """The peers that are believed about whom they speak for."""

    def __init__(self, trusted: Iterable[str]) -> None:
        """`trusted` are addresses or networks; "*" is everybody. Raises ValueError for anything else."""
        names = ("0.0.0.0/0", "::/0") if "*" in trusted else trusted
        self._networks = tuple(ip_network(name, strict=False) for name in names)

    def trusts(self, host: str) -> bool:
        """Whether that address is one of them."""
        if not self._networks:
            return False
        try:
            address = _plain(ip_address(host))
        except ValueError:
            return False
        return any(address.version == one.version and address in one for one in self._networks)

    def client(self, host: str, forwarded: str) -> str:
        """The nearest address in X-Forwarded-For that is not one of them; whoever stands before it may lie."""
        for found in (part.strip() for part in reversed(forwarded.split(",")) if part.strip()):
            try:
                ip_address(found)
            except ValueError:
                return host
            host = found
            if not self.trusts(found):
                break
        return host


class Guard:
    """ASGI around the application; a plain one, since it stands in the way of every click."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        """Raises ValueError when a trusted proxy is no address."""
        self._app = app
        self._origins = frozenset(site.embed_origins)
        self._proxies = Proxies(site.trusted_proxies)
        self._headers = tuple(security_headers(site.embed_origins).items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer a preflight."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        self._forwarded(scope, headers)
        cors = self._cors(scope, headers)
        if cors and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            raw = [(name.encode(), value.encode()) for name, value in (cors | _PREFLIGHT).items()]
            await send({"type": "http.response.start", "status": 204, "headers": raw})
            await send({"type": "http.response.body", "body": b""})
            return
        limit = BODY if scope["method"] == "POST" and UPLOADING.fullmatch(scope["path"]) else BODY_LIMIT
        await self._app(scope, _limited(headers, receive, limit), self._dressed(cors, send))

    def _forwarded(self, scope: Scope, headers: Headers) -> None:
        """Put the client's own address, scheme and host in place of a trusted proxy's."""
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
        """What an embedding page's browser must read on an answer of the API."""
        origin = headers.get("origin", "")
        if origin not in self._origins or not scope["path"].startswith("/api/"):
            return {}
        return {
            "access-control-allow-origin": origin,
            "access-control-expose-headers": "retry-after, location",
            "vary": "origin",
        }

    def _dressed(self, cors: dict[str, str], send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers:
                    headers.setdefault(name, value)
                for name, value in cors.items():
                    headers.append(name, value)
            await send(message)

        return dressed


def _limited(headers: Headers, receive: Receive, limit: int) -> Receive:
    """A `receive` that refuses a body over the limit, announced or not."""
    announced = headers.get("content-length", "")
    seen = int(announced) if announced.isdecimal() and int(announced) > limit else 0

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


def security_headers(embed_origins: Sequence[str]) -> dict[str, str]:
    """The headers of every answer. No inline script or style, nothing from elsewhere but https pictures."""
    ancestors = " ".join(("'self'", *embed_origins))
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
    return fixed if embed_origins else fixed | {"x-frame-options": "SAMEORIGIN"}
