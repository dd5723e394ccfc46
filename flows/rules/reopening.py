"""It is back: to the agent who had it while they are there, later to their team, else on with the guide."""

from typing import Any, Final

from flows.conversation import Conversation, Status
from flows.effects import Refusal
from flows.flow import Escalation
from flows.rules.case import QUIET, Case, Verdict
from flows.rules.escalation import ticket
from flows.rules.machine import live

FORGOTTEN: Final[dict[str, Any]] = {"last_agent": "", "last_agent_name": "", "last_agent_gone": False}
"""What is set when somebody has it again, or it waits for anybody."""


def ended_with(actor: str, name: str) -> dict[str, Any]:
    """What is set when a conversation ends in an agent's hands; nobody's leave nothing."""
    return (
        {"last_agent": actor, "last_agent_name": name, "last_agent_gone": False} if actor else dict(FORGOTTEN)
    )


def reopened(case: Case) -> Verdict:
    """It's back: to the agent who solved it; the guide goes on at the step that fixed it where no agent did."""
    if case.at.last_agent:
        return returned(case)
    status = live(case.at.status, "reopen")
    if status is None:
        return Refusal(why="not_now")
    fields = {"status": status.value, "exited": False, "solved_by": "", "concluded": ""}
    return case.turned("reopened", set=fields)


def awaited(at: Conversation) -> bool:
    """Whether it was closed in an agent's hands because the customer was silent: then any word is the awaited one."""
    return at.status is Status.CLOSED and at.last_agent != "" and not at.solved_by


def returned(case: Case) -> Verdict:
    """The same agent, or the team where they have gone; either way with its ticket, and the team is alerted."""
    there = not case.at.last_agent_gone
    status = live(case.at.status, "return" if there else "queue")
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
    if there:
        fields |= {"holder": case.at.last_agent, "holder_name": case.at.last_agent_name}
        return case.turned("reopened_held", set=fields, timers=QUIET, **opening)
    return case.turned("reopened_waiting", set=fields, timers=(), **opening)


def gone(case: Case) -> Verdict:
    """So long after the end nobody counts on them any more."""
    if not (case.at.last_agent and case.at.status.ended) or case.at.last_agent_gone:
        return Refusal(why="not_now")
    return case.change(set={"last_agent_gone": True})
