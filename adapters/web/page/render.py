"""Draws a screen as HTML by filling the templates. Pure: nothing here reads the store."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import jinja2
from jinja2.bccache import Bucket
from markupsafe import Markup

from adapters.web.guard import AT_ONCE, LARGEST
from adapters.web.page.history import HistoryLine, Lines, past
from adapters.web.page.markup import html
from adapters.web.page.memo import Memo
from adapters.web.texts import PAGE, marked
from flows.conversation import Conversation
from flows.events import REASONS
from flows.flow import Image
from flows.text.markup.words import plain
from flows.text.phrases import PHRASES, SCORES, reason_label
from flows.views.screen import Screen, TicketCard

AWAY_MS: Final = 15 * 60 * 1000
"""Milliseconds without activity after which a step also says how to get back to that point."""

MAIL_LIMIT: Final = 1800
"""Most characters of a `mailto:` address, with subject and body, that every email program accepts."""

Shown = Callable[[str, Image | None], Image | None]
"""Returns a revision's picture with an address that a browser can load, or None."""

_FOLDER: Final = Path(__file__).parents[1]


@dataclass(frozen=True)
class Host:
    """Names the product and the support team, and says whether customers who left get emails."""

    product: str
    support: str
    email: str
    mails: bool = False

    @property
    def name(self) -> str:
        """Return the name at the top of every page."""
        return PHRASES.say("support_of", product=self.product) if self.product else PHRASES["support"]

    @property
    def team(self) -> str:
        """Return the support team's name for use inside a sentence."""
        return self.support or PHRASES["our_team"]


@dataclass(frozen=True)
class PageVisit:
    """Holds what a page's forms contain: the visitor's proof and a new key."""

    proof: str
    key: str


def announcement(screen: Screen, notice: str) -> str:
    """Return what a screen reader announces when the conversation has changed."""
    if notice:
        return notice
    prompt, ticket = screen.prompt, screen.ticket
    if prompt.suggestion is not None:
        return prompt.suggestion.question
    if ticket is not None and ticket.open:
        return PAGE.say("announce_ticket", number=ticket.number, title=prompt.title)
    if prompt.progress is not None:
        at, of = prompt.progress.at, prompt.progress.of
        return PAGE.say("announce_step", at=at, of=of, title=prompt.title)
    return prompt.title


def page_title(screen: Screen, host: str) -> str:
    """Return the title of a conversation's browser tab."""
    prompt = screen.prompt
    if prompt.progress is None:
        return PAGE.say("title", title=prompt.title, host=host)
    return PAGE.say("title_step", at=prompt.progress.at, of=prompt.progress.of, title=prompt.title, host=host)


def standing(screen: Screen, now: int) -> str:
    """Return a line with an earlier conversation's ticket or step, and how long ago it changed."""
    prompt, since = screen.prompt, ago(now - screen.conversation.changed_at)
    if screen.ticket and screen.ticket.open:
        return PAGE.say("unfinished_ticket", number=screen.ticket.number, ago=since)
    if prompt.progress:
        at, of = prompt.progress.at, prompt.progress.of
        return PAGE.say("unfinished_step", at=at, of=of, title=prompt.title, ago=since)
    return PAGE.say("unfinished_card", title=prompt.title, ago=since)


def mailto(ticket: TicketCard, title: str) -> str:
    """Return a `mailto:` address with subject and text. A text that is too long is omitted."""
    subject = quote(PHRASES.say("summary_title", ticket=ticket.number, title=title))
    body = quote(ticket.summary.replace("\n", "\r\n"))
    address = f"mailto:{quote(ticket.email, safe='@.+-_')}?subject={subject}"
    full = f"{address}&body={body}"
    return full if len(full) <= MAIL_LIMIT else address


def open_reasons(ticket: TicketCard) -> tuple[tuple[str, str, bool], ...]:
    """Return the reasons that a customer can add: id, label, and whether the ticket has it already."""
    return tuple(
        (reason, reason_label(reason), reason in ticket.reasons) for reason in REASONS if reason != "asked"
    )


def ago(milliseconds: int) -> str:
    """Return how long ago something happened, in words."""
    minutes = max(0, milliseconds) // 60_000
    for name, size in (("ago_days", 1440), ("ago_hours", 60), ("ago_minutes", 1)):
        if minutes >= size:
            return PAGE.say(name, count=minutes // size)
    return PAGE["ago_moment"]


def capped(text: str) -> str:
    """Return the text with a capital first letter, for the beginning of a sentence."""
    return text[:1].upper() + text[1:]


class _Compiled(jinja2.BytecodeCache):
    """Keeps compiled templates in memory, so that a process compiles each once for all its renderers."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a template's code, if it was compiled from the same source."""
        if bucket.key in self._codes:
            bucket.bytecode_from_string(self._codes[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a template's code."""
        self._codes[bucket.key] = bucket.bytecode_to_string()


@cache
def _compiled() -> _Compiled:
    return _Compiled()


class Renderer:
    """Fills the templates with a screen's values."""

    def __init__(self, host: Host, address: Callable[[str], str], image: Shown) -> None:
        """`address` returns a static file's address, `image` a flow's picture that a browser can load."""
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_compiled(),
        )
        environment.filters.update(html=html, ago=ago, plain=plain, capped=capped)
        limits = {"files": AT_ONCE, "megabytes": LARGEST // 1024 // 1024}
        environment.globals.update(
            host=host, asset=address, phrases=PHRASES, phrase=PHRASES.say, scores=SCORES, limits=limits
        )
        environment.globals.update(say=PAGE.say, marked=marked, standing=standing)
        self._environment = environment
        self._lines: Lines = Memo()
        self._markup: Memo[HistoryLine, Markup] = Memo()
        environment.globals.update(drawn=self._drawn)
        self._host = host
        self._image = image

    def page(self, name: str, /, **values: Any) -> str:
        """Fill a template with values."""
        return self._environment.get_template(f"{name}.html").render(**values)

    def _drawn(
        self, said: HistoryLine, line: Callable[[HistoryLine, Conversation], Markup], at: Conversation
    ) -> Markup:
        """Return a line of the history as the macro `line` draws it, or drew it for an earlier page."""
        return self._markup.of(said, lambda said: line(said, at))

    def conversation(
        self, screen: Screen, visit: PageVisit, now: int, fragment: bool = False, **values: Any
    ) -> str:
        """Draw the page of a conversation, or only the part of it that changes."""
        away = now - screen.conversation.changed_at > AWAY_MS and screen.prompt.kind == "step"
        defaults: dict[str, Any] = {"notice": "", "draft": "", "way": None, "notices": "", "seen": 0}
        options = defaults | values
        return self.page(
            "now" if fragment else "conversation",
            screen=screen,
            prompt=screen.prompt,
            ticket=screen.ticket,
            past=past(screen, self._lines),
            image=self._image(screen.conversation.revision, screen.prompt.image),
            again=screen.prompt.again if away else (),
            announce=announcement(screen, str(options["notice"])),
            page_title=page_title(screen, self._host.name),
            mailto=mailto(screen.ticket, screen.title)
            if screen.ticket and screen.ticket.may_write_to
            else "",
            reasons=open_reasons(screen.ticket) if screen.ticket else (),
            visit=visit,
            **options,
        )
