"""What agents see in their room: the head of a conversation's thread, and the lines that follow in it. Pure.

Nobody's words are read as markup here either, so a customer's `<!channel>` alerts nobody.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from adapters.slack import limits
from adapters.slack.blocks import Json, action, actions, button, context, is_web, label, option, overflow
from adapters.slack.limits import ASIDE, LINE, SPEECH, WEIGHT, clean, escaped, line, shows
from adapters.slack.places import Person
from adapters.slack.render import Message
from adapters.slack.richtext import bold, linked, preformatted, rich_text, sentence
from adapters.slack.sayings import said
from flows.conversation import Conversation, Status
from flows.dossier import Dossier, Line
from flows.events import File
from flows.orders import Order, Verb
from flows.screen import verbatim
from flows.words import Words, plain

SIGNS: Final = {
    Status.GUIDING: "🤖",
    Status.WAITING: "🔴",
    Status.WITH_AGENT: "🟢",
    Status.RESOLVED: "✅",
    Status.CLOSED: "⚪",
}
"""What the eye finds first in a room full of heads."""

PIECES: Final = 3
"""Parts of `SPEECH` characters that are shown of one message; who wrote more sent a log, not words."""

AT_HAND: Final[tuple[Verb, ...]] = ("claim", "back", "resolve", "transfer", "snooze")
"""Beside Reply at every line of the customer's, so that they are within reach at the end of a long thread."""

FURTHER: Final[tuple[Verb, ...]] = ("transfer", "show", "snooze", "guide", "forward")
"""Behind the dots of the packet."""


# ---------------------------------------------------------------- the head of a thread


def root(told: Dossier, of: str) -> Message:
    """One line to scan by; `of` is the effect that opened the thread."""
    at = told.conversation
    moved = at.packet != of
    who, team = _name(at), told.screen.ticket.name if told.screen.ticket else ""
    facts: list[Json | str] = [f"{'➡️' if moved else SIGNS[at.status]} ", bold(who), f" · {_problem(told)} · "]
    facts += [said("root_moved", team=line(team, LINE, at.team))] if moved else _state(told)
    facts += [f" · {fact}" for fact in (f"#{at.ticket}" if at.ticket else "", line(team, 80, "")) if fact]
    offered = [_button("claim", at, primary=True)] if at.status is Status.WAITING and not moved else []
    offered += [_button("wake", at)] if at.snoozed and at.ticket_open and not moved else []
    heard = "".join(fact if isinstance(fact, str) else _heard(fact) for fact in facts)
    return Message(
        text=escaped(heard, limits.MESSAGE),
        blocks=(sentence(*facts), *actions(offered, f"{at.id}.{at.version}")),
    )


def _heard(element: Json) -> str:
    return str(element.get("text") or element.get("fallback") or "")


def _state(told: Dossier) -> list[Json | str]:
    at = told.conversation
    put_aside: list[Json | str] = [" · 💤 " + said(f"root_snoozed_{at.snoozed}")] if at.snoozed else []
    match at.status:
        case Status.WAITING:
            return [said("root_waiting") + " ", date(since(told)), *put_aside]
        case Status.WITH_AGENT:
            return [said("root_held", who=line(at.held_by, 80, said("somebody"))), *put_aside]
        case Status.GUIDING:
            return [said("root_guiding") + ": " + line(told.screen.prompt.title, LINE, at.step)]
        case Status.RESOLVED:
            by = line(_solver(told), 80, "")
            return [said("root_resolved_by", who=by) if by else said("root_resolved")]
        case Status.CLOSED:
            return [said("root_closed")]


def _solver(told: Dossier) -> str:
    at = told.conversation
    if at.solved_by == at.contact:
        return _name(at)
    return next((row.who for row in reversed(told.lines) if row.actor == at.solved_by and row.who), "")


def since(told: Dossier) -> int:
    """Since when nobody has dealt with it, in ms: since the ticket was opened, or an agent did something last."""
    at = told.conversation
    ours = [row.at for row in told.lines if _by_an_agent(row, at)]
    return max((at.opened, *ours))


def _by_an_agent(row: Line, at: Conversation) -> bool:
    if row.kind in ("reply", "note"):
        return True
    return row.kind == "act" and ":" in row.actor and not at.may_answer(row.actor)


def date(when: int, form: str = "{date_short_pretty} {time}") -> Json:
    """A moment in ms, in the reader's own zone and language."""
    otherwise = f"{datetime.fromtimestamp(max(0, when) / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    return {"type": "date", "timestamp": max(0, when) // 1000, "format": form, "fallback": otherwise}


def _name(at: Conversation) -> str:
    return line(at.name, 80, said("somebody"))


def _problem(told: Dossier) -> str:
    return line(told.screen.title, limits.HEADER, told.conversation.flow)


# ---------------------------------------------------------------- the lines in it


def line_of(told: Line, at: Conversation, url: str) -> Message:
    """What happened, as a message in the thread."""
    who = line(told.who, 80, "")
    match told.kind:
        case "said":
            pressed = [_button("reply", at, primary=True), menu(AT_HAND, at)]
            spoken = (*_spoken(told, who or _name(at), url), *_changed(told))
            blocks = (*spoken, *actions(pressed, f"{at.id}.{told.version}"))
        case "reply" | "note" as kind:
            lead = said(f"{kind}_lead", who=who or said("somebody"))
            blocks = (*_spoken(told, lead, url), *_changed(told))
        case _:
            happened = " ".join(filter(None, (who, plain(told.words))))
            blocks = (context(line(happened, limits.TEXT, said("line_empty"))),)
    text = f"{who}: {plain(told.words)}" if who else plain(told.words)
    return Message(text=_text(text), blocks=blocks)


def _changed(told: Line) -> tuple[Json, ...]:
    """That the words are not those of before."""
    return (context(said("line_changed")),) if told.since == "changed" else ()


def to_customer(told: Line, url: str) -> Message:
    """An agent's words, as the customer reads them."""
    who = line(told.who, 80, said("somebody"))
    return Message(
        text=_text(f"{who}: {plain(told.words)}"), blocks=_spoken(told, f"{who}:", url, beside=True)
    )


def _spoken(told: Line, lead: str, url: str, beside: bool = False) -> tuple[Json, ...]:
    """Somebody's words, and the names of their files; `beside` puts the name on the same line."""
    text = clean(plain(told.words)).strip()
    files = file_links(told.files, told.actor, url)
    if not shows(text):
        return (sentence(bold(lead), " ", *(files or [said("line_empty")])),)
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
        yield context(said("cut"))


def fits(blocks: Sequence[Json]) -> bool:
    """Whether Slack takes so much in one message."""
    return limits.length(json.dumps(blocks, ensure_ascii=False)) <= WEIGHT


def file_links(files: Sequence[File], actor: str, url: str) -> list[Any]:
    """The files by name, each with the way to it where it lies in Slack."""
    found: list[Any] = []
    for file in files:
        address, name = _file(file, actor, url), line(file.name, 80, said("a_file"))
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
    return button(said(verb), str(Order(verb=verb, conversation=at.id)), f"=room.{verb}", primary)


def menu(verbs: Sequence[Verb], at: Conversation) -> Json:
    """Several orders behind three dots."""
    listed = [option(said(verb), str(Order(verb=verb, conversation=at.id))) for verb in verbs]
    return overflow(listed, "=room.more")


def everything(at: Conversation) -> tuple[Json, ...]:
    """All that agents can do with a conversation."""
    verbs: tuple[Verb, ...] = ("claim", "reply", "back", "allow", "resolve", "release")
    buttons = [_button(verb, at) for verb in verbs]
    return actions((*buttons, menu(FURTHER, at)), f"{at.id}.{at.version}.all")


def hint(text: str, orders: Sequence[Order] = (), further: Sequence[Json] = ()) -> Message:
    """A sentence for one agent, with what can be done about it."""
    pressed = [
        {
            "type": "button",
            "action_id": action(f"=room.{order.verb}.{place}"),
            "text": label(said("sends" if order.verb == "send" else order.verb), limits.BUTTON),
            "value": str(order),
        }
        for place, order in enumerate(orders)
    ]
    return Message(text=_text(text), blocks=(*rich_text(verbatim(text), ASIDE), *actions(pressed), *further))


def _text(text: str) -> str:
    shown = clean(text).strip()
    return escaped(shown if shows(shown) else said("line_empty"), limits.MESSAGE)
