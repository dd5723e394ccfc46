"""What agents see in their room: the head of a conversation's thread, and the lines that follow in it. Pure.

Nobody's words are read as markup here either, so a customer's `<!channel>` alerts nobody.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from string import Formatter
from typing import Any, Final
from urllib.parse import quote

from adapters.slack.api import limits
from adapters.slack.api.addresses import Person
from adapters.slack.api.limits import ASIDE, LINE, SPEECH, WEIGHT, clean, escaped, line, shows
from adapters.slack.render.blocks import (
    Json,
    action,
    actions,
    button,
    context,
    is_web,
    label,
    option,
    overflow,
)
from adapters.slack.render.card import Message
from adapters.slack.render.rich_text import bold, linked, preformatted, rich_text, sentence
from flows import orders
from flows.conversation import Conversation, Status
from flows.events import File
from flows.orders import AT_HAND, MORE, Order, Verb
from flows.text.agent_phrases import AGENT_PHRASES, MOVED, SIGNS, SNOOZED, customer_name, phrase
from flows.text.words import Words, plain
from flows.views.dossier import CustomerReply, Dossier, Line
from flows.views.screen import verbatim

PIECES: Final = 3
"""Parts of `SPEECH` characters that are shown of one message; who wrote more sent a log, not words."""


# ---------------------------------------------------------------- the head of a thread


def root(told: Dossier, of: str) -> Message:
    """Draw one line to scan by; `of` is the effect that opened the thread."""
    at = told.conversation
    moved = at.thread_effect != of
    team = told.screen.ticket.name if told.screen.ticket else ""
    facts: list[Json | str] = [
        f"{MOVED if moved else SIGNS[at.status]} ",
        bold(_name(at)),
        f" · {_problem(told)} · ",
    ]
    facts += phrased("status_moved", team=line(team, LINE, at.team)) if moved else _state(told)
    facts += [f" · {fact}" for fact in (f"#{at.ticket}" if at.ticket else "", line(team, 80, "")) if fact]
    offered = [_button("claim", at, primary=True)] if at.status is Status.WAITING and not moved else []
    offered += [_button("wake", at)] if at.snoozed and at.ticket_open and not moved else []
    heard = "".join(fact if isinstance(fact, str) else _heard(fact) for fact in facts)
    return Message(
        text=escaped(heard, limits.MESSAGE),
        blocks=(sentence(*facts), *actions(offered, f"{at.id}.{at.version}")),
    )


def phrased(name: str, **values: Json | str) -> list[Json | str]:
    """Return an agents' sentence in parts, with dates, links and bold words in its blanks."""
    parts: list[Json | str] = []
    for words, blank, _, _ in Formatter().parse(AGENT_PHRASES[name]):
        parts += [part for part in (words, values[blank] if blank else "") if part]
    return parts


def _heard(element: Json) -> str:
    return str(element.get("text") or element.get("fallback") or "")


def _state(told: Dossier) -> list[Json | str]:
    at = told.conversation
    snoozed: list[Json | str] = [f" · {SNOOZED} {phrase(f'snoozed_{at.snoozed}')}"] if at.snoozed else []
    match at.status:
        case Status.WAITING:
            return [*phrased("status_waiting", when=date(told.waiting_since)), *snoozed]
        case Status.WITH_AGENT:
            return [phrase("status_with_agent", who=line(at.holder_name, 80, phrase("an_agent"))), *snoozed]
        case Status.GUIDING:
            return [phrase("status_guiding", title=line(told.screen.prompt.title, LINE, at.step))]
        case Status.RESOLVED:
            by = line(told.solver, 80, "")
            return [phrase("status_resolved_by", who=by) if by else phrase("status_resolved")]
        case Status.CLOSED:
            return [phrase("status_closed")]


def date(when: int, form: str = "{date_short_pretty} {time}") -> Json:
    """A moment in ms, in the reader's own zone and language."""
    otherwise = f"{datetime.fromtimestamp(max(0, when) / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    return {"type": "date", "timestamp": max(0, when) // 1000, "format": form, "fallback": otherwise}


def _name(at: Conversation) -> str:
    return line(customer_name(at), 80, phrase("an_agent"))


def _problem(told: Dossier) -> str:
    return line(told.screen.title, limits.HEADER, told.conversation.flow)


# ---------------------------------------------------------------- the lines in it


def line_of(told: Line, at: Conversation, url: str) -> Message:
    """What happened, as a message in the thread."""
    who = line(told.who, 80, "")
    match told.kind:
        case "said":
            pressed = [_button(AT_HAND[0], at, primary=True), menu((*AT_HAND[1:], *MORE), at)]
            spoken = (*_spoken(told, who or _name(at), url), *_changed(told))
            blocks = (*spoken, *actions(pressed, f"{at.id}.{told.version}"))
        case "reply" | "note" as kind:
            lead = phrase(f"{kind}_lead", who=who or phrase("an_agent"))
            blocks = (*_spoken(told, lead, url), *_changed(told))
        case _:
            happened = " ".join(filter(None, (who, plain(told.words))))
            blocks = (context(line(happened, limits.TEXT, phrase("line_empty"))),)
    text = f"{who}: {plain(told.words)}" if who else plain(told.words)
    return Message(text=_text(text), blocks=blocks)


def _changed(told: Line) -> tuple[Json, ...]:
    """That the words are not those of before."""
    return (context(phrase("line_changed")),) if told.since == "changed" else ()


def to_customer(reply: CustomerReply, url: str) -> Message:
    """Draw an agent's reply as the customer reads it."""
    who = line(reply.who, 80, phrase("an_agent"))
    return Message(
        text=_text(f"{who}: {plain(reply.words)}"), blocks=_spoken(reply, f"{who}:", url, beside=True)
    )


def _spoken(told: Line | CustomerReply, lead: str, url: str, beside: bool = False) -> tuple[Json, ...]:
    """Somebody's words, and the names of their files; `beside` puts the name on the same line."""
    text = clean(plain(told.words)).strip()
    files = file_links(told.files, told.actor, url)
    if not shows(text):
        return (sentence(bold(lead), " ", *(files or [phrase("line_empty")])),)
    words = tuple(_words(text, told.words))
    first = words[0]["elements"][0]
    if first["type"] == "rich_text_section":
        first["elements"].insert(0, bold(f"{lead} " if beside else f"{lead}\n"))
    else:
        words = (sentence(bold(lead)), *words)
    return (*words, *((sentence(*files),) if files else ()))


def _words(text: str, words: Words) -> Iterator[Json]:
    """As they are, in as many parts as fit; plainly, and then cut, where they are too many."""
    drawn = rich_text(words, SPEECH)
    if drawn and limits.length(text) <= SPEECH and fits(drawn):
        yield from drawn
        return
    shown: list[Json] = []
    for _piece in range(PIECES):
        piece = limits.head(text, SPEECH)
        if not shows(piece) or not fits([*shown, preformatted(piece)]):
            break
        text = text[len(piece) :]
        shown.append(preformatted(piece))
    yield from shown
    if shows(text):
        yield context(phrase("line_cut"))


def fits(blocks: Sequence[Json]) -> bool:
    """Whether Slack takes so much in one message."""
    return limits.length(json.dumps(blocks, ensure_ascii=False)) <= WEIGHT


def file_links(files: Sequence[File], actor: str, url: str) -> list[Any]:
    """The files by name, each with the way to it where it lies in Slack."""
    found: list[Any] = []
    for file in files:
        address, name = _file(file, actor, url), line(file.name, 80, phrase("a_file"))
        found += [" " if found else "📎 ", linked(name, address) if is_web(address) else name]
    return found


def _file(file: File, actor: str, url: str) -> str:
    """The form of a file's permalink; Slack shows it to those who may see the file."""
    owner = Person.of(actor)
    if owner is None or not url:
        return ""
    return f"{url.rstrip('/')}/files/{quote(owner.user)}/{quote(file.id)}/{quote(file.name or 'file')}"


# ---------------------------------------------------------------- buttons, and what one agent alone is told


def _button(verb: Verb, at: Conversation, primary: bool = False) -> Json:
    order = Order(verb=verb, conversation=at.id)
    return button(orders.label(order), str(order), f"=room.{verb}", primary)


def menu(verbs: Sequence[Verb], at: Conversation) -> Json:
    """Draw orders behind three dots, as many as Slack takes."""
    listed = [Order(verb=verb, conversation=at.id) for verb in verbs]
    return overflow([option(orders.label(order), str(order)) for order in listed], "=room.more")


def everything(at: Conversation) -> tuple[Json, ...]:
    """Draw all that agents can do with a conversation; what the dots don't hold stands before them."""
    spare = len(MORE) - limits.OVERFLOW
    buttons = [_button(verb, at, primary=verb == "reply") for verb in (*AT_HAND, *MORE[:spare])]
    return actions((*buttons, menu(MORE[spare:], at)), f"{at.id}.{at.version}.all")


def hint(text: str, instead: Sequence[Order] = (), further: Sequence[Json] = ()) -> Message:
    """Draw a sentence for one agent, with what can be done about it."""
    pressed = [
        {
            "type": "button",
            "action_id": action(f"=room.{order.verb}.{place}"),
            "text": label(orders.label(order), limits.BUTTON),
            "value": str(order),
        }
        for place, order in enumerate(instead)
    ]
    return Message(text=_text(text), blocks=(*rich_text(verbatim(text), ASIDE), *actions(pressed), *further))


def _text(text: str) -> str:
    shown = clean(text).strip()
    return escaped(shown if shows(shown) else phrase("line_empty"), limits.MESSAGE)
