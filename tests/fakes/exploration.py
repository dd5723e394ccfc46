"""Finds every situation that a customer can reach in a flow, by sending every possible event in each of them."""

from collections.abc import Iterator
from functools import cached_property

from flows.catalogue import Catalogue
from flows.conversation import Conversation, Status
from flows.effects import Change, Tell
from flows.engine import advance, apply
from flows.events import (
    REASONS,
    Answered,
    Back,
    Detailed,
    Escalated,
    Event,
    Napped,
    Reopened,
    Restarted,
    Said,
    Started,
    TimerRang,
    Withdrawn,
)
from flows.flow import Flow, Step
from flows.prompts import Prompt, answers, prompt, tell_words
from flows.text.markup.words import plain
from flows.values import Frozen

SPOKEN = (
    "works now",
    "no",
    "blank",
    "dots",
    "I have it",
    "human please",
    "it's back",
    "start over",
    "hello there",
)

Given = tuple[tuple[str, str], ...]
"""The answers that led to a situation, in order, each with its step. Back removes the last one."""


class Situation(Frozen):
    """A customer's conversation at one point, the answers that led there, and the screen."""

    flow: Flow
    at: Conversation
    given: Given = ()

    @property
    def asks(self) -> bool:
        """Return whether the screen shows a step and not a card."""
        return self.at.status in (Status.GUIDING, Status.WAITING) and not self.at.exited

    @property
    def step(self) -> Step:
        return self.flow.by_id[self.at.step]

    @property
    def circles(self) -> bool:
        """Return whether the path contains this step already, so that the flow would continue in a circle forever."""
        return self.at.step in self.at.path

    @cached_property
    def shown(self) -> Prompt:
        return prompt(self.flow, self.at, {})

    @cached_property
    def text(self) -> str:
        """Return all text on the screen."""
        shown = self.shown
        words = shown.text + shown.test + shown.why + shown.warning + shown.again
        return "\n".join([shown.title, plain(words), *(option.label for option in shown.choices)])

    def chose(self, step: str, choice: str) -> bool:
        return (step, choice) in self.given

    def __str__(self) -> str:
        way = " ".join(f"{step}:{choice}" for step, choice in self.given)
        return f"{self.at.status} at {self.at.step}{'!' if self.at.exited else ''} by [{way}]"


class Move(Frozen):
    """An event in a situation, with the change it makes and the situation after it."""

    before: Situation
    event: Event
    change: Change
    after: Situation

    @property
    def answer(self) -> str:
        """Return the choice that the engine understood; '' if the event was not an answer."""
        return self.change.event.choice if isinstance(self.change.event, Answered) else ""

    @property
    def said(self) -> str:
        """Return what the bot says besides the prompt."""
        tells = [effect for effect in self.change.effects if isinstance(effect, Tell)]
        return "\n".join(plain(tell_words(tell.words, self.after.flow, self.after.at, {})) for tell in tells)

    def __str__(self) -> str:
        return f"{self.before} -- {self.event.type} {self.answer} --> {self.after}"


def explore(flow: Flow) -> Iterator[Move]:
    """Yield every move in every reachable situation, breadth first. A circle is followed once."""
    start = _start(flow)
    seen, waiting = {_key(start)}, [start]
    for situation in waiting:
        for move in _moves(situation):
            yield move
            if _key(move.after) not in seen and not move.after.circles:
                seen.add(_key(move.after))
                waiting.append(move.after)


def _start(flow: Flow) -> Situation:
    first = Started(key="start", actor="ana", door="web/ana", flow=flow.id)
    verdict = advance(flow, Conversation(id="07"), first, Catalogue(flows=(flow,)))
    assert isinstance(verdict, Change)
    return Situation(flow=flow, at=_stamped(Conversation(id="07"), verdict))


def _moves(situation: Situation) -> Iterator[Move]:
    at, shelf = situation.at, Catalogue(flows=(situation.flow,))
    for event in _events(situation):
        verdict = advance(situation.flow, at, event, shelf)
        if isinstance(verdict, Change):
            after = _stamped(at, verdict)
            given = situation.given[: len(after.path)]
            if isinstance(verdict.event, Answered) and len(after.path) > len(at.path):
                given = (*situation.given, (at.step, verdict.event.choice))
            yield Move(
                before=situation,
                event=event,
                change=verdict,
                after=Situation(flow=situation.flow, at=after, given=given),
            )


def _events(situation: Situation) -> Iterator[Event]:
    """Yield every event that anyone can send here, including choices that the step does not offer."""
    at = situation.at
    every = {choice.id for step in situation.flow.steps for choice in step.choices}
    events: list[Event] = [Answered(turn=at.turn, choice=choice) for choice in sorted(every)]
    events += [Said(text=text, turn=at.turn) for text in SPOKEN]
    events += [Back(), Restarted(), Withdrawn(), Reopened(), Napped(), Detailed(text="x")]
    events += [Escalated(reason=reason) for reason in REASONS]
    events += [TimerRang(kind=kind, turn=at.turn, status=at.status) for kind in ("nudge", "close")]
    for number, event in enumerate(events):
        yield event.model_copy(update={"key": f"{at.version}-{number}", "actor": "ana"})


def _stamped(at: Conversation, change: Change) -> Conversation:
    return apply(at, change.model_copy(update={"version": at.version + 1, "at": 1, "ticket": 71}))


def _key(situation: Situation) -> tuple[object, ...]:
    """Return what identifies a situation. Times and the number of messages do not count."""
    at = situation.at
    return (at.status, at.step, at.exited, at.path, situation.given, at.ticket, at.team, bool(at.reasons))


def offered(situation: Situation) -> tuple[str, ...]:
    return answers(situation.flow, situation.at)
