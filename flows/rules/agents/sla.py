"""Decides about a ticket's promises: an agent claims, replies and resolves in time, and what happens if none does.

These clocks outlast a turn: each runs until it rings, and then a rule here checks whether it still matters (law L10).
A ticket that no person has answered never closes itself: "abandoned" alerts its team again every day.
"""

from typing import Any, Final, get_args

from flows.conversation import Status
from flows.effects import Change, Promise, Refusal
from flows.events import Replied, TimerRang, Wrote
from flows.rules.case import Case, Verdict
from flows.rules.reopening import gone
from flows.rules.reply_turn import replies

PROMISES: Final[frozenset[str]] = frozenset(get_args(Promise))
ANSWERS: Final = (Replied, Wrote)
"""Events with which agents answer."""

TARGETS: Final[tuple[Promise, ...]] = ("first_soon", "first_late", "solve_soon", "solve_late")
"""The clocks of a team's targets: a warning before each, and an alert at the breach."""


def promised(case: Case, change: Change) -> Change:
    """Return the change with the clocks that it starts and the fields of the promises that it keeps."""
    if change.promises:
        return change
    status, team = change.set.get("status", case.at.status), change.set.get("team", case.at.team)
    opened, moved = "ticket_at" in change.stamp, team != case.at.team and case.at.ticket_open
    speaks = "owed_since" in change.stamp and case.at.customers_turn
    comes = status == Status.WAITING and (case.at.status is not Status.WAITING or moved or speaks)
    promises: tuple[Promise, ...] = TARGETS if opened or moved else ()
    if comes:
        promises = ("unclaimed", *promises)
    if not (promises or isinstance(case.event, ANSWERS)):
        return change
    updates = _kept_promises(case, change, opened=opened, comes=comes)
    if promises:
        updates["promises"] = promises
    return change.model_copy(update=updates) if updates else change


def _kept_promises(case: Case, change: Change, *, opened: bool, comes: bool) -> dict[str, Any]:
    """Record an agent's first reply since the ticket was opened; forget earlier alerts if a new wait begins."""
    updates: dict[str, Any] = {}
    reset: dict[str, Any] = {}
    answers = isinstance(case.event, ANSWERS) and replies(case, change)
    if answers and (opened or not case.at.first_reply_at):
        updates["stamp"] = (*change.stamp, "first_reply_at")
    elif opened and case.at.first_reply_at:
        reset["first_reply_at"] = 0
    if case.at.alert_level and (comes or opened):
        reset["alert_level"] = ""
    return updates | {"set": {**change.set, **reset}} if reset else updates


def came_due(case: Case) -> Verdict:
    """Alert the team when a clock rings, or do nothing if the promise was kept or no longer matters."""
    event = case.event
    assert isinstance(event, TimerRang)
    if event.kind in TARGETS:
        kept = not case.at.ticket_open or (event.kind.startswith("first") and case.at.first_reply_at > 0)
        return Refusal(why="not_now") if kept else case.change()
    if event.kind == "parted":
        return gone(case)
    if case.at.status is not Status.WAITING:
        return Refusal(why="not_now")
    if case.at.customers_turn:
        return Refusal(why="not_now")
    if case.at.snoozed:
        # An agent has seen the ticket and snoozed it, so the clock starts again.
        return case.change(promises=(event.kind,))
    if event.kind == "abandoned" and case.at.alert_level == "fallback":
        return case.change(promises=("abandoned",))
    if event.kind == "unclaimed" and not case.at.alert_level:
        return case.change("still_waiting", set={"alert_level": "again"}, promises=("fallback",))
    if event.kind == "fallback" and case.at.alert_level == "again":
        team = case.catalogue.fallback or case.at.team
        return case.change(set={"alert_level": "fallback", "team": team}, promises=("abandoned",))
    return Refusal(why="not_now")
