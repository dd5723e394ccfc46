"""A screen as HTML: what the templates are given, and words as markup. Pure; nothing here asks anybody."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import jinja2

from adapters.web.markup import html
from adapters.web.past import past
from flows.events import REASONS
from flows.flow import Image
from flows.phrases import PHRASES, reason_label
from flows.screen import Screen, TicketCard
from flows.words import plain

QUIET: Final = 15 * 60 * 1000
"""Milliseconds after which somebody has been away and needs to hear again how to get back to where they were."""

MAIL_LIMIT: Final = 1800
"""Characters of a mail address with subject and body that every mail program takes."""

Shown = Callable[[str, Image | None], Image | None]
"""A picture of a revision with an address that works, or None."""

_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True)
class Host:
    """Who runs the page, and whether customers who left are mailed."""

    product: str
    support: str
    email: str
    mails: bool = False

    @property
    def name(self) -> str:
        """What stands at the top of every page."""
        return f"{self.product} support" if self.product else "Support"


@dataclass(frozen=True)
class Visit:
    """What every page of one visitor carries: the proof for its forms and a fresh key."""

    proof: str
    key: str


def announcement(screen: Screen, notice: str) -> str:
    """What a screen reader hears when the conversation has changed."""
    if notice:
        return notice
    prompt, ticket = screen.prompt, screen.ticket
    if ticket is not None and ticket.open:
        return f"Ticket {ticket.number}. {prompt.title}"
    if prompt.progress is not None:
        return f"Step {prompt.progress.at} of {prompt.progress.of}. {prompt.title}"
    return prompt.title


def mail(ticket: TicketCard, title: str) -> str:
    """A mailto address that writes the mail already, as far as mail programs take it."""
    subject = quote(f"Ticket #{ticket.number}: {title}")
    body = quote(ticket.summary.replace("\n", "\r\n"))
    address = f"mailto:{quote(ticket.email, safe='@.+-_')}?subject={subject}"
    full = f"{address}&body={body}"
    return full if len(full) <= MAIL_LIMIT else address


def open_reasons(ticket: TicketCard) -> tuple[tuple[str, str, bool], ...]:
    """The one-tap reasons: id, label, and whether it was given already."""
    return tuple(
        (reason, reason_label(reason), reason in ticket.reasons) for reason in REASONS if reason != "asked"
    )


def ago(milliseconds: int) -> str:
    """How long ago, as people say it."""
    minutes = max(0, milliseconds) // 60_000
    for size, one, many in ((1440, "yesterday", "{} days ago"), (60, "an hour ago", "{} hours ago")):
        if minutes >= size:
            count = minutes // size
            return one if count == 1 else many.format(count)
    return "just now" if minutes < 2 else f"{minutes} minutes ago"


class Renderer:
    """Fills the templates."""

    def __init__(self, host: Host, address: Callable[[str], str], image: Shown) -> None:
        """`address` gives that of a static file, `image` a flow's picture as a browser can load it."""
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.filters.update(html=html, ago=ago, plain=plain)
        environment.globals.update(host=host, asset=address, phrases=PHRASES)
        self._environment = environment
        self._image = image

    def page(self, name: str, /, **values: Any) -> str:
        """A template with values."""
        return self._environment.get_template(f"{name}.html").render(**values)

    def conversation(
        self, screen: Screen, visit: Visit, now: int, fragment: bool = False, **values: Any
    ) -> str:
        """The page of a conversation, or only the part of it that changes."""
        away = now - screen.conversation.changed > QUIET and screen.prompt.kind == "step"
        fixed: dict[str, Any] = {"notice": "", "draft": "", "way": None}
        given = fixed | values
        return self.page(
            "now" if fragment else "conversation",
            screen=screen,
            prompt=screen.prompt,
            ticket=screen.ticket,
            past=past(screen),
            image=self._image(screen.conversation.revision, screen.prompt.image),
            again=screen.prompt.again if away else (),
            announce=announcement(screen, str(given["notice"])),
            mail=mail(screen.ticket, screen.title) if screen.ticket and screen.ticket.email else "",
            reasons=open_reasons(screen.ticket) if screen.ticket else (),
            visit=visit,
            **given,
        )
