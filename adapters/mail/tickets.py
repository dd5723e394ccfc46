"""The backend `email`: each report is a mail to the team's address, and a ticket's mails are one thread."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from adapters.mail.server import MailServer, address, domain, line
from bot.ports import TicketReport, Undeliverable


class EmailBackend:
    """The port TicketBackend."""

    name = "email"

    def __init__(self, server: MailServer, sender: str) -> None:
        """`sender` is the address mails are from, to which teams answer."""
        self._server, self._sender = server, sender

    async def file(self, report: TicketReport) -> str:
        """Mail it; a team without an address is mailed nothing. Returns the id of the message."""
        if not report.address:
            return ""
        try:
            message = mail(report, self._sender)
        except ValueError as wrong:
            raise Undeliverable(f"this cannot be a mail: {wrong}") from None
        await self._server.hand_over(message)
        return str(message["Message-ID"])


def mail(report: TicketReport, sender: str) -> EmailMessage:
    """The mail of a report. The same report is the same mail, so that one which comes twice can be told.

    Raises ValueError where an address is none.
    """
    message = EmailMessage()
    message["From"] = address(sender)
    message["To"] = address(report.address)
    message["Subject"] = line(f"[#{report.number}] {report.title}")
    whose = domain(sender)
    first = f"<ticket.{report.number}.{report.conversation}@{whose}>"
    message["Message-ID"] = f"<ticket.{report.number}.{report.version}.{report.conversation}@{whose}>"
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
