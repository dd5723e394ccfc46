"""Decides about silence: what Later does, and what a timer does."""

from typing import Any

from flows.conversation import Status
from flows.effects import Refusal, Timer
from flows.events import Napped, TimerRang
from flows.rules.case import CLOSE, QUIET, Case, Verdict
from flows.rules.machine import live
from flows.rules.reopening import ended_with
from flows.rules.sla import PROMISES, came_due


def napped(case: Case) -> Verdict:
    """Send no nudges for as long as the customer asked."""
    event = case.event
    assert isinstance(event, Napped)
    if case.at.status.ended:
        return Refusal(why="not_now")
    timer = Timer(kind="close" if event.until == "computer" else "nudge", after=event.until)
    timers = (timer,) if case.at.status is Status.GUIDING else None
    return case.change(f"nap_{event.until}", set={"later": event.until}, timers=timers)


def rang(case: Case) -> Verdict:
    """Carry out a timer that still guards the present turn: send a nudge, and after a further silence close."""
    event = case.event
    assert isinstance(event, TimerRang)
    if event.kind in PROMISES:
        return came_due(case)
    if event.kind == "nudge" and case.at.snoozed == "reply":
        return case.change("nudge_person", timers=CLOSE)
    if event.kind == "nudge" and case.at.status is Status.GUIDING:
        return case.change("nudge", timers=CLOSE)
    if event.kind == "quiet":
        return _release(case)
    if event.kind == "wake":
        held = case.at.status is Status.WITH_AGENT
        return case.change(set={"snoozed": ""}, timers=QUIET if held else ())
    return _close(case) if event.kind == "close" else Refusal(why="not_now")


def _close(case: Case) -> Verdict:
    """Close after a long silence.

    An open ticket is closed only if its agents wait for the customer, not the other way.
    """
    status = live(case.at.status, "expire")
    if status is None or (case.at.ticket_open and case.at.snoozed != "reply"):
        return Refusal(why="not_now")
    goodbye = [] if case.at.status is Status.RESOLVED else ["closed"]
    fields: dict[str, Any] = {"status": status.value, "holder": "", "holder_name": "", "snoozed": ""}
    if case.at.status is Status.WITH_AGENT:
        fields |= ended_with(case.at.holder, case.at.holder_name)
        return case.turned(*goodbye, set=fields, timers=(), promises=("parted",))
    return case.turned(*goodbye, set=fields, timers=())


def _release(case: Case) -> Verdict:
    """Unassign a ticket whose agent went silent: it waits for any agent, and the customer gets the buttons back."""
    status = live(case.at.status, "release")
    if status is None:
        return Refusal(why="not_now")
    fields = {"status": status.value, "holder": "", "holder_name": "", "snoozed": ""}
    return case.turned("agent_gone", set=fields, timers=())
