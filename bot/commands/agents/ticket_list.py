"""Lists tickets by status, team and reason, for `tickets`."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import typer

from bot.commands.times import moment

if TYPE_CHECKING:
    from bot.ports import OpenTicket, TicketPageRow
    from bot.wiring.product import App
    from flows.conversation import Conversation

ALL: Final = 10_000_000
"""More conversations than a store holds: the limit for a list of all."""

AT_ONCE: Final = 32
"""Records loaded at the same time."""


class Which(StrEnum):
    """The values of --status."""

    OPEN = "open"
    WAITING = "waiting"
    WITH_AGENT = "with_agent"
    NEEDS_REPLY = "needs_reply"
    ON_CUSTOMER = "waiting_on_customer"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    CLOSED = "closed"
    ALL = "all"
    GUIDING = "guiding"


STATUSES: Final = ", ".join(Which)
"""The values of --status, for its help."""


@dataclass(frozen=True)
class TicketFilter:
    """What to list: a status, a team and a reason ('' for any), and how many at most (0 for all)."""

    status: Which = Which.OPEN
    team: str = ""
    reason: str = ""
    limit: int = 0


@dataclass(frozen=True)
class TicketRow:
    """A line of the list.

    `waits` is since when the customer waits for an agent (ms; 0 if the customer does not wait).
    """

    number: int
    open: bool
    status: str
    team: str
    flow: str
    step: str
    reasons: tuple[str, ...]
    contact: str
    customer: str
    opened: int
    waits: int
    conversation: str
    needs_reply: bool


async def listing(app: "App", wanted: TicketFilter, as_json: bool) -> None:
    """Print the tickets: open ones first, those that need a reply at the top; then ended ones, newest at the top."""
    rows = await _rows(app, await _lines(app, wanted))
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
    elif rows:
        _table(rows)
    elif wanted == TicketFilter():
        typer.echo(
            "No open tickets. A ticket opens when a customer asks for a person, or when a guide ends without a fix."
        )
    else:
        typer.echo("No tickets match.")


async def _lines(app: "App", wanted: TicketFilter) -> "Sequence[OpenTicket | TicketPageRow]":
    """Return the wanted lines of the board, in its order."""
    board, limit = app.store.board, wanted.limit or ALL
    if wanted.status is Which.GUIDING:
        return (await board.guiding(0, limit)).lines
    found: list[OpenTicket | TicketPageRow] = []
    if wanted.status not in (Which.RESOLVED, Which.CLOSED):
        found += [each for each in (await board.look()).open if _is_wanted(each, wanted)]
    if wanted.status in (Which.RESOLVED, Which.CLOSED, Which.ALL) and len(found) < limit:
        status = "" if wanted.status is Which.ALL else wanted.status.value
        ended = await board.ended(0, limit, team=wanted.team, reason=wanted.reason, status=status)
        found += ended.lines
    return found[:limit]


def _is_wanted(each: "OpenTicket", wanted: TicketFilter) -> bool:
    if (wanted.team and each.team != wanted.team) or (wanted.reason and wanted.reason not in each.reasons):
        return False
    if wanted.status is Which.SNOOZED:
        return bool(each.snoozed)
    if wanted.status in (Which.NEEDS_REPLY, Which.ON_CUSTOMER):
        return each.customers_turn is (wanted.status is Which.ON_CUSTOMER)
    return wanted.status in (Which.OPEN, Which.ALL) or wanted.status.value == each.status.value


async def _rows(app: "App", lines: "Sequence[OpenTicket | TicketPageRow]") -> list[TicketRow]:
    """Return the rows of conversations that have not expired."""
    found: list[TicketRow] = []
    for begin in range(0, len(lines), AT_ONCE):
        some = [app.store.conversations.load(line.conversation) for line in lines[begin : begin + AT_ONCE]]
        found += [_row(app, at) for at in await asyncio.gather(*some) if at is not None]
    return found


def _row(app: "App", at: "Conversation") -> TicketRow:
    """Return a row from the record alone, so that a flow that this version cannot read hides no ticket."""
    from bot.wiring.app import flow_words
    from flows.prompts import owner
    from flows.text.agent_phrases import customer_name

    flow = app.catalogue.by_id.get(at.flow)
    return TicketRow(
        number=at.ticket,
        open=at.ticket_open,
        status=at.status.value,
        team=owner(flow, at.team, flow_words(app.settings))[0] if flow else at.team,
        flow=at.flow,
        step=at.step,
        reasons=at.reasons,
        contact=at.name or at.contact,
        customer=customer_name(at),
        opened=at.ticket_at,
        waits=at.waiting_since if at.status.value == "waiting" else 0,
        conversation=at.id,
        needs_reply=at.ticket_open and not at.customers_turn,
    )


def _table(rows: list[TicketRow]) -> None:
    from rich.console import Console
    from rich.table import Table

    from adapters.terminal.render import plainly
    from flows.text.agent_phrases import AGENT_PHRASES
    from flows.text.phrases import reason_label

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("ticket", "status", "turn", "opened", "team", "stopped at", "reason", "customer"):
        table.add_column(name, overflow="fold")
    for row in rows:
        reasons = "; ".join(reason_label(reason) for reason in row.reasons)
        cells = (
            f"#{row.number}" if row.number else "",
            row.status.replace("_", " "),
            AGENT_PHRASES["needs_reply" if row.needs_reply else "waiting_on_customer"] if row.open else "",
            moment(row.opened) if row.opened else "",
            row.team,
            f"{row.flow}/{row.step}",
            reasons,
        )
        style = "bold" if row.open else "dim"
        table.add_row(*(plainly(cell) for cell in (*cells, row.customer)), style=style)
    Console().print(table)
