"""Writes the email that asks to confirm an address. It holds nothing that a person wrote: a stranger may get it."""

from email.message import EmailMessage
from email.utils import localtime
from html import escape

from adapters.mail.server import address, domain, line
from adapters.mail.texts import MAIL, STYLE
from bot.ports import Confirmation


def asked(confirmation: Confirmation, sender: str) -> EmailMessage:
    """Write the email as a message. Raises ValueError for an invalid address."""
    message = EmailMessage()
    message["From"] = address(sender)
    message["To"] = address(confirmation.to)
    message["Subject"] = line(MAIL.say("confirm_subject", number=confirmation.number))
    message["Message-ID"] = f"<{confirmation.name}@{domain(sender)}>"
    message["Date"] = localtime()
    message["Auto-Submitted"] = "auto-generated"
    why = MAIL.say(
        "confirm_ask_at" if confirmation.product else "confirm_ask",
        number=confirmation.number,
        product=confirmation.product,
    )
    ignore = MAIL.say("confirm_ignore", count=confirmation.days)
    message.set_content(f"{why}\n\n{MAIL['confirm']}:\n{confirmation.link}\n\n{ignore}\n")
    link = escape(confirmation.link, quote=True)
    message.add_alternative(
        f'<!doctype html><html lang="en"><body style="{STYLE}"><p>{escape(why)}</p>'
        f'<p><a href="{link}">{escape(MAIL["confirm"])}</a></p>'
        f'<p style="color:#5a5a5a;font-size:14px">{escape(ignore)}</p></body></html>',
        subtype="html",
    )
    return message
