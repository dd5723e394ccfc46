"""Draws the list of an agent's own tickets, with the choice of direct messages about them. Pure."""

from collections.abc import Sequence

from adapters.discord.api.limits import TEXT, size
from adapters.discord.render.agent_thread import TITLE, line, moment
from adapters.discord.render.card import EPHEMERAL, V2, Message
from adapters.discord.render.components import button, row, text
from adapters.discord.render.tokens import ChooseDirectMessages
from flows.text.agent_phrases import phrase
from flows.text.phrases import PHRASES
from flows.values import Frozen


class TicketLine(Frozen):
    """An agent's ticket: its number, its customer, its guide, its state in words, since when (ms), and its address."""

    ticket: int
    who: str
    title: str
    state: str
    since: int
    way: str = ""


def my_tickets(tickets: Sequence[TicketLine], total: int, *, direct: bool, lead: str = "") -> Message:
    """Draw as many lines as fit in a message, and how many of the `total` tickets are not shown.

    `direct` says whether the agent gets direct messages; `lead` is a sentence above the list.
    """
    parts = [f"{lead}\n" if lead else "", f"**{phrase('my_tickets')}**"]
    shown = 0
    for ticket in tickets:
        drawn = _line(ticket)
        if size("\n".join((*parts, drawn))) > TEXT - 100:
            break
        parts.append(drawn)
        shown += 1
    parts += [phrase("no_tickets")] if not total else []
    parts += [f"-# {PHRASES.say('and_more', count=total - shown)}"] if total > shown else []
    choice = ChooseDirectMessages(wanted=not direct)
    pressed = button(phrase("direct_off" if direct else "direct_on"), str(choice))
    return Message(components=(text("\n".join(filter(None, parts))), row(pressed)), flags=EPHEMERAL | V2)


def _line(ticket: TicketLine) -> str:
    name = f"#{ticket.ticket} · {line(ticket.who)} · {line(ticket.title, TITLE)}"
    title = f"[{name}]({ticket.way})" if ticket.way else name
    return f"{title}\n-# {ticket.state} · {phrase('since')} {moment(ticket.since, 'f')}"
