"""Runs real servers for ticket backends on this machine: one receives webhooks, one receives email."""

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
    """A report that a server received: its own id, and its content."""

    identity: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""
    html: str = ""


@dataclass
class OtherSide:
    """Holds what a server received, and its next answers: `busy`, `refuse` or `break`; without one, it accepts.

    Email to an address in `unknown` is always refused.
    """

    address: str = ""
    received: list[Received] = field(default_factory=list)
    next: deque[str] = field(default_factory=deque)
    unknown: set[str] = field(default_factory=set)

    def answer(self) -> str:
        return self.next.popleft() if self.next else ""


@asynccontextmanager
async def webhooks() -> AsyncIterator[OtherSide]:
    """Run a server that receives webhooks."""
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
"""The self-signed certificate and key of a server on this machine, valid until 2120."""


def trusting() -> ssl.SSLContext:
    """Return the TLS context of a client that trusts the certificate of these servers."""
    return ssl.create_default_context(cafile=CERTIFICATE)


def _serving() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@asynccontextmanager
async def mailbox(tls: Literal["", "from the start", "on request"] = "") -> AsyncIterator[OtherSide]:
    """Run a mail server that stores the emails it receives. With TLS, it only accepts `ana` with password `p:w`.

    Without TLS it is a careless one, which asks for a password over an open line.
    """
    side = OtherSide()
    loop = asyncio.get_running_loop()
    wants: dict[str, Any] = {"authenticator": _let_in}
    if tls == "on request":
        wants |= {"tls_context": _serving(), "require_starttls": True, "auth_required": True}
    else:
        # With TLS from the start, aiosmtpd does not know that the connection is encrypted already.
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
    """Handles each email for aiosmtpd."""

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
