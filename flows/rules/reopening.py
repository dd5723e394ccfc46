"""Decides who gets a problem that is back: the last agent, later their team; without an agent, the guide."""

from typing import Any, Final

from flows.conversation import Conversation, Status
from flows.effects import Refusal
from flows.flow import Escalation
from flows.rules.case import QUIET, Case, Verdict
from flows.rules.escalation import ticket
from flows.rules.machine import live

FORGOTTEN: Final[dict[str, Any]] = {"last_agent": "", "last_agent_name": "", "last_agent_gone": False}
"""Fields to set when a ticket is assigned again, or waits for any agent."""


def ended_with(actor: str, name: str) -> dict[str, Any]:
    """Return the fields to set when a conversation ends; without an assignee it leaves no last agent."""
    return (
        {"last_agent": actor, "last_agent_name": name, "last_agent_gone": False} if actor else dict(FORGOTTEN)
    )


def reopened(case: Case) -> Verdict:
    """Reopen for the agent who resolved the ticket; without an agent, continue at the step that fixed the problem."""
    if case.at.last_agent:
        return returned(case)
    status = live(case.at.status, "reopen")
    if status is None:
        return Refusal(why="not_now")
    fields = {"status": status.value, "exited": False, "solved_by": "", "concluded": ""}
    return case.turned("reopened", set=fields)


def awaited(at: Conversation) -> bool:
    """Return whether an assigned ticket was closed because the customer was silent: then any message reopens it."""
    return at.status is Status.CLOSED and at.last_agent != "" and not at.solved_by


def returned(case: Case) -> Verdict:
    """Assign the reopened ticket to the same agent, or to the team if the agent is gone, and alert the team."""
    agent_available = not case.at.last_agent_gone
    status = live(case.at.status, "return" if agent_available else "queue")
    if status is None:
        return Refusal(why="not_now")
    opening = ticket(case, Escalation(team=case.at.team or case.flow.escalate.team, reason="came_back"))
    fields = {
        "status": status.value,
        "solved_by": "",
        "concluded": "",
        **FORGOTTEN,
        **opening.pop("set"),
    }
    if agent_available:
        fields |= {"holder": case.at.last_agent, "holder_name": case.at.last_agent_name}
        return case.turned("reopened_held", set=fields, timers=QUIET, **opening)
    return case.turned("reopened_waiting", set=fields, timers=(), **opening)


def gone(case: Case) -> Verdict:
    """Record that the end is too long ago for a reopened ticket to go to the last agent."""
    if not (case.at.last_agent and case.at.status.ended) or case.at.last_agent_gone:
        return Refusal(why="not_now")
    return case.change(set={"last_agent_gone": True})
