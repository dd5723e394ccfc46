"""Mail to customers who left: what they missed as plain text and as HTML, and the link back. One thread a ticket."""

from collections.abc import Iterable, Sequence
from email.message import EmailMessage
from email.utils import localtime
from html import escape
from typing import Final

from adapters.mail.server import LATER, Away, MailServer, address, domain, line
from bot.ports import Busy, Mail, Passage, Undeliverable
from flows.words import Block, Bold, Break, Code, Inline, Italic, Link, Paragraph, Text, Words, plain

WAY: Final = "Read on and answer here"
STYLE: Final = "font:16px/1.5 system-ui,sans-serif;color:#1b1b1b;max-width:36rem"
QUOTE: Final = "margin:0 0 1rem;padding:.25rem 0 .25rem .75rem;border-left:3px solid #3a6ea5"


class CustomerPost:
    """The port Post, over SMTP."""

    def __init__(self, server: MailServer, sender: str) -> None:
        """`sender` is the address mails are from."""
        self._server, self._sender = server, sender

    async def send(self, mail: Mail) -> None:
        """Hand it over. Raises Busy and Undeliverable."""
        try:
            message = written(mail, self._sender)
        except ValueError as wrong:
            raise Undeliverable(f"this cannot be a mail: {wrong}") from None
        try:
            await self._server.hand_over(message)
        except Away as away:
            if away.lasting:
                raise Undeliverable(str(away)) from None
            raise Busy(LATER) from None


def written(mail: Mail, sender: str) -> EmailMessage:
    """The mail as a message. Raises ValueError where an address is none."""
    message = EmailMessage()
    message["From"] = address(sender)
    message["To"] = address(mail.to)
    message["Subject"] = line(f"{'Re: ' if mail.earlier else ''}[#{mail.number}] {mail.title}")
    whose = domain(sender)
    message["Message-ID"] = f"<{mail.name}@{whose}>"
    if mail.earlier:
        known = [f"<{name}@{whose}>" for name in mail.earlier]
        message["In-Reply-To"] = known[-1]
        message["References"] = " ".join(known)
    message["Date"] = localtime()
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text(mail))
    message.add_alternative(page(mail), subtype="html")
    return message


# ---------------------------------------------------------------- as plain text


def text(mail: Mail) -> str:
    """What was said, and the way back."""
    told = "\n\n".join(_told(passage) for passage in mail.passages)
    return f"{told}\n\n{WAY}:\n{mail.link}\n\n{_good(mail)} {_about(mail)}\n"


def _told(passage: Passage) -> str:
    said = plain(passage.words)
    return (
        f"{passage.who} wrote:\n\n" + "\n".join(f"> {row}" for row in said.split("\n"))
        if passage.who
        else said
    )


def _good(mail: Mail) -> str:
    return f"The link opens your conversation, works once on a new device, and is good for {mail.days} days."


def _about(mail: Mail) -> str:
    whose = f" at {mail.product}" if mail.product else ""
    return (
        f"You get this because you gave this address with ticket #{mail.number}{whose}."
        " Answers to this mail are not read."
    )


# ---------------------------------------------------------------- as HTML


def page(mail: Mail) -> str:
    """The same as HTML; whatever a person or a flow said is text in it, and stays text."""
    told = "".join(_shown(passage) for passage in mail.passages)
    link = escape(mail.link, quote=True)
    return (
        f'<!doctype html><html lang="en"><body style="{STYLE}">{told}'
        f'<p><a href="{link}">{WAY}</a></p>'
        f'<p style="color:#5a5a5a;font-size:14px">{escape(_good(mail))} {escape(_about(mail))}</p></body></html>'
    )


def _shown(passage: Passage) -> str:
    said = _blocks(passage.words)
    if not passage.who:
        return f"<div>{said}</div>"
    return f'<p>{escape(passage.who)} wrote:</p><blockquote style="{QUOTE}">{said}</blockquote>'


def _blocks(words: Words) -> str:
    return "".join(_block(block) for block in words)


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{_inlines(block.inlines)}</p>"
    tag = "ol" if block.ordered else "ul"
    return f"<{tag}>{''.join(f'<li>{_blocks(item)}</li>' for item in block.items)}</{tag}>"


def _inlines(inlines: Iterable[Inline] | Sequence[Inline]) -> str:
    return "".join(_inline(inline) for inline in inlines)


def _inline(inline: Inline) -> str:
    match inline:
        case Text():
            return escape(inline.text).replace("\n", "<br>")
        case Break():
            return "<br>"
        case Bold():
            return f"<strong>{_inlines(inline.inlines)}</strong>"
        case Italic():
            return f"<em>{_inlines(inline.inlines)}</em>"
        case Code():
            return f"<code>{_inlines(inline.inlines)}</code>"
        case Link():
            return f'<a href="{escape(inline.url, quote=True)}">{_inlines(inline.label)}</a>'
        case _:
            return ""
