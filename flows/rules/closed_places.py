"""Decides what follows when the customer's thread or post is closed, locked or open again.

Who closes a post needs no help there: the guide ends without a word, because a message would open the post again. Only
what agents write to the customer opens it.
"""

from typing import Any, Final

from flows.conversation import Conversation, Status
from flows.effects import Change, Refusal
from flows.events import (
    Answered,
    Claimed,
    Concluded,
    Event,
    PlaceLost,
    Released,
    Reopened,
    Said,
    TimerRang,
    Transferred,
)
from flows.rules.case import Case, Verdict
from flows.rules.machine import live
from flows.rules.reopening import FORGOTTEN, awaited, returned
from flows.text.understanding import takes_leave, understand

QUIET: Final = (TimerRang, Claimed, Released, Transferred, Concluded)
"""Events of which the bot tells customers, but never in a place that a person closed."""


def place_changed(case: Case) -> Verdict:
    """Record that the place was closed or locked, which ends the guide there, or that it is open again."""
    event, at = case.event, case.at
    assert isinstance(event, PlaceLost)
    if event.how == "open":
        known = at.place_closed and at.status is not Status.CLOSED
        return Change(event=event, set={"place_closed": ""}) if known else Refusal(why="not_now")
    if event.how == at.place_closed:
        return Refusal(why="not_now")
    if at.ticket_open:
        return case.change(set={"place_closed": event.how})
    if at.status is Status.RESOLVED:
        return case.change(set={"place_closed": event.how}, timers=())
    closed = live(at.status, "expire") if at.status is Status.GUIDING else None
    if closed is None:
        return Refusal(why="not_now")
    return case.silenced(set={"status": closed.value, "place_closed": event.how}, timers=())


def continues(at: Conversation, event: Event) -> bool:
    """Return whether the customer writes, or presses the last step, where a closed place ended their conversation."""
    if at.status is not Status.CLOSED or not at.place_closed:
        return False
    if isinstance(event, Said):
        return event.closed_since or understand((), event.text) != "person"
    return isinstance(event, Reopened) or (isinstance(event, Answered) and event.turn == at.turn - 1)


def continued(case: Case) -> Verdict:
    """Continue where the customer was: at their step, or with the agent who had the ticket. Thanks continue nothing."""
    if _is_earlier(case.event):
        return case.change()
    if awaited(case.at):
        return returned(case)
    if isinstance(case.event, Said) and takes_leave(case.event.text):
        return case.change()
    status = live(case.at.status, "reopen")
    if status is None:
        return Refusal(why="not_now")
    fields: dict[str, Any] = {"status": status.value, "exited": False, "solved_by": "", "concluded": ""}
    return case.turned("unpaused", set=fields | FORGOTTEN)


def _is_earlier(event: Event) -> bool:
    """Return whether the customer wrote before the place was closed."""
    return isinstance(event, Said) and event.closed_since


def kept_quiet(case: Case, change: Change) -> Change:
    """Send nothing to a place that a person closed, except what agents write; what the customer does opens it."""
    at, event = case.at, case.event
    if not at.place_closed:
        return change
    opens = at.may_answer(event.actor) and not _is_earlier(event)
    if opens and change.set.get("status", at.status) == Status.CLOSED:
        return change
    if opens:
        return change.model_copy(update={"set": {"place_closed": "", **change.set}})
    if not (isinstance(event, QUIET) or _is_earlier(event)):
        return change
    effects = tuple(effect for effect in change.effects if effect.end != "customer")
    unsent = {"prompt_effect": ""} if "prompt_effect" in change.set else {}
    return change.model_copy(update={"effects": effects, "set": {**change.set, **unsent}})
