"""Converts a change to and from a line of its conversation's journal. Pure.

Most changes replace the live prompt, and such a line omits what can be derived: the ids of its effects share a stem,
the prompt's id and turn are the ones that the change sets, an answer belongs to the turn before, and the step that is
left is the current one. So lines are read in order, each with what the earlier lines have established (`Before`).
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from adapters.storage.records.journal.before import Before
from adapters.storage.records.journal.plain_answers import ANSWER, brief_text, unpack_brief
from adapters.storage.records.journal.prompts import USUAL_TIMERS, pack_prompt, turn_of, unpack_prompt
from adapters.storage.records.record import (
    FIELDS,
    LETTERS,
    LISTS,
    NAMES,
    PROMISED,
    PROMISES,
    STATUSES,
    unpacked,
)
from flows.conversation import Status
from flows.effects import Ask, Change, Effect, Timer
from flows.events import Answered, Event, Started

_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Event)

_OMITTED: Final[Mapping[str, Any]] = {
    "key": "",
    "conversation": "",
    "text": "",
    "styled": (),
    "reach": "",
    "door": "",
    "files": (),
}
"""Fields of an event that a line omits. Texts and files are stored beside the journal; the rest is known elsewhere."""

_TIMER_LETTERS: Final[dict[Timer, str]] = {
    Timer(kind="nudge", after="nudge"): "n",
    Timer(kind="close", after="close"): "c",
}
_LETTER_TIMERS: Final = {letter: timer for timer, letter in _TIMER_LETTERS.items()}

_SET_BY_START: Final = {
    "address": "customer",
    "flow": "flow",
    "name": "name",
    "locale": "locale",
    "zone": "zone",
}
"""Fields of a Started event and the conversation's fields that the change sets; equal values are omitted."""


def journalled(change: Change) -> Change:
    """Return the change as the journal will return it: its event without key, places, texts and files."""
    event = change.event
    blank = {name: nothing for name, nothing in _OMITTED.items() if getattr(event, name, nothing)}
    return change.model_copy(update={"event": event.model_copy(update=blank)}) if blank else change


def row(change: Change, before: Before, *, brief: bool = True) -> str:
    """Return the change as compact JSON. The commit script makes it a line: `[ms since the line before, change]`, plus
    the ticket's number if the change opened a ticket. The version is the line's position in the journal.

    Unless it is not to be `brief`, for releases that cannot read that, a plain answer is one text; see `_brief`.
    """
    if brief and (text := brief_text(change, before)):
        return _encode(text)
    contact = before.then(change).contact
    prompt = pack_prompt(change)
    answered = prompt is not None and _is_usual_answer(change, contact)
    body: dict[str, Any] = {"e": _pack_event(change, contact, answered)}
    fields = dict(change.set)
    if prompt is not None:
        body["T"] = prompt if prompt[1:] else prompt[0]
        if fields.pop("turn") != before.turn + 1:
            body["u"] = change.set["turn"]
        del fields["prompt_effect"]
    elif change.effects:
        body["f"] = [_pack_effect(effect) for effect in change.effects]
    rest = {
        "s": {FIELDS[name]: _shorten(name, value, contact) for name, value in fields.items()},
        "o": change.observe,
        "t": [FIELDS[name] for name in change.stamp],
        "n": int(change.take_ticket),
        "w": int(change.cancels and prompt is None),
        "b": "".join(PROMISED[promise] for promise in change.promises),
    }
    body |= {letter: value for letter, value in rest.items() if value}
    if change.push != _step_left(answered, fields, before):
        body["p"] = change.push
    if change.cut is not None:
        body["c"] = change.cut
    if change.timers != (USUAL_TIMERS if prompt is not None else None):
        body["a"] = [_TIMER_LETTERS.get(timer, [timer.kind, timer.after]) for timer in change.timers or ()]
        body["a"] = body["a"] if change.timers is not None else 0
    return _encode(body)


_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=dict).encode


def unrow(text: str, before: Before) -> Change:
    """Return the stamped change of a line. `before` is what the earlier lines have established."""
    since, body, *number = json.loads(text)
    if isinstance(body, str):
        body = unpack_brief(body, before)
    stored = {NAMES[short]: value for short, value in body.get("s", {}).items()}
    contact = stored.get("contact", before.contact)
    values = {name: _lengthen(name, value, contact) for name, value in stored.items()}
    effects = tuple(unpacked(*packed) for packed in body.get("f", ()))
    answered = isinstance(body["e"], str) and body["e"].startswith(ANSWER)
    push = tuple(body["p"]) if "p" in body else _step_left(answered, values, before)
    if "T" in body:
        values["turn"] = body.get("u", before.turn + 1)
        effects = unpack_prompt([body["T"]] if isinstance(body["T"], str) else body["T"], values["turn"])
        values["prompt_effect"] = next(effect.id for effect in effects if isinstance(effect, Ask))
    return Change(
        event=_unpack_event(body, values, contact),
        set=values,
        cut=body.get("c"),
        push=push,
        observe=body.get("o", {}),
        stamp=tuple(NAMES[short] for short in body.get("t", ())),
        take_ticket="n" in body,
        effects=effects,
        timers=_unpack_timers(body["a"]) if "a" in body else USUAL_TIMERS if "T" in body else None,
        cancels="w" in body or "T" in body,
        promises=tuple(PROMISES[letter] for letter in body.get("b", "")),
        version=before.version + 1,
        at=before.at + since,
        ticket=number[0] if number else 0,
    )


def _is_usual_answer(change: Change, contact: str) -> bool:
    """Return whether the change is the contact's answer to the turn before the one that the change sets."""
    event = change.event
    usual = isinstance(event, Answered) and event.turn == turn_of(change) - 1
    return usual and event.actor == contact


def _step_left(answered: bool, fields: Mapping[str, Any], before: Before) -> tuple[str, ...]:
    """Return the steps that an answer adds to the path unless its line says otherwise: the step it leaves."""
    return (before.step,) if answered and "step" in fields else ()


def _pack_event(change: Change, contact: str, answered: bool) -> Any:
    event = change.event
    if answered and isinstance(event, Answered):
        return ANSWER + event.choice
    dumped = event.model_dump(exclude_defaults=True, exclude=set(_OMITTED))
    if isinstance(event, Started):
        equal = [
            name
            for name, field in _SET_BY_START.items()
            if name in dumped and dumped[name] == change.set.get(field)
        ]
        dumped = {name: value for name, value in dumped.items() if name not in equal} | (
            {"=": "".join(name[0] for name in equal)} if equal else {}
        )
    if dumped.get("actor") == contact:
        del dumped["actor"]
    elif event.actor == "":
        dumped["actor"] = ""
    return [event.type, dumped] if dumped else event.type


def _unpack_event(body: dict[str, Any], values: Mapping[str, Any], contact: str) -> Event:
    event = body["e"]
    if isinstance(event, str) and event.startswith(ANSWER):
        return Answered(actor=contact, turn=values["turn"] - 1, choice=event.removeprefix(ANSWER))
    kind, dumped = event if isinstance(event, list) else (event, {})
    equal = dumped.pop("=", "")
    dumped |= {name: values[field] for name, field in _SET_BY_START.items() if name[0] in equal}
    return _EVENT.validate_python({"type": kind, "actor": contact, **dumped})


def _pack_effect(effect: Effect) -> list[Any]:
    rest = effect.model_dump(exclude_defaults=True, exclude={"kind", "id"})
    return [effect.kind, effect.id, rest] if rest else [effect.kind, effect.id]


def _unpack_timers(packed: list[Any] | int) -> tuple[Timer, ...] | None:
    if isinstance(packed, int):
        return None
    return tuple(
        _LETTER_TIMERS[timer] if isinstance(timer, str) else Timer(kind=timer[0], after=timer[1])
        for timer in packed
    )


def _shorten(name: str, value: Any, contact: str) -> Any:
    """Shorten a value: a status to its letter, an address that ends in the contact's id to a list of its beginning."""
    person = contact.partition(":")[2]
    if name == "customer" and person and value.endswith(person):
        return [value.removesuffix(person)]
    return LETTERS[Status(value)] if name == "status" else value


def _lengthen(name: str, value: Any, contact: str) -> Any:
    if name == "customer" and isinstance(value, list):
        return value[0] + contact.partition(":")[2]
    if name == "status":
        return STATUSES[value].value
    return tuple(value) if name in LISTS else value
