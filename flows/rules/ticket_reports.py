"""Tickets in the systems that operators keep them in besides this one: which changes are reported there."""

from typing import Final

from flows.effects import Change, Filing
from flows.events import Detailed, Said
from flows.rules.case import Case

REPORTED: Final = frozenset({"status", "team", "holder", "reasons"})
"""What such a system is told of when it changes."""

EMAIL: Final = "email"
"""The backend that carries a ticket to a team's address, and that Forward needs."""


def filed(case: Case, change: Change) -> Change:
    """With a report to each backend where it opened a ticket or tells more of one; never of a note (L12)."""
    backends = case.catalogue.backends
    if not backends or not ("ticket_at" in change.stamp or _tells_more(case, change)):
        return change
    first = len(change.effects)
    filings = tuple(
        Filing(id=case.name(first + index), to=backend, version=case.at.version + 1)
        for index, backend in enumerate(backends)
    )
    return change.model_copy(update={"effects": (*change.effects, *filings)})


def _tells_more(case: Case, change: Change) -> bool:
    if case.at.ticket == 0:
        return False
    spoken = case.at.ticket_open and isinstance(change.event, Said | Detailed)
    return spoken or bool(change.set.keys() & REPORTED)
