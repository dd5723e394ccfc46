"""Files tickets with backends: each is carried to like a channel, with a report made of the dossier; never of notes."""

import asyncio
from typing import Final

from bot.ports import Busy, Delivery, TicketBackend, TicketReport
from flows.effects import Filing
from flows.words import plain

AT_ONCE: Final = 8
"""Reports under way to one backend; a slow one keeps no more of this process busy than that."""

LATER: Final = 2.0
"""Seconds until one looks again whether there is room."""

UNTOLD: Final = frozenset({"note"})
"""Kinds of lines that stay among agents (law L12)."""


class Filer:
    """A channel whose platform is a backend. Reports can be repeated, so the backend is never asked what arrived."""

    idempotent = True

    def __init__(self, backend: TicketBackend, public_url: str = "") -> None:
        """`public_url` is where the web desk is found, '' for nowhere."""
        self.name = backend.name
        self._backend = backend
        self._public_url = public_url
        self._room = asyncio.Semaphore(AT_ONCE)

    async def send(self, delivery: Delivery) -> str:
        """File it, and return what the backend calls it."""
        report = self._report(delivery)
        if report is None:
            return ""
        if self._room.locked():
            raise Busy(LATER)
        async with self._room:
            return await self._backend.file(report)

    async def settle(self, delivery: Delivery) -> str | None:  # noqa: ARG002  # the port's signature
        """Not asked, since a report counts once by its number and version."""
        return None

    def _report(self, delivery: Delivery) -> TicketReport | None:
        at, dossier, effect = delivery.conversation, delivery.dossier, delivery.effect
        if dossier is None or dossier.screen.ticket is None or not isinstance(effect, Filing):
            return None
        card, line = dossier.screen.ticket, delivery.line
        told = line is not None and line.kind not in UNTOLD
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
            holder=at.held_by,
            opened=card.opened,
            summary=card.summary,
            who=line.who if line is not None and told else "",
            happened=plain(line.words) if line is not None and told else "",
            link=f"{self._public_url}/desk/c/{at.id}" if self._public_url else "",
        )
