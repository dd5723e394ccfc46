"""Reports tickets by email: each report goes to the team's address, and a ticket's emails form one thread."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from adapters.mail.server import MailServer, address, domain, line
from adapters.mail.texts import MAIL
from bot.ports import Happening, TicketReport, Undeliverable
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
        return await self._hand_over(lambda: mail(report, self._sender))

    async def file_together(self, reports: tuple[TicketReport, ...]) -> str:
        """Email the reports of several tickets with one address, and return the message's id."""
        return await self._hand_over(lambda: together(reports, self._sender))

    async def _hand_over(self, write: Callable[[], EmailMessage]) -> str:
        try:
            message = write()
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
    lines = [_happened(each) for each in (report, *report.later) if each.happened]
    lines += ["", MAIL.say(status, number=report.number, agent=report.holder)]
    name = named_customer(report.contact, report.conversation)
    lines.append(MAIL.say("customer", name=name) if report.contact else name)
    lines += ["", report.summary]
    if report.link:
        lines += ["", MAIL.say("reply_at", link=report.link)]
    return "\n".join(lines).strip() + "\n"


def together(reports: Sequence[TicketReport], sender: str) -> EmailMessage:
    """Write the reports of several tickets as one message; all have the address of the first.

    The same reports make the same message id. Raises ValueError for an invalid address.
    """
    first = reports[0]
    message = EmailMessage()
    message["From"] = address(sender)
    message["To"] = address(first.address)
    message["Reply-To"] = address(first.reply_to or first.address)
    count = len(reports)
    numbers = sorted(report.number for report in reports)
    message["Subject"] = MAIL.say("together", count=count, first=numbers[0], last=numbers[-1])
    names = " ".join(f"{report.number}.{report.version}.{report.conversation}" for report in reports)
    digest = hashlib.blake2s(names.encode(), digest_size=12).hexdigest()
    message["Message-ID"] = f"<tickets.{digest}@{domain(sender)}>"
    opened = max(report.opened for report in reports)
    message["Date"] = format_datetime(datetime.fromtimestamp(opened / 1000, UTC))
    message["Auto-Submitted"] = "auto-generated"
    parts = [f"{MAIL.say('one_of', number=each.number, title=each.title)}\n{text(each)}" for each in reports]
    message.set_content(f"{MAIL['together_lead']}\n\n" + f"\n{'-' * 60}\n\n".join(parts))
    return message


def _happened(report: Happening) -> str:
    """Return what happened as a sentence."""
    if not report.who or not report.happened:
        return _ended(report.happened)
    how = "quoted" if report.quoted else "answered" if report.answered else "happened"
    said = MAIL.say(how, who=report.who, what=report.happened)
    return said if report.quoted else _ended(said)


def _ended(sentence: str) -> str:
    """End a sentence with a period, unless it ends with a mark or a quotation already."""
    return f"{sentence}." if sentence and sentence[-1].isalnum() else sentence
