"""Converts a change to and from a line of its conversation's journal. Pure.

Most changes replace the live prompt, and such a line omits what can be derived: the ids of its effects share a stem,
the prompt's id and turn are the ones that the change sets, an answer belongs to the turn before, and the step that is
left is the current one. So lines are read in order, each with what the earlier lines have established (`Before`).
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter

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

_ANSWER: Final = "!"
"""The prefix of an answer that the contact gave to the previous turn."""


def journalled(change: Change) -> Change:
    """Return the change as the journal will return it: its event without key, places, texts and files."""
    event = change.event
    blank = {name: nothing for name, nothing in _OMITTED.items() if getattr(event, name, nothing)}
    return change.model_copy(update={"event": event.model_copy(update=blank)}) if blank else change


class Before(NamedTuple):
    """Holds what earlier lines have established, so that a line may omit it. All values are empty at the first line."""

    version: int = 0
    at: int = 0
    contact: str = ""
    turn: int = 0
    step: str = ""
    revision: str = ""
    prompt_effect: str = ""

    def then(self, change: Change) -> "Before":
        """Return what is established after a change."""
        values = change.set
        return Before(
            version=change.version,
            at=change.at,
            contact=str(values.get("contact", self.contact)),
            turn=int(str(values.get("turn", self.turn))),
            step=str(values.get("step", self.step)),
            revision=str(values.get("revision", self.revision)),
            prompt_effect=str(values.get("prompt_effect", self.prompt_effect)),
        )


def row(change: Change, before: Before, *, brief: bool = True) -> str:
    """Return the change as compact JSON. The commit script makes it a line: `[ms since the line before, change]`, plus
    the ticket's number if the change opened a ticket. The version is the line's position in the journal.

    Unless it is not to be `brief`, for releases that cannot read that, a plain answer is one text; see `_brief`.
    """
    contact = before.then(change).contact
    prompt = pack_prompt(change)
    answered = prompt is not None and _is_usual_answer(change, contact)
    if brief and answered and prompt is not None and (text := _brief(change, before, prompt)):
        return _encode(text)
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
        body = _unpack_brief(body, before)
    stored = {NAMES[short]: value for short, value in body.get("s", {}).items()}
    contact = stored.get("contact", before.contact)
    values = {name: _lengthen(name, value, contact) for name, value in stored.items()}
    effects = tuple(unpacked(*packed) for packed in body.get("f", ()))
    answered = isinstance(body["e"], str) and body["e"].startswith(_ANSWER)
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


def _brief(change: Change, before: Before, prompt: list[Any]) -> str:
    """Return an answer that does what most do as one text: the prompt's stem, the choice, the new step, and the name
    under which the choice is observed, if it is, separated by spaces. A plus sign comes first if the prompt before
    loses its buttons. '' if it does anything else.
    """
    event, fields = change.event, change.set
    choice, step = event.choice if isinstance(event, Answered) else "", fields.get("step", "")
    plain = (
        fields.keys() == _BRIEF
        and fields["turn"] == before.turn + 1
        and prompt[1:] in ([], [_usual_retire(before, choice)])
        and change.push == (before.step,)
        and change.timers == USUAL_TIMERS
        and not (change.stamp or change.promises or change.take_ticket)
        and change.cut is None
    )
    if (
        not plain
        or not isinstance(step, str)
        or any(" " in word or not word for word in (prompt[0], choice, step))
    ):
        return ""
    text = f"{_RETIRES * (len(prompt) - 1)}{prompt[0]} {choice} {step}"
    if not change.observe:
        return text
    ((name, observed), *others) = change.observe.items()
    return f"{text} {name}" if name and observed == choice and not others else ""


_BRIEF: Final = {"turn", "prompt_effect", "step"}
"""The fields that a brief line sets."""


_RETIRES: Final = "+"
"""The prefix of a brief line's text if the prompt before loses its buttons. No stem begins like that."""


def _unpack_brief(text: str, before: Before) -> dict[str, Any]:
    """Return the body of a brief line as `row` writes one that is not brief."""
    stem, choice, step, *name = text.removeprefix(_RETIRES).split(" ", 3)
    retired = [_usual_retire(before, choice)] if text.startswith(_RETIRES) else []
    return {
        "e": _ANSWER + choice,
        "T": [stem, *retired],
        "s": {FIELDS["step"]: step},
        "o": dict.fromkeys(name, choice),
    }


def _usual_retire(before: Before, choice: str) -> dict[str, str]:
    """Return how a packed prompt says that the prompt before loses its buttons, because it was answered."""
    fields = {"of": before.prompt_effect, "revision": before.revision, "step": before.step, "answer": choice}
    return {name: value for name, value in fields.items() if value}


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
        return _ANSWER + event.choice
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
    if isinstance(event, str) and event.startswith(_ANSWER):
        return Answered(actor=contact, turn=values["turn"] - 1, choice=event.removeprefix(_ANSWER))
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
