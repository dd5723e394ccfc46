"""Draws the trail: the steps tried and the answers given, from a walk through the journal."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from flows.acts import Act, HandedBack
from flows.effects import Change
from flows.events import OF_CONTACTS, Answered, Edited, Event, Joined, Said, Shared, Spoken
from flows.flow import STILL_WORKING, Flow
from flows.prompts import Settings, options, step_title
from flows.text.phrases import PHRASES
from flows.values import Frozen
from flows.views.walk import Frame, Walk

NOTHING: Final = Spoken()
"""What an event without words and files says."""


class Tried(Frozen):
    """One row of the trail: a step, the answer given, who gave it ('' for the contact) and when.

    `said` are the words and files that came with the answer, of the event with that `version`; `flow` has the step.
    """

    step: str
    title: str
    answer: str
    by: str
    at: int
    said: Spoken = Spoken()
    version: int = 0
    flow: str = ""


def trail(
    walk: Walk, frames: Sequence[Frame], words: Mapping[int, Spoken], settings: Settings
) -> tuple[Tried, ...]:
    """Return the steps tried and the answers given, oldest first, with the words and files beside them."""
    names = dict(filter(None, (_named_person(frame.change.event) for frame in frames)))
    found: list[Tried] = []
    for frame in frames:
        if found and is_afterthought(frame):
            said = spoken_by_contact(frame.change.event, words.get(frame.change.version))
            found[-1] = found[-1].model_copy(update={"said": _both(found[-1].said, said)})
        given = words.get(frame.change.version, NOTHING), _answered_by(frame, names)
        found += walk.drawn("trail", frame, given, partial(_rows, frame, *given, settings))
    return tuple(found)


def is_afterthought(frame: Frame) -> bool:
    """Return whether the customer wrote this before they could read the present prompt: it goes with their answer."""
    event = frame.change.event
    return isinstance(event, Said) and event.turn is not None and event.turn < frame.before.turn


def _both(first: Spoken, second: Spoken) -> Spoken:
    text = "\n".join(filter(None, (first.text, second.text, second.edited)))
    return first.model_copy(update={"text": text, "files": first.files + second.files})


def spoken_by_contact(event: Event, spoken: Spoken | None) -> Spoken:
    """Return the words and files of a customer's event; nothing for an event of anyone else (law L12)."""
    return spoken if spoken is not None and isinstance(event, OF_CONTACTS) else NOTHING


def _rows(frame: Frame, spoken: Spoken, by: str, settings: Settings) -> tuple[Tried, ...]:
    event, at, version = frame.change.event, frame.change.at, frame.change.version
    if isinstance(event, Answered) and event.choice != STILL_WORKING:
        tried = Tried.trusted(
            step=frame.before.step,
            title=title_of(frame.was, frame.before.step, settings),
            answer=label_of(frame),
            by=by,
            at=at,
            said=spoken_by_contact(event, spoken),
            version=version,
            flow=frame.before.flow,
        )
        return (tried,)
    if isinstance(event, HandedBack):
        titles = [(step, title_of(frame.now, step, settings)) for step in event.done]
        return tuple(
            Tried.trusted(step=step, title=title, answer=PHRASES["done"], by=by, at=at)
            for step, title in titles
        )
    return ()


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
