"""Draws the trail: the steps tried and the answers given, from a walk through the journal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from flows.acts import Act, HandedBack
from flows.conversation import Conversation
from flows.effects import Change
from flows.engine import apply
from flows.events import Answered, Detailed, Edited, Event, Joined, Said, Shared, Spoken, Started
from flows.flow import Flow
from flows.prompts import Settings, options, step_title
from flows.text.phrases import PHRASES
from flows.values import Frozen

SAID: Final = (Started, Said, Detailed)
"""Events that hold a customer's words."""


class Frame(Frozen):
    """A change with the conversation and flow before and after it."""

    before: Conversation
    after: Conversation
    change: Change
    was: Flow
    now: Flow


class Tried(Frozen):
    """One row of the trail: a step, the answer given, who gave it ('' for the contact) and when."""

    step: str
    title: str
    answer: str
    by: str
    at: int


def replay(conversation_id: str, rows: Sequence[Change], flows: Mapping[str, Flow]) -> Iterator[Frame]:
    """Walk the journal again, change by change."""
    at = Conversation(id=conversation_id)
    for row in rows:
        after = apply(at, row)
        now = flows[after.revision]
        yield Frame(before=at, after=after, change=row, was=flows.get(at.revision, now), now=now)
        at = after


def trail(frames: Sequence[Frame], settings: Settings) -> tuple[Tried, ...]:
    """Return the steps tried and the answers given, oldest first."""
    names = dict(filter(None, (_named_person(frame.change.event) for frame in frames)))
    return tuple(row for frame in frames for row in _rows(frame, names, settings))


def _rows(frame: Frame, names: Mapping[str, str], settings: Settings) -> Iterator[Tried]:
    event, at = frame.change.event, frame.change.at
    if isinstance(event, Answered):
        title = title_of(frame.was, frame.before.step, settings)
        yield Tried(
            step=frame.before.step, title=title, answer=label_of(frame), by=_answered_by(frame, names), at=at
        )
    elif isinstance(event, HandedBack):
        for step in event.done:
            title = title_of(frame.now, step, settings)
            yield Tried(step=step, title=title, answer=PHRASES["done"], by=_answered_by(frame, names), at=at)


def _named_person(event: Event) -> tuple[str, str] | None:
    """Return a further person's actor and name, if the event has them."""
    if isinstance(event, Joined | Act) and event.name:
        return event.actor, event.name
    if isinstance(event, Shared) and event.name:
        return event.to, event.name
    return None


def _answered_by(frame: Frame, names: Mapping[str, str]) -> str:
    """Return who answered, by name if the name is known; '' for the contact."""
    actor = frame.change.event.actor
    return "" if actor in ("", frame.before.contact) else names.get(actor, actor)


def amended(rows: Sequence[Change]) -> frozenset[int]:
    """Return the versions whose words were edited or deleted later."""
    edits = (row.event.version for row in rows if isinstance(row.event, Edited))
    return frozenset(version for version in edits if version)


def label_of(frame: Frame) -> str:
    """Return the label of the pressed button."""
    event = frame.change.event
    assert isinstance(event, Answered)
    shown = {option.id: option.label for option in options(frame.was, frame.before)}
    return shown.get(event.choice, event.choice)


def title_of(flow: Flow, step_id: str, settings: Settings) -> str:
    """Return a step's title, or its id if the flow has no such step."""
    step = flow.by_id.get(step_id)
    return step_title(step, flow, settings) if step else step_id


def customers_words(frames: Sequence[Frame], words: Mapping[int, Spoken]) -> Iterator[str]:
    """Yield the customer's words and the names of their files; never agents' words, least of all notes (L12)."""
    by_customers = {frame.change.version for frame in frames if isinstance(frame.change.event, SAID)}
    for version, said in sorted(words.items()):
        if version not in by_customers:
            continue
        if said.text:
            yield said.text
        yield from (f"[{file.name}]" for file in said.files)
