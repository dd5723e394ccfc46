"""Exports every ticket as a line of JSON, for spreadsheets and other systems, without internal notes."""

import json
from typing import TYPE_CHECKING, Any

import typer

from bot.commands.counts import COUNTS
from bot.commands.failures import complain
from bot.commands.program_name import typed

if TYPE_CHECKING:
    from bot.ports import TicketEntry
    from bot.wiring.product import App
    from flows.views.dossier import Dossier


async def export(app: "App") -> None:
    """Print the tickets, oldest first. Name a ticket that cannot be read on stderr and skip it."""
    skipped = 0
    async for entry in app.store.index.every():
        line, why = await _exported(app, entry)
        if line:
            typer.echo(line)
        if why:
            skipped += 1
            complain(f"Skipped ticket #{entry.number}: {why}")
    if skipped:
        complain(COUNTS.say("left_out", count=skipped, command=typed("outbox")))


async def _exported(app: "App", entry: "TicketEntry") -> tuple[str, str]:
    """Return a ticket's line ('' if its conversation has expired), and why it has none."""
    from bot.ports import StoreDown, Unreadable

    try:
        dossier = await app.reader.dossier(entry.conversation)
        line = "" if dossier is None else json.dumps(_line(entry.number, dossier), ensure_ascii=False)
        line.encode()
    except StoreDown:
        raise
    except Unreadable as unreadable:
        return "", str(unreadable)
    except Exception as failure:  # noqa: BLE001 # whatever is wrong with one ticket, the others are exported
        from bot.telemetry import log

        log("export").exception("a ticket could not be exported", ticket=entry.number)
        return "", f"it cannot be read ({type(failure).__name__})"
    return line, ""


def _line(number: int, dossier: "Dossier") -> dict[str, Any]:
    from flows.text.markup.words import plain

    at, screen = dossier.conversation, dossier.screen
    return {
        "ticket": number,
        "conversation": at.id,
        "open": at.ticket_open,
        "status": at.status.value,
        "needs_reply": at.ticket_open and not at.customers_turn,
        "flow": at.flow,
        "revision": at.revision,
        "step": at.step,
        "team": at.team,
        "reasons": list(at.reasons),
        "contact": at.contact,
        "name": at.name,
        "reach": screen.reach,
        "holder": at.holder_name or at.holder,
        "solved_by": at.solved_by,
        "solution": at.concluded,
        "began": at.began_at,
        "opened": at.ticket_at,
        "first_reply": at.first_reply_at,
        "changed": at.changed_at,
        "rated": at.rated,
        "observations": dict(at.observations),
        "tried": [
            {
                "step": row.step,
                "title": row.title,
                "answer": row.answer,
                "by": row.by,
                "at": row.at,
                "said": row.said.text,
                "edited": row.said.edited,
                "files": [file.name for file in row.said.files],
            }
            for row in screen.tried
        ],
        "said": [
            {
                "who": line.who,
                "kind": line.kind,
                "text": plain(line.quote or line.words),
                "edited": plain(line.edited),
                "files": [file.name for file in line.files],
                "at": line.at,
            }
            for line in dossier.lines
            if line.kind in ("said", "reply") or (line.kind == "act" and (line.quote or line.files))
        ],
    }
