"""Decides who gets a problem that is back: the last agent, later their team; without an agent, the guide."""

from collections.abc import Mapping
from typing import Any, Final

from flows.conversation import Conversation, Status
from flows.effects import Refusal
from flows.events import REASONS, Escalated
from flows.flow import Escalation
from flows.rules.case import Case, Verdict
from flows.rules.escalation import escalated, ticket
from flows.rules.machine import live

FORGOTTEN: Final[dict[str, Any]] = {
    "last_agent": "",
    "last_agent_name": "",
    "last_agent_gone": False,
    "follow_up": "",
}
"""Fields to set when an ended conversation continues: a ticket is assigned again, waits for any agent, or the guide
goes on."""


def ended_with(actor: str, name: str) -> dict[str, Any]:
    """Return the fields to set when a conversation ends; without an assignee it leaves no last agent."""
    return (
        {"last_agent": actor, "last_agent_name": name, "last_agent_gone": False} if actor else dict(FORGOTTEN)
    )


def reopened(case: Case) -> Verdict:
    """Reopen for the agent who resolved the ticket; without an agent, continue at the step that fixed the problem.

    The advice of that step leads, since without it the problem comes back. The second time a ticket is opened.
    """
    if case.at.last_agent:
        return returned(case)
    if case.at.solved_by and case.at.returns:
        return _came_back(case)
    status = live(case.at.status, "reopen")
    if status is None:
        return Refusal(why="not_now")
    fields: dict[str, Any] = {
        "status": status.value,
        "exited": False,
        "solved_by": "",
        "concluded": "",
    } | FORGOTTEN
    step = case.flow.by_id.get(case.at.step)
    if not case.at.solved_by:
        return case.turned("reopened", set=fields)
    fields["returns"] = case.at.returns + 1
    if step is None or not step.fixed or case.at.exited:
        return case.turned("reopened", set=fields)
    change = case.turned("reopened_advice", set=fields)
    lead, *others = change.effects
    return change.model_copy(update={"effects": (lead.model_copy(update={"step": step.id}), *others)})


def _came_back(case: Case) -> Verdict:
    """Open a ticket for a problem that is back for the second time; the customer can still use the step."""
    words = "reopened_waiting" if case.at.ticket else "came_back"
    return _queued(case, "came_back", words, {"returns": case.at.returns + 1})


def person_asked(case: Case) -> Verdict:
    """Open a ticket when the customer asks for a person, also after the end (law L7)."""
    event = case.event
    assert isinstance(event, Escalated)
    if not case.at.status.ended:
        return escalated(case)
    if event.reason not in REASONS:
        return Refusal(why="not_now")
    return returned(case) if case.at.last_agent else _queued(case, event.reason, "escalated", {})


def _queued(case: Case, reason: str, words: str, counted: Mapping[str, int]) -> Verdict:
    """Let an ended conversation wait for its team."""
    status = live(case.at.status, "queue")
    if status is None:
        return Refusal(why="not_now")
    opening = ticket(case, Escalation(team=case.at.team or case.flow.escalate.team, reason=reason))
    fields = {"status": status.value, "exited": False, "solved_by": "", "concluded": "", **FORGOTTEN}
    fields |= {**counted, **opening.pop("set")}
    return case.turned(words, set=fields, timers=(), **opening)


def awaited(at: Conversation) -> bool:
    """Return whether an assigned ticket was closed because the customer was silent: then any message reopens it."""
    return at.status is Status.CLOSED and at.last_agent != "" and not at.solved_by


def returned(case: Case) -> Verdict:
    """Assign the reopened ticket to the same agent, or to the team if the agent is gone, and alert the team.

    Who only asks for a person has not said that the problem came back.
    """
    asks = isinstance(case.event, Escalated)
    agent_available = not case.at.last_agent_gone
    status = live(case.at.status, "return" if agent_available else "queue")
    if status is None:
        return Refusal(why="not_now")
    opening = ticket(
        case,
        Escalation(team=case.at.team or case.flow.escalate.team, reason="asked" if asks else "came_back"),
    )
    fields = {
        "status": status.value,
        "solved_by": "",
        "concluded": "",
        **FORGOTTEN,
        **opening.pop("set"),
    }
    if agent_available:
        fields |= {"holder": case.at.last_agent, "holder_name": case.at.last_agent_name}
        held = "asked_held" if asks else "reopened_held"
        return case.turned(held, set=fields, timers=(), **opening)
    return case.turned("escalated" if asks else "reopened_waiting", set=fields, timers=(), **opening)


def gone(case: Case) -> Verdict:
    """Record that the end is too long ago for a reopened ticket to go to the last agent."""
    if not (case.at.last_agent and case.at.status.ended) or case.at.last_agent_gone:
        return Refusal(why="not_now")
    return case.change(set={"last_agent_gone": True})
