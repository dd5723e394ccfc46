"""The mail server that everything is handed to: its address, and how a message gets there, or why not."""

import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.ports import Busy, Undeliverable

TIMEOUT_S: Final = 20.0
"""Seconds a mail may take to be handed over."""

BUSY_RETRY_S: Final = 120.0
"""Seconds to wait after a server said "not now"."""

PORTS: Final = {"smtp": 587, "smtps": 465}


class MailServerDown(ConnectionError):
    """No connection to the server, so that nothing was handed over. `lasting`: waiting will not mend it."""

    def __init__(self, told: str, *, lasting: bool) -> None:
        """`told` says why, to an operator."""
        super().__init__(told)
        self.lasting = lasting


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed over: read from `smtp://USER:PASSWORD@HOST:PORT`, or `smtps://` for TLS from the start.

    `trusted` says whose certificates count; None: those of the system.
    """

    host: str
    port: int
    user: str
    password: str
    tls: bool
    trusted: ssl.SSLContext | None = None

    @classmethod
    def parse(cls, url: str, trusted: ssl.SSLContext | None = None) -> "MailServer":
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
            trusted=trusted,
        )

    async def hand_over(self, message: EmailMessage) -> None:
        """Over TLS wherever the server offers it, and always where there is a password.

        Raises Away before anything was handed over, Busy for not now, Undeliverable with the reason for never;
        anything else is an unknown outcome.
        """
        client = self._client()
        try:
            try:
                await client.connect()
            except (OSError, aiosmtplib.SMTPException) as failure:
                raise _refusal(failure) or _away(failure) from failure
            await client.send_message(message)
            await _left(client)
        except aiosmtplib.SMTPException as failure:
            refusal = _refusal(failure)
            if refusal is None:
                raise
            raise refusal from None
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user or None,
            password=self.password or None,
            use_tls=self.tls,
            start_tls=None if self.tls or not self.user else True,
            tls_context=self.trusted,
            timeout=TIMEOUT_S,
        )


async def _left(client: aiosmtplib.SMTP) -> None:
    """Say goodbye; the mail was taken, however that goes."""
    try:
        await client.quit()
    except (OSError, aiosmtplib.SMTPException):
        return


def _refusal(failure: Exception) -> Busy | Undeliverable | None:
    """What the server said about it; None where it said nothing."""
    if isinstance(failure, aiosmtplib.SMTPResponseException):
        if 400 <= failure.code < 500:
            return Busy(BUSY_RETRY_S)
        return Undeliverable(f"the mail server refused the email: {failure.code} {failure.message}")
    if isinstance(failure, aiosmtplib.SMTPRecipientsRefused):
        if all(400 <= one.code < 500 for one in failure.recipients):
            return Busy(BUSY_RETRY_S)
        told = "; ".join(f"{one.code} {one.message}" for one in failure.recipients)
        return Undeliverable(f"the mail server refused the recipient: {told}")
    return None


def _away(failure: Exception) -> MailServerDown:
    """Why there is no connection that may be used."""
    if isinstance(failure, ssl.SSLError) or isinstance(failure.__cause__, ssl.SSLError):
        return MailServerDown(
            f"cannot make a trusted TLS connection to the mail server: {failure}", lasting=True
        )
    # What is none of its kinds says that the server lacks what a password needs, STARTTLS or AUTH.
    lasting = type(failure) in (aiosmtplib.SMTPException, aiosmtplib.SMTPNotSupported)
    return MailServerDown(f"cannot connect to the mail server: {failure}", lasting=lasting)


def address(text: str) -> Address:
    """An address with or without a name. Raises ValueError for anything else."""
    name, found = parseaddr(line(text))
    if "@" not in found:
        raise ValueError(f"{text!r} is not an address")
    return Address(display_name=name, addr_spec=found)


def domain(sender: str) -> str:
    """The domain that names of messages are made with."""
    return parseaddr(sender)[1].rpartition("@")[2]


def line(text: str) -> str:
    """A header is one line, whatever a flow or a person is called."""
    return " ".join(text.split())
