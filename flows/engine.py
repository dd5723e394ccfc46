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
from flows.catalogue import PICKER, Catalogue
from flows.conversation import Conversation, Status
from flows.effects import Change, Refusal
from flows.events import (
    Answered,
    Back,
    Detailed,
    Edited,
    Escalated,
    Event,
    Joined,
    Napped,
    Rated,
    Reopened,
    Restarted,
    Said,
    Shared,
    Started,
    TimerRang,
    Withdrawn,
)
from flows.flow import STILL_FAILING, Flow
from flows.prompts import options
from flows.rules.agent_acts import (
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
from flows.rules.agent_thread import informed
from flows.rules.case import Case, Verdict
from flows.rules.customer_mail import mailed
from flows.rules.escalation import detailed, diverted, edited, escalated, joined, rated, shared, withdrawn
from flows.rules.reopening import awaited, reopened, returned
from flows.rules.sla import PROMISES, promised
from flows.rules.ticket_reports import filed
from flows.rules.timers import napped, rang
from flows.rules.walk import answered, back, moved, restarted, started
from flows.text.phrases import PHRASES
from flows.text.understanding import recognise, understand


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
    change = diverted(case, verdict) if catalogue.paused else verdict
    return mailed(case, filed(case, informed(case, promised(case, change))))


def _decide(case: Case) -> Verdict:
    conversation, event = case.at, case.event
    if (conversation.version == 0) is not isinstance(event, Started):
        return Refusal(why="not_now")
    # The receiver has already checked agents, people with a link and authors of edits (law L11).
    trusted = isinstance(event, Started | Joined | Act | Edited | TimerRang)
    if not trusted and not conversation.may_answer(event.actor):
        return Refusal(why="not_yours")
    stale = _stale(conversation, event)
    if stale is not None:
        return stale
    return _RULES[type(event)](case)


def apply(conversation: Conversation, change: Change) -> Conversation:
    """Return the conversation after a change that the store has stamped. The store, tests and replay all use this."""
    values: dict[str, Any] = dict(change.set)
    if "status" in values:
        values["status"] = Status(values["status"])
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
    if isinstance(event, TimerRang) and event.kind in PROMISES:
        return None
    claimed = getattr(event, "turn", None)
    if isinstance(event, TimerRang) and event.status != conversation.status:
        return Refusal(why="past_turn")
    if claimed is None:
        return Refusal(why="past_turn") if isinstance(event, Answered) else None
    if claimed == conversation.turn:
        return None
    return Refusal(why="past_turn" if claimed < conversation.turn else "future_turn")


def _said(case: Case) -> Verdict:
    """Turn free text into the event it plainly means; else keep the text and answer that it is saved."""
    event = case.event
    assert isinstance(event, Said)
    if case.at.status is Status.WITH_AGENT:
        return case.change()
    if case.at.flow == PICKER and not case.at.status.ended:
        found = recognise(case.catalogue.flows, event.text)
        if found is not None:
            return moved(case, case.catalogue.by_id[found.flow], found.observations)
    if awaited(case.at):
        return returned(case)
    understood = _event_meant(case, event)
    if understood is not None:
        verdict = _decide(Case(case.flow, case.at, understood, case.catalogue))
        if isinstance(verdict, Change):
            return verdict
    words = "kept_ended" if case.at.status.ended else "kept_waiting" if case.at.ticket_open else "kept"
    return case.change(words)


def is_back(text: str) -> bool:
    """Return whether words that a customer wrote after the end plainly say that the problem is back."""
    back_again = [("reopen", PHRASES["reopen"]), (STILL_FAILING, PHRASES["still_failing"])]
    return understand(back_again, text) in ("reopen", STILL_FAILING)


def _event_meant(case: Case, event: Said) -> Event | None:
    """Return the event that free text plainly means, by the answers on screen and the buttons that are always there."""
    same = {"key": event.key, "actor": event.actor, "conversation": event.conversation}
    if case.at.status.ended:
        return Reopened().model_copy(update=same) if is_back(event.text) else None
    choice = understand([(option.id, option.label) for option in options(case.flow, case.at)], event.text)
    if choice is None or choice == "reopen":
        return None
    command = _COMMANDS.get(choice)
    if command is None:
        answer = Answered(turn=case.at.turn, choice=choice)
        return answer.model_copy(update=same)
    return command().model_copy(update=same)


_COMMANDS: Final[Mapping[str, type[Back | Restarted | Escalated | Napped]]] = {
    "back": Back,
    "restart": Restarted,
    "person": Escalated,
    "later": Napped,
}
_RULES: Final[Mapping[type, Callable[[Case], Verdict]]] = {
    Started: started,
    Answered: answered,
    Said: _said,
    Back: back,
    Restarted: restarted,
    Escalated: escalated,
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
    TimerRang: rang,
}
