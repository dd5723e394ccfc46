"""Reports tickets to backends, each like a channel: a report is made of the dossier, and never of internal notes."""

import asyncio
from typing import Final

from bot.ports import Busy, Delivery, Happening, TicketBackend, TicketReport
from flows.conversation import Conversation
from flows.effects import Filing
from flows.text.phrases import PHRASES
from flows.views.dossier import Line

AT_ONCE: Final = 8
"""Reports sent to one backend at a time, so that a slow one does not keep this process busy."""

BUSY_RETRY_S: Final = 2.0
"""Seconds to wait while too many reports are being sent."""

PRIVATE: Final = frozenset({"note"})
"""Kinds of lines that only agents see (law L12)."""

QUOTED: Final = frozenset({"said", "reply"})
"""Kinds of lines that are someone's words."""


class Filer:
    """Sends reports to one backend. A report may be sent twice, so the backend is never asked what arrived."""

    idempotent = True

    def __init__(self, backend: TicketBackend, public_url: str = "", support_email: str = "") -> None:
        """Take the backend; `public_url` is the web desk's address, `support_email` the operator's; '' for none."""
        self.name = backend.name
        self._backend = backend
        self._public_url = public_url
        self._support_email = support_email
        self._room = asyncio.Semaphore(AT_ONCE)

    async def send(self, delivery: Delivery) -> str:
        """Send a report, and return the backend's name for the ticket."""
        report = self._report(delivery)
        if report is None:
            return ""
        if self._room.locked():
            raise Busy(BUSY_RETRY_S)
        async with self._room:
            return await self._file(report, delivery)

    async def _file(self, report: TicketReport, delivery: Delivery) -> str:  # noqa: ARG002  # a bundle needs more than the report
        return await self._backend.file(report)

    async def settle(self, delivery: Delivery) -> str | None:  # noqa: ARG002  # the port's signature
        """Return None: a report counts once by its number and version, so it can be sent again."""
        return None

    def _report(self, delivery: Delivery, upto: int = 0) -> TicketReport | None:
        """Return the report of a delivery; None without a ticket. `upto` adds what happened until that version."""
        at, dossier, effect = delivery.conversation, delivery.dossier, delivery.effect
        if dossier is None or dossier.screen.ticket is None or not isinstance(effect, Filing):
            return None
        card, line = dossier.screen.ticket, delivery.line
        shown = line if line is not None and line.kind not in PRIVATE else None
        later = [each for each in dossier.lines if effect.version < each.version <= upto]
        return TicketReport(
            number=card.number,
            version=max(effect.version, upto),
            conversation=at.id,
            status=at.status.value,
            open=card.open,
            flow=at.flow,
            title=dossier.screen.title,
            team=effect.team or at.team,
            address=delivery.address.person,
            forwarded=bool(effect.team),
            reasons=card.reasons,
            contact=at.name,
            holder=at.holder_name,
            opened=card.opened,
            summary=card.summary,
            **(_happening(shown, at).model_dump() if shown else {}),
            later=tuple(_happening(each, at) for each in later if each.kind not in PRIVATE),
            reply_to=card.own_address(self._support_email) if effect.team else "",
            link=f"{self._public_url}/desk/c/{at.id}" if self._public_url else "",
        )


def _happening(line: Line, at: Conversation) -> Happening:
    """Return what a line of the dossier tells."""
    return Happening(
        who=_author(line, at),
        happened=line.in_full,
        quoted=line.kind in QUOTED,
        answered=line.kind == "answer",
    )


def _author(line: Line, at: Conversation) -> str:
    """Return who caused what is reported, as the subject of a sentence; '' for the bot."""
    return PHRASES["the_customer"] if line.actor == at.contact and not at.name else line.who
