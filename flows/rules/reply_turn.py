"""Decides whose turn it is in an open ticket: agents owe a reply to unanswered words, or the customer owes an answer.

The assignee's silence counts only while the customer waits; after a reply the customer's silence counts.
"""

from typing import Final, Literal

from flows.acts import Replied, Showed, Snoozed, Transferred, Wrote
from flows.conversation import Status
from flows.effects import Change, Timer
from flows.events import Answered, Back, Detailed, Escalated, Napped, Reopened, Restarted, Said
from flows.rules.case import NUDGE, QUIET, Case

SPOKEN: Final = (Said, Detailed, Escalated, Reopened, Answered, Back, Restarted)
"""What a customer does that an agent who has replied must look at."""

OPEN: Final = (Status.WAITING, Status.WITH_AGENT)


def replies(case: Case, change: Change) -> bool:
    """Return whether an agent has answered the customer with this event.

    A line in a public place is an answer only from the assignee: others chat there, too.
    """
    event = change.event
    if isinstance(event, Wrote):
        return not event.public or change.set.get("holder", case.at.holder) == event.actor
    return isinstance(event, Replied | Showed)


def turned(case: Case, change: Change) -> Change:
    """Return the change with whose turn it is after it, and with the timer that this turn needs."""
    status = change.set.get("status", case.at.status)
    if status not in OPEN or not (case.at.ticket or change.take_ticket):
        return change
    begins = _flip(case, change)
    after = _flipped(case, change, begins)
    if begins is None and not _restarts(case, change):
        return after
    if change.set.get("snoozed", case.at.snoozed):
        return after
    answered = begins == "replied_at" if begins else case.at.customers_turn
    return after.model_copy(update={"timers": _timers(status == Status.WITH_AGENT, answered=answered)})


def _flip(case: Case, change: Change) -> Literal["replied_at", "owed_since"] | None:
    """Return the time that starts with this event; None if the turn stays where it is.

    A new ticket needs a reply since it was opened. A record of an earlier version says nothing after a reply: there the
    wait counts from the customer's next words, or the next change of status.
    """
    if replies(case, change):
        return None if case.at.customers_turn else "replied_at"
    if not case.at.ticket_open:
        return None
    known = case.at.customers_turn or case.at.owed_since > 0 or case.at.first_reply_at == 0
    asks = _asks_agents(case, change) and (case.at.customers_turn or not known)
    return "owed_since" if asks or (not known and "status" in change.set) else None


def _flipped(case: Case, change: Change, begins: Literal["replied_at", "owed_since"] | None) -> Change:
    """Return the change with the time that begins, and without those that are over."""
    both = ("replied_at", "owed_since")
    over = both if not case.at.ticket_open else tuple(name for name in both if begins and name != begins)
    ended = {name: 0 for name in over if getattr(case.at, name) and name != begins}
    if not ended and begins is None:
        return change
    stamp = (*change.stamp, begins) if begins else change.stamp
    return change.model_copy(update={"set": {**change.set, **ended}, "stamp": stamp})


def _asks_agents(case: Case, change: Change) -> bool:
    """Return whether the event makes it the agents' turn: the customer speaks, or the ticket goes to someone else."""
    event = change.event
    if isinstance(event, Transferred):
        return event.to != event.actor
    return isinstance(event, SPOKEN) and case.at.may_answer(event.actor)


def _restarts(case: Case, change: Change) -> bool:
    """Return whether the turn's timer starts anew: after another reply, for another assignee, after a snooze."""
    if isinstance(change.event, Snoozed) or (isinstance(change.event, Napped) and case.at.customers_turn):
        return False
    return replies(case, change) or bool({"turn", "holder", "status", "snoozed"} & change.set.keys())


def _timers(assigned: bool, *, answered: bool) -> tuple[Timer, ...]:
    if answered:
        return NUDGE
    return QUIET if assigned else ()
