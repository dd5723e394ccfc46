"""Decides what an event does to a conversation (`advance`), and applies the change (`apply`). Both are pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flows.acts import (
    Act,
    Allowed,
    Claimed,
    Concluded,
    Forwarded,
    HandedBack,
    Noted,
    Released,
    Replied,
    Showed,
    Snoozed,
    Transferred,
    Woken,
    Wrote,
)
from flows.catalogue import Catalogue
from flows.conversation import Conversation, Status
from flows.effects import Change, Refusal
from flows.events import (
    Answered,
    Back,
    Detailed,
    Dismissed,
    Edited,
    Escalated,
    Event,
    Joined,
    Napped,
    PlaceLost,
    Rated,
    Reacted,
    Reopened,
    Restarted,
    Said,
    Shared,
    Started,
    TimerRang,
    Withdrawn,
)
from flows.flow import Flow
from flows.prompts import answers
from flows.rules import reply_turn
from flows.rules.agents.acts import (
    allowed,
    claimed,
    concluded,
    forwarded,
    handed_back,
    noted,
    released,
    replied,
    showed,
    snoozed,
    transferred,
    woken,
    wrote,
)
from flows.rules.agents.notification import with_direct_messages
from flows.rules.agents.sla import PROMISES, promised
from flows.rules.agents.thread import informed, place_lost
from flows.rules.case import Case, Verdict
from flows.rules.closed_places import continued, continues, kept_quiet
from flows.rules.customer_mail import mailed
from flows.rules.edits import edited
from flows.rules.escalation import detailed, diverted, joined, rated, shared, withdrawn
from flows.rules.free_text import dismissed, event_of, reacted, said
from flows.rules.long_messages import said_shortened
from flows.rules.reopening import person_asked, reopened
from flows.rules.ticket_reports import filed
from flows.rules.timers import napped, rang
from flows.rules.walk import answered, back, restarted, started


def advance(flow: Flow, conversation: Conversation, event: Event, catalogue: Catalogue) -> Verdict:
    """Decide what the event does.

    `flow` is the revision the conversation is pinned to (the picker's for a conversation that is about to start),
    `catalogue` holds the flows available now. A conversation of version 0 is blank and accepts only Started. Returns
    the Change to commit, without version, time and ticket number, or the Refusal. Raises nothing, whatever event a
    stranger forges.
    """
    case = Case(flow, conversation, event, catalogue)
    verdict = _decide(case)
    if not isinstance(verdict, Change):
        return verdict
    change = said_shortened(case, diverted(case, verdict) if catalogue.paused else verdict)
    change = kept_quiet(case, change)
    told = informed(case, promised(case, reply_turn.turned(case, change)))
    return mailed(case, filed(case, with_direct_messages(case, told)))


def _decide(case: Case) -> Verdict:
    conversation, event = case.at, case.event
    if (conversation.version == 0) is not isinstance(event, Started):
        return Refusal(why="not_now")
    if not conversation.may_answer(event.actor) and not isinstance(event, _CHECKED):
        return Refusal(why="not_yours")
    if continues(conversation, event):
        return continued(case)
    stale = _stale(conversation, event)
    if stale is not None:
        return stale
    if isinstance(event, Answered) and _confirms_command(case, event):
        meant = event_of(case, event.choice)
        case = Case(case.flow, conversation, meant, case.catalogue) if meant is not None else case
    return _RULES[type(case.event)](case)


def _confirms_command(case: Case, event: Answered) -> bool:
    """Return whether an answer confirms a suggested built-in button, for clients that know no such buttons."""
    return event.choice in case.at.suggested and event.choice not in answers(case.flow, case.at)


def apply(conversation: Conversation, change: Change) -> Conversation:
    """Return the conversation after a change that the store has stamped. The store, tests and replay all use this."""
    values: dict[str, Any] = dict(change.set)
    if "status" in values:
        values["status"] = _STATUSES.get(values["status"]) or Status(values["status"])
    if change.cut is not None or change.push:
        kept = conversation.path if change.cut is None else conversation.path[: change.cut]
        values["path"] = kept + change.push
    if change.observe:
        values["observations"] = {**conversation.observations, **change.observe}
    for name in stamped(conversation, change):
        values[name] = change.at
    if change.take_ticket:
        values["ticket"] = change.ticket
    values["version"] = change.version
    values["changed_at"] = change.at
    return conversation.model_copy(update=values)


def stamped(conversation: Conversation, change: Change) -> tuple[str, ...]:
    """Return the fields that get the change's time: those it names, the step's start, the start of the wait."""
    shown = ("step_since",) if "turn" in change.set else ()
    waiting = change.set.get("status") == Status.WAITING and conversation.status is not Status.WAITING
    return (*change.stamp, *shown, *(("waiting_since",) if waiting else ()))


def _stale(conversation: Conversation, event: Event) -> Refusal | None:
    """Refuse a claim about another turn than the present one (law L1); *Talk to a person* claims no turn."""
    if isinstance(event, TimerRang):
        if event.kind in PROMISES:
            return None
        if event.status != conversation.status:
            return Refusal(why="past_turn")
    claimed = vars(event).get("turn")
    if claimed is None:
        return Refusal(why="past_turn") if isinstance(event, Answered) else None
    if claimed == conversation.turn or (isinstance(event, Said) and claimed < conversation.turn):
        return None
    return Refusal(why="past_turn" if claimed < conversation.turn else "future_turn")


_STATUSES: Final[Mapping[Any, Status]] = {status.value: status for status in Status}

_CHECKED: Final = (Started, Joined, Act, Edited, PlaceLost, TimerRang)
"""Events that anyone may cause: the receiver has already checked agents, people with a link and authors of edits (law
L11)."""

_RULES: Final[Mapping[type, Callable[[Case], Verdict]]] = {
    Started: started,
    Answered: answered,
    Said: lambda case: said(case, _decide),
    Reacted: reacted,
    Dismissed: dismissed,
    Back: back,
    Restarted: restarted,
    Escalated: person_asked,
    Withdrawn: withdrawn,
    Napped: napped,
    Reopened: reopened,
    Detailed: detailed,
    Joined: joined,
    Shared: shared,
    Wrote: wrote,
    Claimed: claimed,
    Released: released,
    Transferred: transferred,
    Replied: replied,
    Noted: noted,
    HandedBack: handed_back,
    Concluded: concluded,
    Snoozed: snoozed,
    Woken: woken,
    Showed: showed,
    Allowed: allowed,
    Forwarded: forwarded,
    Edited: edited,
    Rated: rated,
    PlaceLost: place_lost,
    TimerRang: rang,
}
