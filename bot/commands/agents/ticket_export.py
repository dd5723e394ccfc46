"""Exports every ticket as a line of JSON, for spreadsheets and other systems, without internal notes."""

import json
from typing import TYPE_CHECKING, Any

import typer

from bot.commands.failures import complain

if TYPE_CHECKING:
    from bot.wiring.product import App
    from flows.views.dossier import Dossier


async def export(app: "App") -> None:
    """Print the tickets, oldest first. Name a ticket that this version cannot read on stderr and skip it."""
    from bot.ports import RevisionUnreadable

    async for entry in app.store.index.every():
        try:
            dossier = await app.reader.dossier(entry.conversation)
        except RevisionUnreadable as unreadable:
            complain(f"Skipped ticket #{entry.number}: {unreadable}")
            continue
        if dossier is not None:
            typer.echo(json.dumps(_line(entry.number, dossier), ensure_ascii=False))


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
