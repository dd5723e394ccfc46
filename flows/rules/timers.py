"""Decides about silence: what Later does, and what a timer does."""

from typing import Any

from flows.conversation import Status
from flows.effects import Refusal, Timer
from flows.events import Napped, TimerRang
from flows.rules.agents.sla import PROMISES, came_due
from flows.rules.case import CLOSE, Case, Verdict
from flows.rules.follow_up import asked_after
from flows.rules.machine import live
from flows.rules.public_talk import continued
from flows.rules.reopening import ended_with


def napped(case: Case) -> Verdict:
    """Send no nudges for as long as the customer asked."""
    event = case.event
    assert isinstance(event, Napped)
    if case.at.status.ended:
        return Refusal(why="not_now")
    timer = Timer(kind="close" if event.until == "computer" else "nudge", after=event.until)
    timers = (timer,) if case.at.status is Status.GUIDING or case.at.customers_turn else None
    words = f"nap_{event.until}" if timers else "nap_waiting"
    return case.change(words, set={"later": event.until}, timers=timers)


def rang(case: Case) -> Verdict:
    """Carry out a timer that still guards the present turn: send a nudge, and after a further silence close."""
    event = case.event
    assert isinstance(event, TimerRang)
    if event.kind in PROMISES:
        return came_due(case)
    if event.kind == "nudge":
        return _nudge(case)
    if event.kind == "quiet":
        return _release(case)
    if event.kind == "wake":
        return case.change(set={"snoozed": ""})
    if event.kind == "follow_up":
        return asked_after(case)
    return _close(case) if event.kind == "close" else Refusal(why="not_now")


def _nudge(case: Case) -> Verdict:
    """Ask a silent customer how it is going, in the guide or after an agent's reply."""
    if case.at.hushed:
        return continued(case, "nudge", timers=CLOSE)
    if case.at.status is Status.GUIDING:
        return case.change("nudge", timers=CLOSE)
    if _answered(case):
        return case.change("nudge_person" if case.at.holder else "nudge_team", timers=CLOSE)
    return Refusal(why="not_now")


def _answered(case: Case) -> bool:
    """Return whether the customer owes an answer to the agents. Only such an open ticket closes itself.

    Earlier versions noted that as a snooze until the customer writes.
    """
    waits = case.at.snoozed == "reply" and case.at.first_reply_at > 0
    return case.at.customers_turn or (case.at.ticket_open and waits)


def _close(case: Case) -> Verdict:
    """Close after a long silence of the customer."""
    status = live(case.at.status, "expire")
    if status is None or (case.at.ticket_open and not _answered(case)):
        return Refusal(why="not_now")
    fields: dict[str, Any] = {"status": status.value, "holder": "", "holder_name": "", "snoozed": ""}
    if case.at.status is Status.WITH_AGENT:
        fields |= ended_with(case.at.holder, case.at.holder_name)
        return case.turned("closed_unanswered", set=fields, timers=(), promises=("parted",))
    goodbye = [] if case.at.status is Status.RESOLVED else ["closed"]
    return case.turned(*goodbye, set=fields, timers=())


def _release(case: Case) -> Verdict:
    """Unassign a ticket whose agent left the customer's words unanswered; the customer gets the buttons back.

    A timer that an earlier version armed after a reply does nothing.
    """
    status = live(case.at.status, "release")
    replied_before = case.at.first_reply_at > 0 and not case.at.owed_since
    if status is None or case.at.customers_turn or replied_before:
        return Refusal(why="not_now")
    fields = {"status": status.value, "holder": "", "holder_name": "", "snoozed": ""}
    return case.turned("agent_gone", set=fields, timers=())
