"""Decides which changes are reported to the operator's other ticket systems."""

from typing import Final

from flows.effects import Change, Filing
from flows.events import Detailed, PlaceLost, Said
from flows.rules.case import Case

REPORTED: Final = frozenset({"status", "team", "holder", "reasons"})
"""Fields whose changes are reported to such a system."""

EMAIL: Final = "email"
"""The backend that emails a ticket to a team's address; Forward needs this backend."""


def filed(case: Case, change: Change) -> Change:
    """Add a report for each backend if the change opens a ticket or adds to one; a note is never reported (L12)."""
    backends = case.catalogue.backends
    if not backends or not ("ticket_at" in change.stamp or _adds_to_ticket(case, change)):
        return change
    first = len(change.effects)
    filings = tuple(
        Filing(id=case.name(first + index), to=backend, version=case.at.version + 1)
        for index, backend in enumerate(backends)
    )
    return change.model_copy(update={"effects": (*change.effects, *filings)})


def _adds_to_ticket(case: Case, change: Change) -> bool:
    if case.at.ticket == 0:
        return False
    event = change.event
    if isinstance(event, PlaceLost) and event.end == "agents":
        return event.part == "channel"
    written = case.at.ticket_open and isinstance(event, Said | Detailed)
    return written or bool(change.set.keys() & REPORTED)
