"""The other side of ticket backends, real servers on this machine: one that takes webhooks, one that takes mail."""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path
from typing import Any, Final, Literal

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Received:
    """A report as it came in: who it is (its own id), and what it says."""

    identity: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""
    html: str = ""


@dataclass
class OtherSide:
    """What came in, and how the next calls are answered: `busy`, `refuse`, `break`, or taken where nothing is said.

    Mail to an address in `unknown` is always refused.
    """

    address: str = ""
    received: list[Received] = field(default_factory=list)
    next: deque[str] = field(default_factory=deque)
    unknown: set[str] = field(default_factory=set)

    def answer(self) -> str:
        return self.next.popleft() if self.next else ""


@asynccontextmanager
async def webhooks() -> AsyncIterator[OtherSide]:
    """A server that is posted to."""
    side = OtherSide()

    async def take(request: web.Request) -> web.Response:
        raw = await request.read()
        match side.answer():
            case "busy":
                return web.Response(status=429, headers={"Retry-After": "7"})
            case "refuse":
                return web.Response(status=410)
            case "break":
                return web.Response(status=502)
            case _:
                pass
        headers = dict(request.headers)
        side.received.append(Received(headers.get("Idempotency-Key", ""), raw.decode(), headers, raw))
        return web.json_response({"id": f"T-{len(side.received)}"})

    app = web.Application()
    app.router.add_post("/in", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server: Any = site._server
    side.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/in"
    try:
        yield side
    finally:
        await runner.cleanup()


CERTIFICATE: Final = Path(__file__).with_name("certificate.pem")
"""Of a server on this machine, with its key; it vouches for itself until 2120."""


def trusting() -> ssl.SSLContext:
    """What a client knows that trusts the certificate of these servers."""
    return ssl.create_default_context(cafile=CERTIFICATE)


def _serving() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@asynccontextmanager
async def mailbox(tls: Literal["", "from the start", "on request"] = "") -> AsyncIterator[OtherSide]:
    """A mail server that keeps what it is given; with TLS it knows a password, and lets Ana in with `p:w`."""
    side = OtherSide()
    loop = asyncio.get_running_loop()
    wants: dict[str, Any] = {"authenticator": _let_in} if tls else {}
    if tls == "on request":
        wants |= {"tls_context": _serving(), "require_starttls": True, "auth_required": True}
    elif tls:
        # It does not know that the line is encrypted already.
        wants |= {"auth_require_tls": False}
    encrypted = _serving() if tls == "from the start" else None
    server = await loop.create_server(
        lambda: SMTP(_Keeping(side), loop=loop, **wants), "127.0.0.1", 0, ssl=encrypted
    )
    scheme = "smtps" if encrypted else "smtp"
    side.address = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield side
    finally:
        server.close()


def _let_in(
    _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: LoginPassword
) -> AuthResult:
    return AuthResult(success=given == LoginPassword(b"ana", b"p:w"), handled=False)


class _Keeping:
    """What aiosmtpd asks about each mail."""

    def __init__(self, side: OtherSide) -> None:
        self._side = side

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # its name
        if self._side.unknown & set(envelope.rcpt_tos):
            return "554 nobody of that name"
        match self._side.answer():
            case "busy":
                return "451 not now"
            case "refuse":
                return "554 never"
            case "break":
                return "421 going away"
            case _:
                pass
        raw = envelope.content
        assert isinstance(raw, bytes)
        mail: Message = message_from_bytes(raw, policy=default)
        assert isinstance(mail, EmailMessage)
        headers = {name: str(value) for name, value in mail.items()}
        plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
        self._side.received.append(
            Received(
                headers["Message-ID"],
                plain.get_content() if plain is not None else "",
                headers,
                raw,
                html.get_content() if html is not None else "",
            )
        )
        return "250 kept"
