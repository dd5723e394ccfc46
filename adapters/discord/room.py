"""What agents see in their room: the head of a conversation's thread, and the lines that follow in it. Pure.

Nobody's words are read as markup here either, so a customer's `@everyone` alerts nobody.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from adapters.discord.limits import LABEL, TEXT, cut, size
from adapters.discord.markdown import clean, escape, fitted
from adapters.discord.parts import Part, Style, button, container, named, option, row, select, text
from adapters.discord.places import Place, link
from adapters.discord.render import AMBER, BLUE, EPHEMERAL, GREEN, GREY, RED, V2, Message
from adapters.discord.roomwords import told as say
from flows.conversation import Conversation, Status
from flows.dossier import Dossier, Line
from flows.orders import Order, Verb
from flows.words import plain

SIGNS: Final = {
    Status.GUIDING: ("🤖", BLUE),
    Status.WAITING: ("🔴", RED),
    Status.WITH_AGENT: ("🟢", AMBER),
    Status.RESOLVED: ("✅", GREEN),
    Status.CLOSED: ("⚪", GREY),
}
"""What the eye finds first in a room full of heads: a sign and the colour of the edge."""

NAME: Final = 80
TITLE: Final = 150
"""Characters of a person's or team's name, and of a problem."""

AT_HAND: Final[tuple[Verb, ...]] = ("reply", "claim", "back", "resolve", "release")
"""In one row below the packet and every line of the customer's: within reach at the end of a long thread too."""

FURTHER: Final[tuple[Verb, ...]] = ("allow", "show", "snooze", "transfer", "guide", "forward")
"""Behind *More*, in the packet."""


# ---------------------------------------------------------------- the head of a thread


def root(known: Dossier, of: str, ping: str = "") -> Message:
    """One line to scan by; `of` is the effect that opened the thread, `ping` the role it alerts when it is posted."""
    at = known.conversation
    moved = at.packet != of
    sign, edge = ("➡️", GREY) if moved else SIGNS[at.status]
    team = known.screen.ticket.name if known.screen.ticket else at.team
    facts = [f"{sign} **{line(at.name)}**", line(known.screen.title or at.flow, TITLE)]
    facts.append(say("moved", team=line(team)) if moved else _state(known))
    facts += [f"#{at.ticket}"] if at.ticket else []
    facts += [line(team)] if team and not moved else []
    parts = [*([text(mention(ping))] if mention(ping) else []), text(" · ".join(facts))]
    offered = [pressed("claim", at, "primary")] if at.status is Status.WAITING and not moved else []
    offered += [pressed("wake", at)] if at.snoozed and at.ticket_open and not moved else []
    if offered:
        parts.append(row(*offered))
    return Message(components=(container(parts, edge),))


def mention(ping: str) -> str:
    """The one thing that alerts somebody: a role by its id, as the operator wrote it."""
    return f"<@&{ping}>" if ping.isdigit() else ""


def heading(known: Dossier) -> str:
    """What the thread is called."""
    at = known.conversation
    number = f"#{at.ticket} " if at.ticket else ""
    return cut(clean(f"{number}{at.name or say('somebody')}: {known.screen.title or at.flow}"), 100)


def _state(known: Dossier) -> str:
    at = known.conversation
    aside = f" · {say(f'aside_{at.snoozed}')}" if at.snoozed else ""
    match at.status:
        case Status.WAITING:
            return say("waiting", when=moment(since(known), "R")) + aside
        case Status.WITH_AGENT:
            return say("held", who=line(at.held_by)) + aside
        case Status.GUIDING:
            return say("guiding", step=line(known.screen.prompt.title or at.step, TITLE))
        case Status.RESOLVED:
            by = _solver(known)
            return say("resolved_by", who=line(by)) if by else say("resolved")
        case Status.CLOSED:
            return say("closed")


def _solver(known: Dossier) -> str:
    at = known.conversation
    if at.solved_by == at.contact:
        return at.name or say("somebody")
    return next((one.who for one in reversed(known.lines) if one.actor == at.solved_by and one.who), "")


def since(known: Dossier) -> int:
    """Since when nobody has dealt with it, in ms: since the ticket was opened, or an agent did something last."""
    at = known.conversation
    return max((at.opened, *(one.at for one in known.lines if _by_an_agent(one, at))))


def _by_an_agent(one: Line, at: Conversation) -> bool:
    if one.kind in ("reply", "note"):
        return True
    return one.kind == "act" and ":" in one.actor and not at.may_answer(one.actor)


def moment(when: int, form: str = "t") -> str:
    """A moment in ms, in the reader's own zone and language; `R` is a span of time until now."""
    return f"<t:{max(0, when) // 1000}:{form}>"


def line(words: str, longest: int = NAME) -> str:
    """Somebody's words in one line, as they are."""
    return escape(named(words, longest)) if clean(words).strip() else say("somebody")


def place(at: Conversation) -> str:
    """Where the customer is, and the way there."""
    address = at.address("customer")
    if address is None:
        return ""
    known = {"discord": say("place_discord"), "slack": say("place_slack"), "web": say("place_web")}
    where = known.get(address.channel) or say("place_other", channel=line(address.channel))
    there = Place.of(address)
    way = link(there.guild, there.room) if address.channel == "discord" else ""
    return f"[{where}]({way})" if way else where


# ---------------------------------------------------------------- the lines in it


def line_of(one: Line, at: Conversation, ping: str = "") -> Message:
    """What happened, as a message in the thread."""
    who = one.who or (at.name if one.kind == "said" else "")
    lead = {
        "reply": say("reply_lead", who=line(who)),
        "note": say("note_lead", who=line(who)),
        "said": line(who),
    }.get(one.kind)
    alert = [text(mention(ping))] if mention(ping) else []
    if lead is None:
        happened = f"{line(who)} {fitted(one.words, 1000)}" if who else fitted(one.words, 1000)
        return Message(components=(*alert, text(f"-# {' '.join(happened.split()) or say('empty')}")))
    shown = text("\n".join((f"**{lead}**", *_spoken(one, TEXT - size(lead) - 200))))
    rows = [actions(at)] if one.kind == "said" else []
    return Message(components=(*alert, shown, *rows))


def _spoken(one: Line, longest: int) -> Iterator[str]:
    files = "\n".join(f"-# 📎 {escape(named(file.name or file.id, LABEL))}" for file in one.files)
    files = cut(files, 1000)
    words = fitted(one.words, longest - size(files))
    yield words if words.strip() or files else say("empty")
    if one.since == "changed":
        yield f"-# {say('line_changed')}"
    if files:
        yield files


def verbatim(words: Sequence[Line], longest: int) -> str:
    """The customer's own words, cut to that length."""
    return cut("\n".join(filter(None, (clean(plain(one.words)).strip() for one in words))), longest)


# ---------------------------------------------------------------- buttons, and what one agent alone is told


def pressed(verb: Verb, at: Conversation, style: Style = "secondary") -> Part:
    """The button of an order."""
    return button(say(verb), str(Order(verb=verb, conversation=at.id)), style)


def actions(at: Conversation) -> Part:
    """What is always at hand."""
    return row(*(pressed(verb, at, "primary" if verb == "reply" else "secondary") for verb in AT_HAND))


def everything(at: Conversation) -> list[Part]:
    """All that agents can do with a conversation."""
    options = [option(say(verb), str(Order(verb=verb, conversation=at.id))) for verb in FURTHER]
    return [actions(at), select(f"room-more:{at.id}", say("more"), options)]


def hint(words: str, orders: Sequence[Order] = (), further: Sequence[Part] = ()) -> Message:
    """A sentence for one agent, with what can be done about it."""
    rows: list[dict[str, Any]] = (
        [row(*(button(say(order.verb), str(order)) for order in orders))] if orders else []
    )
    return Message(
        components=(text(cut(escape(words), TEXT).strip() or say("empty")), *rows, *further),
        flags=EPHEMERAL | V2,
    )
