"""`tickets`: lists tickets, shows one with all its details, and exports them."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.agents.ticket_export import export
from bot.commands.agents.ticket_files import fetch
from bot.commands.agents.ticket_list import STATUSES, TicketFilter, Which, listing
from bot.commands.failures import WRONG, stop
from bot.commands.program_name import typed
from bot.commands.startup import opened
from bot.commands.times import moment

if TYPE_CHECKING:
    from bot.wiring.product import App
    from flows.conversation import Conversation
    from flows.views.screen import Screen
    from flows.views.walk import Frame


def tickets(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="NUMBER", help="The ticket to show: 17 or show 17.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for scripts: a list, or one ticket.")
    ] = False,
    files: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Download the files that the customer sent into this folder."),
    ] = None,
    as_lines: Annotated[
        bool, typer.Option("--export", help="Print every ticket as one line of JSON, oldest first.")
    ] = False,
    status: Annotated[
        Which, typer.Option(metavar="STATUS", help=f"Which tickets to list: {STATUSES}.")
    ] = Which.OPEN,
    team: Annotated[str, typer.Option(metavar="TEAM", help="Only tickets of the team with this id.")] = "",
    reason: Annotated[str, typer.Option(metavar="REASON", help="Only tickets opened for this reason.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="List at most this many; 0 for all.")] = 0,
) -> None:
    """List open tickets, or show one with every step that was tried.

    Open tickets are sorted by longest wait, ended ones by newest. A ticket shows the steps tried, what was observed,
    the reasons, and the customer's own words. Files stay on the customer's platform until you download them.

    Exit codes: 0 on success, 1 if there is no such ticket or the store cannot be reached, 2 for invalid usage.
    """
    number = _number(words or [])
    settings = opened(quiet=True)

    async def listed_or_shown() -> None:
        from bot.wiring.app import open_app

        async with open_app(settings) as app:
            if as_lines:
                await export(app)
            elif number is None:
                await listing(app, TicketFilter(status, team, reason, limit), as_json)
            else:
                await _show(app, number, as_json)
                if files is not None:
                    await fetch(app, number, files)

    asyncio.run(listed_or_shown())


def _number(words: list[str]) -> int | None:
    rest = words[1:] if words[:1] in (["show"], ["list"]) else words
    if not rest and words[:1] != ["show"]:
        return None
    if len(rest) == 1 and rest[0].lstrip("#").isdecimal():
        return int(rest[0].lstrip("#"))
    raise stop(f"Give the ticket's number: {typed('tickets', '17')}", WRONG)


# ---------------------------------------------------------------- one ticket


async def _show(app: "App", number: int, as_json: bool) -> None:
    from flows.views.quotes import customers_words

    entry = await app.store.index.ticket(number)
    screen = await app.look(entry.conversation) if entry else None
    if screen is None or screen.ticket is None:
        raise stop(f"There is no ticket #{number}.", 1)
    frames = await _frames(app, screen)
    said = list(customers_words(frames, await app.store.conversations.words(screen.conversation.id)))
    if as_json:
        typer.echo(json.dumps(_whole(screen, said), ensure_ascii=False, indent=2))
    else:
        _print(screen, said)


async def _frames(app: "App", screen: "Screen") -> tuple["Frame", ...]:
    from flows.views.walk import Walk

    rows = await app.store.conversations.journal(screen.conversation.id)
    flows = {flow.revision: flow for flow in app.catalogue.by_id.values()}
    for revision in {str(row.set["revision"]) for row in rows if row.set.get("revision")} - set(flows):
        found = await app.store.revisions.fetch(revision)
        if found is not None:
            flows[revision] = found
    return tuple(Walk(screen.conversation.id).frames(rows, flows))


def _whole(screen: "Screen", said: list[str]) -> dict[str, Any]:
    from flows.text.markup.words import plain

    at, ticket = screen.conversation, screen.ticket
    assert ticket is not None, "only tickets are shown"
    return {
        **ticket.model_dump(),
        "conversation": at.id,
        "status": at.status.value,
        "needs_reply": at.ticket_open and not at.customers_turn,
        "title": screen.title,
        "flow": at.flow,
        "step": at.step,
        "contact": at.contact,
        "contact_name": at.name,
        "reach": screen.reach,
        "address": at.customer,
        "solved_by": at.solved_by,
        "trail": [row.model_dump() for row in screen.tried],
        "observations": dict(at.observations),
        "words": said,
        "agents": [plain(row.words) for row in screen.messages if row.who == "agent"],
    }


def _solver(at: "Conversation") -> str:
    from flows.text.agent_phrases import customer_name

    who = customer_name(at) if at.solved_by == at.contact else at.solved_by
    return f", solved by {who}" if at.solved_by else ""


def _print(screen: "Screen", said: list[str]) -> None:
    from rich.console import Console, Group
    from rich.table import Table

    from adapters.terminal.render import plainly
    from flows.text.agent_phrases import customer_name, whose_turn
    from flows.text.markup.words import plain
    from flows.text.phrases import reason_label
    from flows.views.quotes import beside

    at, ticket = screen.conversation, screen.ticket
    assert ticket is not None, "only tickets are shown"
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    rows = {
        "problem": screen.title,
        "status": ", ".join(filter(None, (at.status.value.replace("_", " "), whose_turn(at).lower())))
        + _solver(at),
        **({"resolution": at.concluded} if at.concluded else {}),
        "opened": moment(ticket.opened),
        "team": ticket.name + (f", {ticket.email}" if ticket.email else ""),
        "customer": f"{customer_name(at)} ({at.contact})",
        "email or phone": screen.reach,
        "stopped at": at.step,
        "conversation": at.id,
    }
    for name, value in rows.items():
        if name == "email or phone" and not value:
            continue
        facts.add_row(name, plainly(value))
    sections = {
        "Reasons": [reason_label(reason) for reason in ticket.reasons],
        "Steps tried": [
            f"{moment(row.at)}  {row.title} · {beside(row.answer, row.said)}"
            + (f" (by {row.by})" if row.by else "")
            for row in screen.tried
        ],
        "Observed": [f"{name.replace('_', ' ')}: {value}" for name, value in at.observations.items()],
        "In the customer's words": said,
        "Agents' replies": [plain(row.words) for row in screen.messages if row.who == "agent"],
    }
    lists = [
        plainly("\n".join((f"\n{title}", *(f"  {line}" for line in lines))))
        for title, lines in sections.items()
        if lines
    ]
    Console().print(Group(plainly(f"Ticket #{ticket.number}", "bold"), facts, *lists))
