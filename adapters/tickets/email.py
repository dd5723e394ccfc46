"""The backend `email`: each report is a mail to the team's address, and a ticket's mails are one thread."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.ports import Busy, TicketReport, Undeliverable

WITHIN: Final = 20.0
"""Seconds a mail may take to be handed over."""

LATER: Final = 120.0
"""Seconds to wait after a server said "not now"."""

PORTS: Final = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed over: read from `smtp://USER:PASSWORD@HOST:PORT`, or `smtps://` for TLS from the start."""

    host: str
    port: int
    user: str
    password: str
    tls: bool

    @classmethod
    def parse(cls, url: str) -> "MailServer":
        """Raises ValueError for anything else."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("expected smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS from the start")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=parts.scheme == "smtps",
        )


class EmailBackend:
    """The port TicketBackend."""

    name = "email"

    def __init__(self, server: MailServer, sender: str, trusted: ssl.SSLContext | None = None) -> None:
        """`sender` is the address mails are from, to which teams answer. `trusted` says whose certificates count."""
        self._server, self._sender, self._trusted = server, sender, trusted

    async def file(self, report: TicketReport) -> str:
        """Mail it; a team without an address is mailed nothing. Returns the id of the message."""
        if not report.address:
            return ""
        try:
            message = mail(report, self._sender)
        except ValueError as wrong:
            raise Undeliverable(f"this cannot be a mail: {wrong}") from None
        try:
            await self._hand_over(message)
        except aiosmtplib.SMTPResponseException as answer:
            if 400 <= answer.code < 500:
                raise Busy(LATER) from None
            raise Undeliverable(f"the mail server refused it: {answer.code} {answer.message}") from None
        except aiosmtplib.SMTPRecipientsRefused as refused:
            if all(400 <= one.code < 500 for one in refused.recipients):
                raise Busy(LATER) from None
            raise Undeliverable(f"the mail server takes nothing for {report.address}") from None
        return str(message["Message-ID"])

    async def _hand_over(self, message: EmailMessage) -> None:
        """Over TLS wherever the server offers it, and always where there is a password."""
        server = self._server
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.tls,
            start_tls=None if server.tls or not server.user else True,
            tls_context=self._trusted,
            timeout=WITHIN,
        )


def mail(report: TicketReport, sender: str) -> EmailMessage:
    """The mail of a report. The same report is the same mail, so that one which comes twice can be told.

    Raises ValueError where an address is none.
    """
    message = EmailMessage()
    message["From"] = _address(sender)
    message["To"] = _address(report.address)
    message["Subject"] = _line(f"[#{report.number}] {report.title}")
    domain = parseaddr(sender)[1].rpartition("@")[2]
    first = f"<ticket.{report.number}.{report.conversation}@{domain}>"
    message["Message-ID"] = f"<ticket.{report.number}.{report.version}.{report.conversation}@{domain}>"
    # A thread needs no first mail to hang on: readers put together what refers to the same one.
    message["In-Reply-To"] = first
    message["References"] = first
    message["Date"] = format_datetime(datetime.fromtimestamp(report.opened / 1000, UTC))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text(report))
    return message


def text(report: TicketReport) -> str:
    """What the mail says: what happened, where it stands, what was tried, and where to answer."""
    happened = " ".join(filter(None, (report.who, report.happened)))
    state = report.status.replace("_", " ") + (f", with {report.holder}" if report.holder else "")
    lines = [happened, "", f"Ticket #{report.number} is {state}."]
    if report.contact:
        lines.append(f"It is {report.contact}'s.")
    lines += ["", report.summary]
    if report.link:
        lines += ["", f"Answer at {report.link}"]
    return "\n".join(lines).strip() + "\n"


def _address(text: str) -> Address:
    name, address = parseaddr(_line(text))
    if "@" not in address:
        raise ValueError(f"{text!r} is not an address")
    return Address(display_name=name, addr_spec=address)


def _line(text: str) -> str:
    """A header is one line, whatever a flow or a person is called."""
    return " ".join(text.split())
