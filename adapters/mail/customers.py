"""Emails customers who left: what they missed as plain text and as HTML, and a link back. One thread per ticket."""

from collections.abc import Callable, Iterable, Sequence
from email.message import EmailMessage
from email.utils import localtime
from html import escape
from typing import Final

from adapters.mail import confirmation
from adapters.mail.server import BUSY_RETRY_S, MailServer, MailServerDown, address, domain, line
from adapters.mail.texts import MAIL, STYLE
from bot.ports import Busy, Confirmation, Mail, Passage, Undeliverable
from flows.text.markup.words import (
    Block,
    Bold,
    Break,
    Code,
    CodeBlock,
    Inline,
    Italic,
    Items,
    Link,
    Paragraph,
    Quote,
    Strike,
    Text,
    Words,
    plain,
)

QUOTE: Final = "margin:0 0 1rem;padding:.25rem 0 .25rem .75rem;border-left:3px solid #3a6ea5"
QUOTED: Final = "margin:0 0 1rem;padding:0 0 0 .75rem;border-left:3px solid #b5b5b5;color:#5a5a5a"
CODE: Final = "margin:0 0 1rem;padding:.5rem;background:#f3f3f3;white-space:pre-wrap"


class CustomerPost:
    """Implements the port Post over SMTP."""

    def __init__(self, server: MailServer, sender: str) -> None:
        """`sender` is the address that emails come from."""
        self._server, self._sender = server, sender

    async def confirm(self, asked: Confirmation) -> None:
        """Hand over the email that asks to confirm an address. Raises Busy and Undeliverable."""
        await self._hand_over(lambda: confirmation.asked(asked, self._sender))

    async def send(self, mail: Mail) -> None:
        """Hand an email to the server. Raises Busy and Undeliverable."""
        await self._hand_over(lambda: written(mail, self._sender))

    async def _hand_over(self, write: Callable[[], EmailMessage]) -> None:
        try:
            message = write()
        except ValueError as error:
            raise Undeliverable(f"cannot write this email: {error}") from None
        try:
            await self._server.hand_over(message)
        except MailServerDown as error:
            if error.lasting:
                raise Undeliverable(str(error)) from None
            raise Busy(BUSY_RETRY_S) from None


def written(mail: Mail, sender: str) -> EmailMessage:
    """Write the email as a message. Raises ValueError for an invalid address."""
    message = EmailMessage()
    message["From"] = address(sender)
    message["To"] = address(mail.to)
    if mail.reply_to:
        message["Reply-To"] = address(mail.reply_to)
    message["Subject"] = line(_subject(mail))
    host = domain(sender)
    message["Message-ID"] = f"<{mail.name}@{host}>"
    if mail.earlier:
        known = [f"<{name}@{host}>" for name in mail.earlier]
        message["In-Reply-To"] = known[-1]
        message["References"] = " ".join(known)
    message["Date"] = localtime()
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text(mail))
    message.add_alternative(page(mail), subtype="html")
    return message


# ---------------------------------------------------------------- as plain text


def text(mail: Mail) -> str:
    """Return the messages that the customer missed and the link back, as plain text."""
    missed = "\n\n".join(_passage_text(passage) for passage in mail.passages)
    return f"{missed}\n\n{MAIL['view_and_reply']}:\n{mail.link}\n\n{_small_print(mail)}\n"


def _passage_text(passage: Passage) -> str:
    words = plain(passage.words)
    if not passage.who:
        return words
    return f"{MAIL.say('wrote', who=passage.who)}\n\n" + "\n".join(f"> {row}" for row in words.split("\n"))


def _subject(mail: Mail) -> str:
    return MAIL.say("subject_again" if mail.earlier else "subject", number=mail.number, title=mail.title)


def _small_print(mail: Mail) -> str:
    """Return the last lines: what the link does, why this email was sent, and where replies to it go."""
    why = "why_at" if mail.product else "why"
    return " ".join(
        (
            MAIL.say("link", count=mail.days),
            MAIL.say(why, number=mail.number, product=mail.product),
            MAIL.say("replies_to", address=mail.reply_to) if mail.reply_to else MAIL["no_replies"],
        )
    )


# ---------------------------------------------------------------- as HTML


def page(mail: Mail) -> str:
    """Return the email as HTML. Escapes what people and flows wrote, so that their text adds no markup."""
    missed = "".join(_passage_html(passage) for passage in mail.passages)
    link = escape(mail.link, quote=True)
    return (
        f'<!doctype html><html lang="en"><body style="{STYLE}">{missed}'
        f'<p><a href="{link}">{escape(MAIL["view_and_reply"])}</a></p>'
        f'<p style="color:#5a5a5a;font-size:14px">{escape(_small_print(mail))}</p></body></html>'
    )


def _passage_html(passage: Passage) -> str:
    words = _blocks(passage.words)
    if not passage.who:
        return f"<div>{words}</div>"
    return (
        f'<p>{escape(MAIL.say("wrote", who=passage.who))}</p><blockquote style="{QUOTE}">{words}</blockquote>'
    )


def _blocks(words: Words) -> str:
    return "".join(_block(block) for block in words)


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return f"<p>{_inlines(block.inlines)}</p>"
        case Items():
            tag = "ol" if block.ordered else "ul"
            start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
            return f"<{tag}{start}>{''.join(f'<li>{_blocks(item)}</li>' for item in block.items)}</{tag}>"
        case CodeBlock():
            return f'<pre style="{CODE}">{escape(block.text)}</pre>'
        case Quote():
            return f'<blockquote style="{QUOTED}">{_blocks(block.blocks)}</blockquote>'


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
        case Strike():
            return f"<s>{_inlines(inline.inlines)}</s>"
        case Code():
            return f"<code>{_inlines(inline.inlines)}</code>"
        case Link():
            return f'<a href="{escape(inline.url, quote=True)}">{_inlines(inline.label)}</a>'
        case _:
            return ""
