"""Draws what agents see in their channel: a thread's first message, and the lines in the thread. Pure.

Slack reads no one's text as markup here either, so a customer's `<!channel>` alerts no one.
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
from flows.text.agent_phrases import AGENT_PHRASES, MOVED, SNOOZED, customer_name, phrase, sign, whose_turn
from flows.text.markup.words import Words, plain
from flows.text.text_parts import split
from flows.views.dossier import CustomerReply, Dossier, Line
from flows.views.quotes import verbatim

PART: Final = 2500
"""Characters of one of the messages that carry a long reply; twice as many UTF-16 units still fit."""

PIECES: Final = 3
"""Blocks of `SPEECH` characters that show one message; a longer message is a log."""


# ---------------------------------------------------------------- a thread's first message


def root(dossier: Dossier, of: str, *, renewed: bool = False) -> Message:
    """Draw a thread's first message, one line to scan; `of` is the effect that opened the thread.

    `renewed`: if the ticket is in another thread, that thread is in the same channel.
    """
    at = dossier.conversation
    moved = at.thread_effect != of
    team = dossier.screen.ticket.name if dossier.screen.ticket else ""
    facts: list[Json | str] = [
        f"{MOVED if moved else sign(at)} ",
        bold(_name(at)),
        f" · {_problem(dossier)} · ",
    ]
    gone = phrased("status_moved", team=line(team, LINE, at.team))
    gone = [phrase("status_renewed")] if renewed else gone
    facts += gone if moved else _state(dossier)
    facts += [f" · {fact}" for fact in (f"#{at.ticket}" if at.ticket else "", line(team, 80, "")) if fact]
    offered = [_button("claim", at, primary=True)] if at.status is Status.WAITING and not moved else []
    offered += [_button("wake", at)] if at.snoozed and at.ticket_open and not moved else []
    headline = "".join(fact if isinstance(fact, str) else _plain_text(fact) for fact in facts)
    return Message(
        text=escaped(headline, limits.MESSAGE),
        blocks=(sentence(*facts), *actions(offered, f"{at.id}.{at.version}")),
    )


def phrased(name: str, **values: Json | str) -> list[Json | str]:
    """Return an agents' sentence in parts, with dates, links and bold words in its blanks."""
    parts: list[Json | str] = []
    for words, blank, _, _ in Formatter().parse(AGENT_PHRASES[name]):
        parts += [part for part in (words, values[blank] if blank else "") if part]
    return parts


def _plain_text(element: Json) -> str:
    return str(element.get("text") or element.get("fallback") or "")


def _state(dossier: Dossier) -> list[Json | str]:
    at = dossier.conversation
    snoozed: list[Json | str] = [f" · {SNOOZED} {phrase(f'snoozed_{at.snoozed}')}"] if at.snoozed else []
    match at.status:
        case Status.WAITING:
            waits = phrased("status_waiting", when=date(dossier.waiting_since))
            unassigned: list[Json | str] = [phrase("status_unassigned")]
            return [f"{whose_turn(at)} · ", *(unassigned if at.customers_turn else waits), *snoozed]
        case Status.WITH_AGENT:
            assigned = phrase("status_with_agent", who=line(at.holder_name, 80, phrase("an_agent")))
            return [f"{whose_turn(at)} · ", assigned, *snoozed]
        case Status.GUIDING:
            return [phrase("status_guiding", title=line(dossier.screen.prompt.title, LINE, at.step))]
        case Status.RESOLVED:
            by = line(dossier.solver, 80, "")
            return [phrase("status_resolved_by", who=by) if by else phrase("status_resolved")]
        case Status.CLOSED:
            return [phrase("status_closed")]


def date(when: int, form: str = "{date_short_pretty} {time}") -> Json:
    """Draw a time, given in ms, in the reader's own zone and language."""
    otherwise = f"{datetime.fromtimestamp(max(0, when) / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    return {"type": "date", "timestamp": max(0, when) // 1000, "format": form, "fallback": otherwise}


def _name(at: Conversation) -> str:
    return line(customer_name(at), 80, phrase("an_agent"))


def _problem(dossier: Dossier) -> str:
    return line(dossier.screen.title, limits.HEADER, dossier.conversation.flow)


# ---------------------------------------------------------------- a thread's lines


def line_of(entry: Line, at: Conversation, url: str) -> Message:
    """Draw a line of the history as a message in the thread."""
    who = line(entry.who, 80, "")
    match entry.kind:
        case "said":
            pressed = [_button(AT_HAND[0], at, primary=True), menu((*AT_HAND[1:], *MORE), at)]
            spoken = (*_spoken(entry, who or _name(at), url), *_changed(entry))
            blocks = (*spoken, *actions(pressed, f"{at.id}.{entry.version}"))
        case "reply" | "note" as kind:
            lead = phrase(f"{kind}_lead", who=who or phrase("an_agent"))
            blocks = (*_spoken(entry, lead, url), *_changed(entry))
        case _:
            happened = " ".join(filter(None, (who, plain(entry.words))))
            said = context(line(happened, limits.TEXT, phrase("line_empty")))
            blocks = (said, *_quoted(entry, url), *_changed(entry), *_noted(entry))
    return Message(text=_text(_in_words(entry, who)), blocks=blocks)


def _in_words(entry: Line, who: str) -> str:
    """Return all that the line shows as one text, for notifications and screen readers."""
    note = plain(entry.note).strip()
    noted = f"{phrase('note_beside')} {note}" if note else ""
    told = " · ".join(filter(None, (entry.in_words, noted)))
    return f"{who}: {told}" if who else told


def _changed(entry: Line) -> tuple[Json, ...]:
    """Draw the note that the text was edited, and the new words if they stand beside the first."""
    if entry.since != "changed":
        return ()
    return (context(phrase("line_changed")), *blocks_of(entry.edited))


def _quoted(entry: Line, url: str) -> tuple[Json, ...]:
    """Draw the words and files that came with what happened."""
    files = file_links(entry.files, entry.actor, url)
    return (*blocks_of(entry.quote), *((sentence(*files),) if files else ()))


def _noted(entry: Line) -> tuple[Json, ...]:
    """Draw the internal note that came with a resolution, apart from the resolution."""
    note = blocks_of(entry.note)
    return (context(phrase("note_beside")), *note) if note else ()


def blocks_of(words: Words) -> tuple[Json, ...]:
    """Draw someone's words; no block if they show nothing."""
    text = clean(plain(words)).strip()
    return tuple(_words(text, words)) if shows(text) else ()


def to_customer(reply: CustomerReply, url: str) -> Message:
    """Draw an agent's reply as the customer reads it."""
    who = line(reply.who, 80, phrase("an_agent"))
    return Message(
        text=_text(f"{who}: {plain(reply.words)}"), blocks=_spoken(reply, f"{who}:", url, beside=True)
    )


def replies(reply: CustomerReply, url: str) -> tuple[Message, ...]:
    """Draw an agent's reply in as many messages as its text needs; the last one has the names of the files."""
    if limits.length(clean(plain(reply.words))) <= SPEECH:
        return (to_customer(reply, url),)
    first, *others = split(reply.words, PART)
    who = line(reply.who, 80, phrase("an_agent"))
    files = file_links(reply.files, reply.actor, url)
    drawn = [to_customer(reply.model_copy(update={"words": first, "files": ()}), url)]
    drawn += [Message(text=_text(f"{who}: {plain(words)}"), blocks=blocks_of(words)) for words in others]
    if files:
        drawn[-1] = drawn[-1].model_copy(update={"blocks": (*drawn[-1].blocks, sentence(*files))})
    return tuple(drawn)


def _spoken(entry: Line | CustomerReply, lead: str, url: str, beside: bool = False) -> tuple[Json, ...]:
    """Draw a text with its writer's name and the names of its files; `beside` puts the name on the text's line."""
    text = clean(plain(entry.words)).strip()
    files = file_links(entry.files, entry.actor, url)
    if not shows(text):
        return (sentence(bold(lead), " ", *(files or [phrase("line_empty")])),)
    words = tuple(_words(text, entry.words))
    first = words[0]["elements"][0]
    if first["type"] == "rich_text_section":
        first["elements"].insert(0, bold(f"{lead} " if beside else f"{lead}\n"))
    else:
        words = (sentence(bold(lead)), *words)
    return (*words, *((sentence(*files),) if files else ()))


def _words(text: str, words: Words) -> Iterator[Json]:
    """Draw the text with its styles; if it is too long, in plain blocks, and cut at the end."""
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
    """Whether Slack takes the blocks in one message."""
    return limits.length(json.dumps(blocks, ensure_ascii=False)) <= WEIGHT


def file_links(files: Sequence[File], actor: str, url: str) -> list[Any]:
    """List the files by name, each with a link if it is in Slack."""
    links: list[Any] = []
    for file in files:
        address, name = _file(file, actor, url), line(file.name, 80, phrase("a_file"))
        links += [" " if links else "📎 ", linked(name, address) if is_web(address) else name]
    return links


def _file(file: File, actor: str, url: str) -> str:
    """Build a file's permalink; Slack shows the file to those who may see it."""
    owner = Person.of(actor)
    if owner is None or not url:
        return ""
    return f"{url.rstrip('/')}/files/{quote(owner.user)}/{quote(file.id)}/{quote(file.name or 'file')}"


# ---------------------------------------------------------------- buttons, and notes to one agent


def _button(verb: Verb, at: Conversation, primary: bool = False) -> Json:
    order = Order(verb=verb, conversation=at.id)
    return button(orders.label(order), str(order), f"=room.{verb}", primary)


def menu(verbs: Sequence[Verb], at: Conversation) -> Json:
    """Draw orders in an overflow menu, as many as Slack takes."""
    listed = [Order(verb=verb, conversation=at.id) for verb in verbs]
    return overflow([option(orders.label(order), str(order)) for order in listed], "=room.more")


def everything(at: Conversation) -> tuple[Json, ...]:
    """Draw all orders on a conversation; those beyond the overflow menu's limit are buttons before it."""
    spare = len(MORE) - limits.OVERFLOW
    buttons = [_button(verb, at, primary=verb == "reply") for verb in (*AT_HAND, *MORE[:spare])]
    return actions((*buttons, menu(MORE[spare:], at)), f"{at.id}.{at.version}.all")


def hint(text: str, instead: Sequence[Order] = (), further: Sequence[Json] = ()) -> Message:
    """Draw a sentence for one agent, with the orders that help."""
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
