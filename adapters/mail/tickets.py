"""Reports tickets by email: each report goes to the team's address, and a ticket's emails form one thread."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from adapters.mail.server import MailServer, address, domain, line
from adapters.mail.texts import MAIL
from bot.ports import TicketReport, Undeliverable
from flows.text.agent_phrases import named_customer


class EmailBackend:
    """Implements the port TicketBackend over SMTP."""

    name = "email"

    def __init__(self, server: MailServer, sender: str) -> None:
        """`sender` is the address that emails come from."""
        self._server, self._sender = server, sender

    async def file(self, report: TicketReport) -> str:
        """Email a report and return the message's id. A team without an address gets no email; returns ''."""
        if not report.address:
            return ""
        try:
            message = mail(report, self._sender)
        except ValueError as error:
            raise Undeliverable(f"cannot write this email: {error}") from None
        await self._server.hand_over(message)
        return str(message["Message-ID"])


def mail(report: TicketReport, sender: str) -> EmailMessage:
    """Write a report as a message. The same report makes the same message id, so mail programs can drop a second copy.

    Raises ValueError for an invalid address.
    """
    message = EmailMessage()
    message["From"] = address(sender)
    message["To"] = address(report.address)
    message["Reply-To"] = address(report.reply_to or report.address)
    message["Subject"] = line(MAIL.say("subject", number=report.number, title=report.title))
    host = domain(sender)
    first = f"<ticket.{report.number}.{report.conversation}@{host}>"
    message["Message-ID"] = f"<ticket.{report.number}.{report.version}.{report.conversation}@{host}>"
    # The first message of the thread need not exist: mail programs group messages that refer to the same one.
    message["In-Reply-To"] = first
    message["References"] = first
    message["Date"] = format_datetime(datetime.fromtimestamp(report.opened / 1000, UTC))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text(report))
    return message


def text(report: TicketReport) -> str:
    """Return the body: what happened, the ticket's status, what the customer tried, and where to reply."""
    status = "with_someone" if report.status == "with_agent" and not report.holder else report.status
    lines = [_happened(report), "", MAIL.say(status, number=report.number, agent=report.holder)]
    name = named_customer(report.contact, report.conversation)
    lines.append(MAIL.say("customer", name=name) if report.contact else name)
    lines += ["", report.summary]
    if report.link:
        lines += ["", MAIL.say("reply_at", link=report.link)]
    return "\n".join(lines).strip() + "\n"


def _happened(report: TicketReport) -> str:
    """Return what happened as a sentence."""
    if not report.who or not report.happened:
        return _ended(report.happened)
    how = "quoted" if report.quoted else "answered" if report.answered else "happened"
    said = MAIL.say(how, who=report.who, what=report.happened)
    return said if report.quoted else _ended(said)


def _ended(sentence: str) -> str:
    """End a sentence with a period, unless it ends with a mark or a quotation already."""
    return f"{sentence}." if sentence and sentence[-1].isalnum() else sentence
