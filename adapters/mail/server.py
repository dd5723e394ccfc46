"""Hands emails to the mail server, and turns the server's failures into Busy, Undeliverable or MailServerDown."""

import ssl
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.ports import Busy, Undeliverable
from flows.text.visible import one_line

TIMEOUT_S: Final = 20.0
"""Seconds that handing over an email may take."""

BUSY_RETRY_S: Final = 120.0
"""Seconds to wait after the server refused an email for now."""

PORTS: Final = {"smtp": 587, "smtps": 465}


class MailServerDown(ConnectionError):
    """The mail server cannot be reached, so nothing was handed over. `lasting`: waiting does not help."""

    def __init__(self, reason: str, *, lasting: bool) -> None:
        """`reason` is for an operator."""
        super().__init__(reason)
        self.lasting = lasting


@dataclass(frozen=True)
class MailServer:
    """Hands emails to the server at `smtp://USER:PASSWORD@HOST:PORT`, or `smtps://` for TLS from the start.

    `trusted` holds the certificates to trust; None trusts those of the system.
    """

    host: str
    port: int
    user: str
    password: str
    tls: bool
    trusted: ssl.SSLContext | None = None

    @classmethod
    def parse(cls, url: str, trusted: ssl.SSLContext | None = None) -> "MailServer":
        """Read a server's address. Raises ValueError for any other text."""
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
        """Send a message, over TLS if the server offers it, and always over TLS if there is a password.

        Raises MailServerDown if nothing was handed over, Busy if the server refuses for now, Undeliverable with the
        reason if it refuses for good. After any other error the outcome is unknown.
        """
        client = self._client()
        try:
            try:
                await client.connect()
            except (OSError, aiosmtplib.SMTPException) as error:
                raise _refusal(error) or _unreachable(error) from error
            await client.send_message(message)
            await _quit(client)
        except aiosmtplib.SMTPException as error:
            refusal = _refusal(error)
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


async def _quit(client: aiosmtplib.SMTP) -> None:
    """Send QUIT. The server has accepted the email already, so errors are ignored."""
    try:
        await client.quit()
    except (OSError, aiosmtplib.SMTPException):
        return


def _refusal(error: Exception) -> Busy | Undeliverable | None:
    """Return why the server refused the email. None if the error is not an answer of the server."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        if 400 <= error.code < 500:
            return Busy(BUSY_RETRY_S)
        return Undeliverable(f"the mail server refused the email: {error.code} {error.message}")
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        if all(400 <= refused.code < 500 for refused in error.recipients):
            return Busy(BUSY_RETRY_S)
        answers = "; ".join(f"{refused.code} {refused.message}" for refused in error.recipients)
        return Undeliverable(f"the mail server refused the recipient: {answers}")
    return None


def _unreachable(error: Exception) -> MailServerDown:
    """Return the error that says why there is no usable connection."""
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return MailServerDown(
            f"cannot make a trusted TLS connection to the mail server: {error}", lasting=True
        )
    # aiosmtplib raises its plainest error if the server lacks what a password needs: STARTTLS or AUTH.
    lasting = type(error) in (aiosmtplib.SMTPException, aiosmtplib.SMTPNotSupported)
    return MailServerDown(f"cannot connect to the mail server: {error}", lasting=lasting)


def address(text: str) -> Address:
    """Parse an email address with or without a name. Raises ValueError for any other text."""
    name, spec = parseaddr(line(text))
    if "@" not in spec:
        raise ValueError(f"{text!r} is not an address")
    try:
        return Address(display_name=name, addr_spec=spec)
    except (HeaderParseError, IndexError) as error:
        raise ValueError(f"{text!r} is not an address") from error


def domain(sender: str) -> str:
    """Return the sender's domain, which message ids end with."""
    return parseaddr(sender)[1].rpartition("@")[2]


def line(text: str) -> str:
    """Put a text on one line, because a header is one line and names of flows and people may have several."""
    return one_line(text)
