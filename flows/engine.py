"""The engine: what an event does to a conversation (`advance`), and doing it (`apply`). Pure, both of them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flows.catalogue import PICKER, Catalogue
from flows.conversation import Conversation, Status
from flows.effects import Ask, Change, Effect, Refusal, Retire, Tell, Timer, effect_id
from flows.events import (
    Answered,
    Back,
    Detailed,
    Escalated,
    Event,
    Joined,
    Napped,
    Reopened,
    Restarted,
    Said,
    Started,
    TimerRang,
    Withdrawn,
)
from flows.flow import ELSEWHERE, ESCALATED, RESOLVED, Choice, Escalation, Flow
from flows.hearing import recognise, understand
from flows.machine import live, trees
from flows.prompts import options

NUDGE: Final = (Timer(kind="nudge", after="nudge"),)
CLOSE: Final = (Timer(kind="close", after="close"),)

Verdict = Change | Refusal


class _Case:
    """One event before one conversation: what every rule below looks at."""

    __slots__ = ("at", "catalogue", "event", "flow")

    def __init__(self, flow: Flow, conversation: Conversation, event: Event, catalogue: Catalogue) -> None:
        self.flow = flow
        self.at = conversation
        self.event = event
        self.catalogue = catalogue

    def change(self, *effects: Effect, **fields: Any) -> Change:
        """A change that leaves the live prompt where it is."""
        named = tuple(
            effect.model_copy(update={"id": effect_id(self.at.id, self.event.key, index)})
            for index, effect in enumerate(effects)
        )
        if self.at.nap and not isinstance(self.event, Napped):
            fields["set"] = {"nap": "", **fields.get("set", {})}
        return Change(event=_journalled(self.event), effects=named, **fields)

    def turned(self, *tells: Tell, set: Mapping[str, Any], timers: tuple[Timer, ...] = NUDGE, **fields: Any) -> Change:
        """A change that replaces the live prompt: the new one first, then the old one's buttons go."""
        turn = self.at.turn + 1
        effects: list[Effect] = [*tells, Ask(turn=turn)]
        if self.at.asked:
            effects.append(Retire(of=self.at.asked))
        asked = effect_id(self.at.id, self.event.key, len(tells))
        return self.change(
            *effects, set={**set, "turn": turn, "asked": asked}, cancels=True, timers=timers, **fields
        )


def advance(flow: Flow, conversation: Conversation, event: Event, catalogue: Catalogue) -> Verdict:
    """Decide what the event does.

    `flow` is the revision the conversation is pinned to (the picker's for one that is about to start),
    `catalogue` what is on offer now. A conversation of version 0 is blank and understands only Started.
    Returns the Change to commit, without version, time and ticket number, or the Refusal. Raises nothing for
    any event a stranger may forge.
    """
    if (conversation.version == 0) is not isinstance(event, Started):
        return Refusal(why="not_now")
    trusted = isinstance(event, Started | Joined | TimerRang)
    if not trusted and not conversation.may_answer(event.actor):
        return Refusal(why="not_yours")
    stale = _stale(conversation, event)
    if stale is not None:
        return stale
    rule = _RULES[type(event)]
    return rule(_Case(flow, conversation, event, catalogue))


def apply(conversation: Conversation, change: Change) -> Conversation:
    """The conversation after a change that the store has stamped. Used by store, tests and replay alike."""
    values: dict[str, Any] = dict(change.set)
    if "status" in values:
        values["status"] = Status(values["status"])
    if change.cut is not None or change.push:
        kept = conversation.path if change.cut is None else conversation.path[: change.cut]
        values["path"] = kept + change.push
    if change.observe:
        values["observations"] = {**conversation.observations, **change.observe}
    for name in change.stamp:
        values[name] = change.at
    if change.take_ticket:
        values["ticket"] = change.ticket
    values["version"] = change.version
    values["changed"] = change.at
    return conversation.model_copy(update=values)


def _journalled(event: Event) -> Event:
    """The event without what the journal does not keep: whose it is, its key, and people's words."""
    blank = {name: "" for name in ("key", "conversation", "text", "reach", "door") if getattr(event, name, "")}
    return event.model_copy(update=blank)


def _stale(conversation: Conversation, event: Event) -> Refusal | None:
    """A claim about another turn than the present one (law L1); Talk to a person claims none."""
    claimed = getattr(event, "turn", None)
    if isinstance(event, TimerRang) and event.status != conversation.status:
        return Refusal(why="past_turn")
    if claimed is None:
        return Refusal(why="past_turn") if isinstance(event, Answered) else None
    if claimed == conversation.turn:
        return None
    return Refusal(why="past_turn" if claimed < conversation.turn else "future_turn")


# ---------------------------------------------------------------- the beginning


def _started(case: _Case) -> Verdict:
    event = case.event
    assert isinstance(event, Started)
    found = recognise(case.catalogue.flows, event.text) if event.text and not event.flow else None
    wanted = event.flow or (found.flow if found else PICKER)
    flow = case.catalogue.by_id.get(wanted)
    if flow is None:
        return Refusal(why="unknown_flow", offered=tuple(case.catalogue.by_id))
    told = [Tell(words="intro")] if flow.intro else []
    if event.text and not event.flow and found is None:
        told.append(Tell(words="not_recognised"))
    return case.turned(
        *told,
        set=_position(flow)
        | {
            "contact": event.actor,
            "name": event.name,
            "locale": event.locale,
            "customer": event.address,
            "status": Status.GUIDING.value,
        },
        observe=found.observations if found else {},
        stamp=("began",),
    )


def _position(flow: Flow) -> dict[str, Any]:
    return {"flow": flow.id, "revision": flow.revision, "step": flow.first.id, "exited": False}


def _moved(case: _Case, trigger: str, flow: Flow, observe: Mapping[str, str]) -> Verdict:
    """Into another flow; the way back stays on the path."""
    status = live(case.at.status, "answer")
    if status is None:
        return Refusal(why="not_now")
    here = f"{case.at.flow}/{case.at.revision}/{case.at.step}"
    told = [Tell(words="intro")] if flow.intro else []
    return case.turned(
        *told, set=_position(flow) | {"status": status.value}, push=(here,), observe=observe, timers=_timers(status)
    )


def _timers(status: Status) -> tuple[Timer, ...]:
    return NUDGE if status is Status.GUIDING else ()


# ---------------------------------------------------------------- answers


def _answered(case: _Case) -> Verdict:
    event = case.event
    assert isinstance(event, Answered)
    offered = tuple(option.id for option in options(case.flow, case.at))
    if event.choice not in offered:
        return Refusal(why="not_offered", offered=offered)
    step = case.flow.by_id[case.at.step]
    if case.at.exited:
        return _resolved(case, {})
    target = trees().target(case.flow, step.id, event.choice)
    choice = step.choice(event.choice)
    if target is None or choice is None:
        return Refusal(why="not_offered", offered=offered)
    observe = dict(choice.records)
    if target == RESOLVED:
        return _resolved(case, observe | dict(step.records))
    if target.startswith(ESCALATED):
        return _exited(case, choice, observe)
    if target.startswith(ELSEWHERE):
        return _elsewhere(case, target.removeprefix(ELSEWHERE), observe)
    status = live(case.at.status, "answer")
    if status is None:
        return Refusal(why="not_now")
    return case.turned(
        set={"step": target, "status": status.value}, push=(step.id,), observe=observe, timers=_timers(status)
    )


def _resolved(case: _Case, observe: Mapping[str, str]) -> Verdict:
    status = live(case.at.status, "fix")
    if status is None:
        return Refusal(why="not_now")
    return case.turned(
        set={"status": status.value, "solved_by": case.event.actor}, observe=observe, timers=CLOSE
    )


def _exited(case: _Case, choice: Choice, observe: Mapping[str, str]) -> Verdict:
    status = live(case.at.status, "exit")
    assert choice.escalate is not None
    if status is None:
        return Refusal(why="not_now")
    ticket = _ticket(case, choice.escalate)
    fields = {"status": status.value, "exited": True, **ticket.pop("set")}
    return case.turned(set=fields, observe=observe, timers=(), **ticket)


def _elsewhere(case: _Case, flow_id: str, observe: Mapping[str, str]) -> Verdict:
    flow = case.catalogue.by_id.get(flow_id)
    if flow is None:
        # The flow was taken away after this revision was made: a person is the way that always exists (L7).
        return _escalate(case, Escalation(team=case.flow.escalate.team, reason="broken"))
    return _moved(case, "answer", flow, observe)


# ---------------------------------------------------------------- a person


def _ticket(case: _Case, escalation: Escalation) -> dict[str, Any]:
    """What opening a ticket, or adding a reason to one, sets."""
    known = case.at.reasons if case.at.ticket_open else ()
    reasons = known if escalation.reason in known else (*known, escalation.reason)
    if case.at.ticket_open:
        return {"set": {"reasons": reasons, "team": escalation.team}}
    return {
        "set": {"reasons": reasons, "team": escalation.team},
        "stamp": ("opened",),
        "take_ticket": case.at.ticket == 0,
    }


def _escalate(case: _Case, escalation: Escalation) -> Verdict:
    status = live(case.at.status, "escalate")
    if status is None:
        return Refusal(why="not_now")
    ticket = _ticket(case, escalation)
    fields = {"status": status.value, **ticket.pop("set")}
    return case.change(Tell(words="escalated"), set=fields, timers=(), **ticket)


def _escalated(case: _Case) -> Verdict:
    event = case.event
    assert isinstance(event, Escalated)
    if case.at.ticket_open:
        return case.change()
    return _escalate(case, Escalation(team=case.flow.escalate.team, reason=event.reason))


def _withdrawn(case: _Case) -> Verdict:
    status = live(case.at.status, "withdraw")
    if status is None:
        return Refusal(why="not_now")
    fields = {"status": status.value, "exited": False}
    if case.at.exited:
        return case.turned(Tell(words="withdrawn"), set=fields)
    return case.change(Tell(words="withdrawn"), set=fields, timers=NUDGE)


def _detailed(case: _Case) -> Verdict:
    event = case.event
    assert isinstance(event, Detailed)
    if case.at.ticket == 0:
        return Refusal(why="not_now")
    reasons = case.at.reasons
    if event.reason and event.reason not in reasons:
        reasons = (*reasons, event.reason)
    return case.change(Tell(words="details_kept"), set={"reasons": reasons})


# ---------------------------------------------------------------- moving about


def _back(case: _Case) -> Verdict:
    status = live(case.at.status, "back")
    if status is None or not (case.at.path or case.at.exited):
        return Refusal(why="not_now")
    fields: dict[str, Any] = {"status": status.value, "exited": False}
    if case.at.exited:
        return case.turned(set=fields, timers=_timers(status))
    place = case.at.path[-1].split("/")
    fields |= dict(zip(("flow", "revision", "step"), place, strict=True)) if len(place) > 1 else {"step": place[0]}
    return case.turned(set=fields, cut=len(case.at.path) - 1, timers=_timers(status))


def _restarted(case: _Case) -> Verdict:
    status = live(case.at.status, "restart")
    if status is None:
        return Refusal(why="not_now")
    crossings = [index for index, place in enumerate(case.at.path) if "/" in place]
    return case.turned(
        set={"status": status.value, "step": case.flow.first.id, "exited": False},
        cut=crossings[-1] + 1 if crossings else 0,
        timers=_timers(status),
    )


def _napped(case: _Case) -> Verdict:
    event = case.event
    assert isinstance(event, Napped)
    if case.at.status.ended:
        return Refusal(why="not_now")
    timer = Timer(kind="close" if event.until == "computer" else "nudge", after=event.until)
    timers = (timer,) if case.at.status is Status.GUIDING else None
    return case.change(Tell(words=f"nap_{event.until}"), set={"nap": event.until}, timers=timers)


def _reopened(case: _Case) -> Verdict:
    status = live(case.at.status, "reopen")
    if status is None:
        return Refusal(why="not_now")
    fields = {"status": status.value, "exited": False, "solved_by": ""}
    return case.turned(Tell(words="reopened"), set=fields)


def _joined(case: _Case) -> Verdict:
    actor = case.event.actor
    if case.at.may_answer(actor):
        return case.change()
    return case.change(set={"may_press": (*case.at.may_press, actor)})


def _rang(case: _Case) -> Verdict:
    event = case.event
    assert isinstance(event, TimerRang)
    if event.kind == "nudge" and case.at.status is Status.GUIDING:
        return case.change(Tell(words="nudge"), timers=CLOSE)
    status = live(case.at.status, "expire") if event.kind == "close" else None
    if status is None:
        return Refusal(why="not_now")
    told = [Tell(words="closed")] if case.at.status is Status.GUIDING else []
    return case.turned(*told, set={"status": status.value}, timers=())


# ---------------------------------------------------------------- free text


def _said(case: _Case) -> Verdict:
    """Where the words are plain they become the event they mean; else they are kept and kindly answered."""
    event = case.event
    assert isinstance(event, Said)
    if case.at.flow == PICKER and not case.at.status.ended:
        found = recognise(case.catalogue.flows, event.text)
        if found is not None:
            return _moved(case, "answer", case.catalogue.by_id[found.flow], found.observations)
    meant = _meant(case, event)
    if meant is not None:
        verdict = advance(case.flow, case.at, meant, case.catalogue)
        if isinstance(verdict, Change):
            return verdict
    if case.at.status is Status.WITH_AGENT:
        return case.change()
    words = "kept_ended" if case.at.status.ended else "kept_waiting" if case.at.ticket_open else "kept"
    return case.change(Tell(words=words))


def _meant(case: _Case, event: Said) -> Event | None:
    shown = [(option.id, option.label) for option in options(case.flow, case.at)]
    if case.at.status.ended:
        shown = [("reopen", "It's back")]
    heard = understand(shown, event.text)
    same = {"key": event.key, "actor": event.actor, "conversation": event.conversation}
    if heard is None:
        return None
    commands: dict[str, Callable[[], Event]] = {
        "back": lambda: Back(**same),
        "restart": lambda: Restarted(**same),
        "person": lambda: Escalated(**same),
        "later": lambda: Napped(until="hour", **same),
        "reopen": lambda: Reopened(**same),
    }
    if heard in commands:
        return commands[heard]()
    if case.at.status.ended:
        return Reopened(**same)
    return Answered(turn=case.at.turn, choice=heard, **same)


_RULES: Final[Mapping[type, Callable[[_Case], Verdict]]] = {
    Started: _started,
    Answered: _answered,
    Said: _said,
    Back: _back,
    Restarted: _restarted,
    Escalated: _escalated,
    Withdrawn: _withdrawn,
    Napped: _napped,
    Reopened: _reopened,
    Detailed: _detailed,
    Joined: _joined,
    TimerRang: _rang,
}
