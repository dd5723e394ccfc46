"""Decides what agents' acts do: claim, reply, hand back at a step, resolve, snooze, transfer, forward.

The assignee is the one person who speaks to the customer (law L6): what would speak over the assignee is refused, and
the refusal says who is assigned.
"""

from typing import Any, Final, Literal

from flows import limits
from flows.acts import (
    Claimed,
    Concluded,
    Forwarded,
    HandedBack,
    Noted,
    Replied,
    Showed,
    Snoozed,
    Transferred,
    Woken,
    Wrote,
)
from flows.conversation import Status
from flows.effects import Change, Effect, Filing, Refusal, Relay, Tell, Timer
from flows.flow import Escalation, Flow, Step
from flows.rules.case import CLOSE, Case, Verdict
from flows.rules.escalation import ticket
from flows.rules.machine import live
from flows.rules.public_talk import overheard
from flows.rules.reopening import FORGOTTEN, ended_with
from flows.rules.ticket_reports import EMAIL
from flows.text.phrases import PHRASES

LONGEST_REASON: Final = limits.SOLUTION
"""Characters of the solution with which an agent resolves a ticket."""


def claimed(case: Case) -> Verdict:
    """Assign the ticket to the agent; of two agents who claim at once, one wins and the other learns who it is."""
    event = case.event
    assert isinstance(event, Claimed)
    if case.at.status is Status.WITH_AGENT and case.at.holder == event.actor:
        return case.change()
    if _assigned_to_another(case):
        return Refusal(why="held")
    return _assign(case, event.actor, event.name, silently=False)


def released(case: Case) -> Verdict:
    """Unassign the ticket: it waits for any agent again, and the customer gets the step back."""
    if _assigned_to_another(case):
        return Refusal(why="held")
    status = live(case.at.status, "release")
    if status is None:
        return Refusal(why="not_now")
    fields = {"status": status.value, "holder": "", "holder_name": "", "snoozed": ""}
    return _told_by(case, case.turned("released", set=fields, timers=()))


def transferred(case: Case) -> Verdict:
    """Transfer the ticket to an agent, or to a team and its channel.

    Any agent may, because the assignee may be away.
    """
    event = case.event
    assert isinstance(event, Transferred)
    if event.to:
        if case.at.status is Status.WITH_AGENT and case.at.holder == event.to:
            return case.change()
        return _assign(case, event.to, event.to_name or event.to, silently=False)
    if not event.team or not case.at.ticket_open:
        return Refusal(why="not_now")
    status = Status.WAITING
    fields = {"status": status.value, "team": event.team, "holder": "", "holder_name": "", "snoozed": ""}
    if case.at.status is Status.WITH_AGENT:
        return _told_by(case, case.turned("passed_on", set=fields, timers=()))
    return case.turned(set=fields, timers=())


def replied(case: Case) -> Verdict:
    """Send an agent's reply to the customer. A reply to an unassigned ticket claims the ticket."""
    event = case.event
    assert isinstance(event, Replied)
    if _assigned_to_another(case):
        return Refusal(why="held")
    if case.at.status is Status.CLOSED:
        return Refusal(why="not_now")
    if case.at.status is Status.WITH_AGENT:
        return _with_relay(case, case.change())
    taken = _assign(case, event.actor, event.name, silently=True)
    return _with_relay(case, taken) if isinstance(taken, Change) else taken


def noted(case: Case) -> Verdict:
    """Keep an internal note beside the journal, for agents only."""
    assert isinstance(case.event, Noted)
    return case.change()


def wrote(case: Case) -> Verdict:
    """Keep an agent's line in the customer's conversation. It never takes a ticket from another agent.

    In a private place it claims a ticket that no one is assigned to, and the bot falls silent (law L6); in a public
    place it pauses the guide.
    """
    event = case.event
    assert isinstance(event, Wrote)
    if case.at.status is Status.WITH_AGENT:
        return case.change()
    if event.public:
        return overheard(case, event.name or event.actor)
    return _assign(case, event.actor, event.name, silently=True)


def handed_back(case: Case) -> Verdict:
    """Let the bot continue at the chosen step; Back leads to the step that the customer left."""
    event = case.event
    assert isinstance(event, HandedBack)
    if _assigned_to_another(case):
        return Refusal(why="held")
    status = live(case.at.status, "hand_back")
    flow = case.flow if event.flow in ("", case.flow.id) else case.catalogue.by_id.get(event.flow)
    if status is None or flow is None:
        return Refusal(why="not_now")
    step = flow.by_id.get(event.step) if event.step else _default_step(case, flow)
    if step is None:
        return Refusal(why="not_offered", offered=tuple(each.id for each in flow.steps))
    fields: dict[str, Any] = {
        "status": status.value,
        "holder": "",
        "holder_name": "",
        "snoozed": "",
        "step": step.id,
        "exited": False,
    }
    previous = case.at.step
    if flow is not case.flow:
        fields |= {"flow": flow.id, "revision": flow.revision}
        previous = f"{case.at.flow}/{case.at.revision}/{case.at.step}"
    push = () if previous == step.id else (previous,)
    return _told_by(case, case.turned("handed_back", set=fields, push=push))


def _default_step(case: Case, flow: Flow) -> Step | None:
    """Return the step that the customer left when the agent came; of another flow, its first step."""
    return flow.by_id.get(case.at.step) if flow is case.flow else flow.first


def concluded(case: Case) -> Verdict:
    """Resolve the ticket for the agent."""
    event = case.event
    assert isinstance(event, Concluded)
    if _assigned_to_another(case):
        return Refusal(why="held")
    status = live(case.at.status, "resolve")
    if status is None:
        return Refusal(why="not_now")
    fields = {
        "status": status.value,
        "solved_by": event.actor,
        "holder": "",
        "holder_name": "",
        "snoozed": "",
        "concluded": event.reason[:LONGEST_REASON],
        **ended_with(event.actor, event.name or case.at.holder_name),
    }
    return case.turned(set=fields, timers=CLOSE, promises=("parted",))


def snoozed(case: Case) -> Verdict:
    """Hide the ticket from agents' lists for a while.

    A form of an older version may still ask to wait for the customer: after a reply that is so anyway, and without one
    the ticket comes back tomorrow.
    """
    event = case.event
    assert isinstance(event, Snoozed)
    if _assigned_to_another(case):
        return Refusal(why="held")
    if not case.at.ticket_open:
        return Refusal(why="not_now")
    if event.until == "reply" and case.at.customers_turn:
        return case.change()
    until: Literal["hour", "tomorrow"] = "hour" if event.until == "hour" else "tomorrow"
    return case.change(set={"snoozed": until}, timers=(Timer(kind="wake", after=until),))


def woken(case: Case) -> Verdict:
    """Show the ticket in agents' lists again, as when its snooze ends; the assignee stays."""
    assert isinstance(case.event, Woken)
    if _assigned_to_another(case):
        return Refusal(why="held")
    if not (case.at.snoozed and case.at.ticket_open):
        return Refusal(why="not_now")
    return case.change(set={"snoozed": ""})


def showed(case: Case) -> Verdict:
    """Send the customer a step as a message without buttons."""
    event = case.event
    assert isinstance(event, Showed)
    if _assigned_to_another(case):
        return Refusal(why="held")
    if case.at.status.ended or event.step not in case.flow.by_id:
        return Refusal(why="not_offered", offered=tuple(each.id for each in case.flow.steps))
    change = case.change()
    tell = Tell(id=case.name(0), words="step", step=event.step)
    return change.model_copy(update={"effects": (tell,)})


def allowed(case: Case) -> Verdict:
    """Show the customer that they may continue the guide; until they do, the agent stays the assignee."""
    if _assigned_to_another(case):
        return Refusal(why="held")
    if case.at.status is not Status.WITH_AGENT:
        return Refusal(why="not_now")
    if case.at.may_go_on:
        return case.change()
    return case.turned(set={"may_continue_turn": case.at.turn + 1, "snoozed": ""})


def forwarded(case: Case) -> Verdict:
    """Email the ticket to a team of the flow; the assignee stays."""
    event = case.event
    assert isinstance(event, Forwarded)
    if not case.at.ticket_open or EMAIL not in case.catalogue.backends:
        return Refusal(why="not_now")
    if case.flow.team(event.team) is None:
        return Refusal(why="not_offered", offered=tuple(team.id for team in case.flow.teams))
    filing = Filing(id=case.name(0), to=EMAIL, version=case.at.version + 1, team=event.team)
    return case.change().model_copy(update={"effects": (filing,)})


def _told_by(case: Case, change: Change) -> Change:
    """Name the agent who acted in what the change tells the customer."""
    name = getattr(case.event, "name", "") or case.at.holder_name or PHRASES["an_agent"]
    effects = (
        effect.model_copy(update={"agent": name}) if isinstance(effect, Tell) else effect
        for effect in change.effects
    )
    return change.model_copy(update={"effects": tuple(effects)})


def _assigned_to_another(case: Case) -> bool:
    return case.at.status is Status.WITH_AGENT and case.at.holder != case.event.actor


def _assign(case: Case, actor: str, name: str, *, silently: bool) -> Verdict:
    """Assign the ticket to that agent; open a ticket if there is none.

    With `silently` the bot says nothing, because the agent's own words tell the customer.
    """
    status = live(case.at.status, "claim")
    if status is None:
        return Refusal(why="not_now")
    opening = ticket(case, Escalation(team=case.at.team or case.flow.escalate.team, reason="agent_came"))
    if case.at.ticket_open:
        opening["set"] = {}
    fields = {
        "status": status.value,
        "holder": actor,
        "holder_name": name,
        "snoozed": "",
        "solved_by": "",
        "concluded": "",
        **FORGOTTEN,
        **opening.pop("set"),
    }
    turn = case.silenced if silently else case.turned
    return turn(set=fields, timers=(), **opening)


def _with_relay(case: Case, change: Change) -> Change:
    """Put the agent's reply before all other effects of the change."""
    relay: Effect = Relay(id=case.name(len(change.effects)), end="customer", version=case.at.version + 1)
    return change.model_copy(update={"effects": (relay, *change.effects)})
