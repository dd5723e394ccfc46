"""Walks a flow: decides about the start, answers, Back and Start over."""

from collections.abc import Mapping
from typing import Any

from flows.catalogue import PICKER
from flows.conversation import Status
from flows.effects import Refusal
from flows.events import Answered, Started
from flows.flow import ELSEWHERE, ESCALATED, RESOLVED, Choice, Escalation, Flow
from flows.prompts import answers
from flows.rules.case import NUDGE, Case, Verdict, timers_for
from flows.rules.escalation import escalate, ticket
from flows.rules.first_words import FirstWords, first_words, suggested_at_start
from flows.rules.follow_up import confirmed, timers_after_fix
from flows.rules.machine import live, trees
from flows.text.starts import recognise


def started(case: Case) -> Verdict:
    """Start at the chosen flow, at the flow whose error text the customer pasted, or at the picker."""
    event = case.event
    assert isinstance(event, Started)
    chosen = case.catalogue.by_id.get(event.flow)
    among = case.catalogue.flows if chosen is None else (chosen,)
    found = recognise(among, event.text) if event.text else None
    wanted = event.flow or (found.flow if found else PICKER)
    flow = case.catalogue.by_id.get(wanted)
    if flow is None:
        return Refusal(why="unknown_flow", offered=tuple(case.catalogue.by_id))
    words = ["intro"] if flow.intro and not event.ticket else []
    unknown = bool(event.text) and not event.flow and found is None
    first = first_words(case, event, flow) if unknown or event.ticket else FirstWords()
    if unknown and not first.known:
        words.append("not_recognised")
    change = case.turned(
        *words,
        *first.tells,
        set=_first_step_of(flow)
        | {
            "contact": event.actor,
            "name": event.name,
            "locale": event.locale,
            "zone": event.zone,
            "customer": event.address,
            "status": Status.GUIDING.value,
        }
        | first.fields,
        observe=found.observations if found else {},
        stamp=("began_at", *first.stamp),
        take_ticket=first.opens_ticket,
        timers=() if first.opens_ticket else NUDGE,
    )
    return suggested_at_start(case, change, first.suggested)


def _first_step_of(flow: Flow) -> dict[str, Any]:
    return {"flow": flow.id, "revision": flow.revision, "step": flow.first.id, "exited": False}


def moved(case: Case, flow: Flow, observe: Mapping[str, str]) -> Verdict:
    """Go to another flow; the path keeps the present step, so that Back returns to it."""
    status = live(case.at.status, "answer")
    if status is None:
        return Refusal(why="not_now")
    previous = f"{case.at.flow}/{case.at.revision}/{case.at.step}"
    words = ["intro"] if flow.intro else []
    return case.turned(
        *words,
        set=_first_step_of(flow) | {"status": status.value},
        push=(previous,),
        observe=observe,
        timers=timers_for(status),
    )


def answered(case: Case) -> Verdict:
    """Follow an answer that is on screen to the state that the tree names."""
    event = case.event
    assert isinstance(event, Answered)
    if event.choice not in (offered := answers(case.flow, case.at)):
        return Refusal(why="not_offered", offered=offered)
    if case.at.status is Status.RESOLVED:
        return confirmed(case)
    step = case.flow.by_id[case.at.step]
    if case.at.exited:
        return _resolve(case, {})
    target = trees().target(case.flow, step.id, event.choice)
    choice = step.choice(event.choice)
    if target is None or choice is None:
        return Refusal(why="not_offered", offered=offered)
    observe = dict(choice.records)
    if target == RESOLVED:
        return _resolve(case, observe | dict(step.records))
    if target.startswith(ESCALATED):
        return _exit(case, choice, observe)
    if target.startswith(ELSEWHERE):
        return _enter_flow(case, target.removeprefix(ELSEWHERE), observe)
    status = live(case.at.status, "answer")
    if status is None:
        return Refusal(why="not_now")
    return case.turned(
        set={"step": target, "status": status.value},
        push=(step.id,),
        observe=observe,
        timers=timers_for(status),
    )


def _resolve(case: Case, observe: Mapping[str, str]) -> Verdict:
    status = live(case.at.status, "fix")
    if status is None:
        return Refusal(why="not_now")
    return case.turned(
        set={"status": status.value, "solved_by": case.event.actor, "follow_up": ""},
        observe=observe,
        timers=timers_after_fix(case),
    )


def _exit(case: Case, choice: Choice, observe: Mapping[str, str]) -> Verdict:
    status = live(case.at.status, "exit")
    assert choice.escalate is not None
    if status is None:
        return Refusal(why="not_now")
    opening = ticket(case, choice.escalate)
    fields = {"status": status.value, "exited": True, **opening.pop("set")}
    return case.turned(set=fields, observe=observe, timers=(), **opening)


def _enter_flow(case: Case, flow_id: str, observe: Mapping[str, str]) -> Verdict:
    flow = case.catalogue.by_id.get(flow_id)
    if flow is None:
        # The operator removed the flow after this revision was made: a person can always help (L7).
        return escalate(case, Escalation(team=case.flow.escalate.team, reason="broken"))
    return moved(case, flow, observe)


def back(case: Case) -> Verdict:
    """Return to the step before, or from an exit to the step that led there."""
    status = live(case.at.status, "back")
    if status is None or not (case.at.path or case.at.exited):
        return Refusal(why="not_now")
    fields: dict[str, Any] = {"status": status.value, "exited": False}
    if case.at.exited:
        return case.turned(set=fields, timers=timers_for(status))
    place = case.at.path[-1].split("/")
    fields |= (
        dict(zip(("flow", "revision", "step"), place, strict=True)) if len(place) > 1 else {"step": place[0]}
    )
    return case.turned(set=fields, cut=len(case.at.path) - 1, timers=timers_for(status))


def restarted(case: Case) -> Verdict:
    """Return to the first step of the customer's present flow."""
    status = live(case.at.status, "restart")
    if status is None:
        return Refusal(why="not_now")
    crossings = [index for index, place in enumerate(case.at.path) if "/" in place]
    return case.turned(
        set={"status": status.value, "step": case.flow.first.id, "exited": False},
        cut=crossings[-1] + 1 if crossings else 0,
        timers=timers_for(status),
    )
