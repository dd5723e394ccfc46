"""Draws what agents see in their channel: a thread's first message, and the lines in the thread. Pure.

Discord reads no one's text as markup here either, so a customer's `@everyone` alerts no one.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from adapters.discord.api.addresses import Place, link
from adapters.discord.api.limits import LABEL, LARGEST, TEXT, cut, size
from adapters.discord.render.card import AMBER, BLUE, EPHEMERAL, GREEN, GREY, RED, V2, Message
from adapters.discord.render.components import (
    Part,
    Style,
    button,
    container,
    named,
    option,
    row,
    select,
    text,
)
from adapters.discord.render.markdown import clean, escape, fitted, markdown, whole
from adapters.discord.render.texts import said
from flows.conversation import Conversation, Status
from flows.events import File
from flows.orders import AT_HAND, MORE, Order, Verb, label
from flows.text.agent_phrases import MOVED, SNOOZED, channel_name, customer_name, phrase, sign, whose_turn
from flows.text.markup.words import Words, plain
from flows.text.text_parts import split
from flows.views.dossier import CustomerReply, Dossier, Line

EDGES: Final[Mapping[Status, int]] = MappingProxyType(
    {
        Status.GUIDING: BLUE,
        Status.WAITING: RED,
        Status.WITH_AGENT: AMBER,
        Status.RESOLVED: GREEN,
        Status.CLOSED: GREY,
    }
)
"""The colors of a ticket's edge, beside its sign."""

NAME: Final = 80
PART: Final = 1700
"""Characters of one of the messages that carry a long reply; escaped they are twice as many and still fit."""

MOST_PARTS: Final = 8
"""Messages that show a long line; further words are on the web desk."""

TITLE: Final = 150
"""Characters of a person's or team's name, and of a problem."""


# ---------------------------------------------------------------- a thread's first message


def root(dossier: Dossier, of: str, pings: Sequence[str] = (), *, renewed: bool = False) -> Message:
    """Draw a thread's first message, one line to scan; `of` is the effect that opened it, `pings` whom to alert.

    `renewed`: if the ticket is in another thread, that thread is in the same channel.
    """
    at = dossier.conversation
    moved = at.thread_effect != of
    mark, edge = (MOVED, GREY) if moved else (sign(at), EDGES[at.status])
    team = dossier.screen.ticket.name if dossier.screen.ticket else at.team
    facts = [f"{mark} **{line(customer_name(at))}**", line(dossier.screen.title or at.flow, TITLE)]
    gone = phrase("status_renewed") if renewed else phrase("status_moved", team=line(team))
    facts.append(gone if moved else _state(dossier))
    facts += [f"#{at.ticket}"] if at.ticket else []
    facts += [line(team)] if team and not moved else []
    parts = [*_alert(pings), text(" · ".join(facts))]
    offered = [pressed("claim", at, "primary")] if at.status is Status.WAITING and not moved else []
    offered += [pressed("wake", at)] if at.snoozed and at.ticket_open and not moved else []
    if offered:
        parts.append(row(*offered))
    return Message(components=(container(parts, edge),))


def mention(ping: str) -> str:
    """Mention the role that the operator set for new tickets, or an `@user`; no one's words alert anyone."""
    if ping.startswith("@") and ping[1:].isdigit():
        return f"<{ping}>"
    return f"<@&{ping}>" if ping.isdigit() else ""


def _alert(pings: Sequence[str]) -> list[Part]:
    mentions = " ".join(filter(None, map(mention, pings)))
    return [text(mentions)] if mentions else []


def heading(dossier: Dossier) -> str:
    """Name the thread."""
    at = dossier.conversation
    number = f"#{at.ticket} " if at.ticket else ""
    return cut(clean(f"{number}{customer_name(at)}: {dossier.screen.title or at.flow}"), 100)


def _state(dossier: Dossier) -> str:
    at = dossier.conversation
    snoozed = f" · {SNOOZED} {phrase(f'snoozed_{at.snoozed}')}" if at.snoozed else ""
    match at.status:
        case Status.WAITING:
            waits = phrase("status_waiting", when=moment(dossier.waiting_since, "f"))
            state = phrase("status_unassigned") if at.customers_turn else waits
            return f"{whose_turn(at)} · {state}{snoozed}"
        case Status.WITH_AGENT:
            state = phrase("status_with_agent", who=line(at.holder_name or phrase("an_agent")))
            return f"{whose_turn(at)} · {state}{snoozed}"
        case Status.GUIDING:
            return phrase("status_guiding", title=line(dossier.screen.prompt.title or at.step, TITLE))
        case Status.RESOLVED:
            by = dossier.solver
            return phrase("status_resolved_by", who=line(by)) if by else phrase("status_resolved")
        case Status.CLOSED:
            return phrase("status_closed")


def moment(when: int, form: str = "t") -> str:
    """Draw a time, given in ms, in the reader's own zone and language; `t` is the time, `f` the day, too."""
    return f"<t:{max(0, when) // 1000}:{form}>"


def line(words: str, longest: int = NAME) -> str:
    """Escape a text and put it on one line."""
    return escape(named(words, longest)) if clean(words).strip() else phrase("someone")


def place(at: Conversation) -> str:
    """Draw the customer's channel, with a link to it."""
    address = at.address("customer")
    if address is None:
        return ""
    where = line(channel_name(address.channel))
    there = Place.of(address)
    way = link(there.guild, there.room) if address.channel == "discord" else ""
    return f"[{where}]({way})" if way else where


# ---------------------------------------------------------------- a thread's lines


def line_of(entry: Line, at: Conversation, pings: Sequence[str] = ()) -> Message:
    """Draw a line of the history as a message in the thread; `pings` are whom it alerts."""
    who = entry.who or (customer_name(at) if entry.kind == "said" else "")
    lead = {
        "reply": phrase("reply_lead", who=line(who or phrase("an_agent"))),
        "note": phrase("note_lead", who=line(who or phrase("an_agent"))),
        "said": line(who),
    }.get(entry.kind)
    alert = _alert(pings)
    if lead is None:
        happened = f"{line(who)} {fitted(entry.words, 1000)}" if who else fitted(entry.words, 1000)
        happened = " ".join(happened.split()) or phrase("line_empty")
        beside = _beside(entry, TEXT - size(happened) - 200)
        return Message(components=(*alert, text("\n".join((f"-# {happened}", *beside)))))
    shown = text("\n".join((f"**{lead}**", *_spoken(entry, TEXT - size(lead) - 200))))
    rows = [actions(at)] if entry.kind == "said" else []
    return Message(components=(*alert, shown, *rows))


def lines_of(
    entry: Line, at: Conversation, pings: Sequence[str] = (), most: int = MOST_PARTS
) -> tuple[Message, ...]:
    """Draw a line of the history with all its words: long ones go on in further messages, up to `most` together."""
    name = "words" if entry.kind in ("reply", "note", "said") else "quote"
    words: Words = getattr(entry, name)
    if most == 1 or entry.since == "gone" or size(markdown(words)) <= TEXT - 1500:
        return (line_of(entry, at, pings),)
    first, *others = split(words, PART)
    drawn = [whole(part, TEXT - 400) for part in others[: most - 1]]
    if len(others) >= most:
        drawn[-1] += f"\n-# {phrase('line_cut')}"
    head = line_of(entry.model_copy(update={name: first}), at, pings)
    return (head, *(Message(components=(text(part),)) for part in drawn))


def _spoken(entry: Line, longest: int) -> Iterator[str]:
    files = "\n".join(left_out(file) for file in entry.files)
    files = cut(files, 1000)
    edited = _edited(entry, (longest - size(files)) // 2)
    room = longest - size(files) - size(edited)
    words = fitted(entry.words, room)
    yield words if words.strip() or files else phrase("line_empty")
    cut_off = f"-# {phrase('line_cut')}" if size(markdown(entry.words)) > room else ""
    yield from filter(None, (cut_off, edited, files))


def left_out(file: File) -> str:
    """Name a file that could not be attached, and why."""
    name = escape(named(file.name or file.id, LABEL))
    if file.size > LARGEST:
        return f"-# 📎 {said('file_too_large', file=name, limit=LARGEST // 1024 // 1024)}"
    return f"-# 📎 {said('file_left_out', file=name)}"


def _beside(entry: Line, longest: int) -> Iterator[str]:
    """Draw the words and files that came with what happened, a later edit of the words, and an internal note."""
    spoken = entry.model_copy(update={"words": entry.quote})
    if entry.quote or entry.files or entry.since == "changed":
        yield from (part for part in _spoken(spoken, longest) if part != phrase("line_empty"))
    if entry.note:
        yield f"-# {phrase('note_beside')}"
        yield fitted(entry.note, longest)


def _edited(entry: Line, longest: int) -> str:
    """Draw the note that the text was edited, and the new words if they stand beside the first."""
    if entry.since != "changed":
        return ""
    return "\n".join(filter(None, (f"-# {phrase('line_changed')}", fitted(entry.edited, longest))))


def verbatim(words: Sequence[Line], longest: int) -> str:
    """Join the texts of the lines, cut to that length."""
    return cut("\n".join(filter(None, (clean(plain(one.words)).strip() for one in words))), longest)


# ---------------------------------------------------------------- buttons, and notes to one agent


def pressed(verb: Verb, at: Conversation, style: Style = "secondary") -> Part:
    """Draw the button of an order."""
    order = Order(verb=verb, conversation=at.id)
    return button(label(order), str(order), style)


def actions(at: Conversation) -> Part:
    """Draw the orders that every line has at hand."""
    return row(*(pressed(verb, at, "primary" if verb == "reply" else "secondary") for verb in AT_HAND))


def everything(at: Conversation) -> list[Part]:
    """Draw all orders on a conversation."""
    listed = [Order(verb=verb, conversation=at.id) for verb in MORE]
    options = [option(label(order), str(order)) for order in listed]
    return [actions(at), select(f"room-more:{at.id}", phrase("more"), options)]


def hint(words: str, orders: Sequence[Order] = (), further: Sequence[Part] = ()) -> Message:
    """Draw a sentence for one agent, with the orders that help."""
    rows: list[dict[str, Any]] = (
        [row(*(button(label(order), str(order)) for order in orders))] if orders else []
    )
    return Message(
        components=(text(cut(escape(words), TEXT).strip() or phrase("line_empty")), *rows, *further),
        flags=EPHEMERAL | V2,
    )


def replies(reply: CustomerReply) -> tuple[Message, ...]:
    """Draw an agent's reply as the customer reads it: the agent's name, the text, and the files that failed.

    A text that is too long for one message goes on in further ones: nothing of a reply is cut.
    """
    head = f"**{escape(named(reply.who, LABEL))}**"
    tail = "\n".join(left_out(file) for file in reply.files)
    drawn = [markdown(reply.words)]
    if size("\n".join((head, drawn[0], tail))) > TEXT:
        drawn = [whole(words, TEXT - 400) for words in split(reply.words, PART)]
    drawn[0] = "\n".join(filter(None, (head, drawn[0])))
    if size(f"{drawn[-1]}\n{tail}") > TEXT:
        drawn.append("")
    drawn[-1] = "\n".join(filter(None, (drawn[-1], tail)))
    return tuple(Message(components=(text(cut(each, TEXT)),)) for each in drawn)
