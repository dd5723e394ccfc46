"""Reports tickets to backends, each like a channel: a report is made of the dossier, and never of internal notes."""

import asyncio
from typing import Final

from bot.ports import Busy, Delivery, TicketBackend, TicketReport
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
            return await self._backend.file(report)

    async def settle(self, delivery: Delivery) -> str | None:  # noqa: ARG002  # the port's signature
        """Return None: a report counts once by its number and version, so it can be sent again."""
        return None

    def _report(self, delivery: Delivery) -> TicketReport | None:
        at, dossier, effect = delivery.conversation, delivery.dossier, delivery.effect
        if dossier is None or dossier.screen.ticket is None or not isinstance(effect, Filing):
            return None
        card, line = dossier.screen.ticket, delivery.line
        shown = line if line is not None and line.kind not in PRIVATE else None
        return TicketReport(
            number=card.number,
            version=effect.version,
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
            who=_author(shown, at) if shown else "",
            happened=shown.in_full if shown else "",
            quoted=shown is not None and shown.kind in QUOTED,
            answered=shown is not None and shown.kind == "answer",
            reply_to=card.own_address(self._support_email) if effect.team else "",
            link=f"{self._public_url}/desk/c/{at.id}" if self._public_url else "",
        )


def _author(line: Line, at: Conversation) -> str:
    """Return who caused what is reported, as the subject of a sentence; '' for the bot."""
    return PHRASES["the_customer"] if line.actor == at.contact and not at.name else line.who
