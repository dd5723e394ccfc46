"""A change as a line of its conversation's journal, and back. Pure, both ways.

Most changes replace the live prompt, and everything such a change repeats is left out of its line: the ids of its
effects have one stem, the prompt's id and turn are those that are set, an answer was given to the turn before, the step
left behind is the one that was there. So a line is read after those before it, with what they lead to (`Before`).
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter

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
from flows.effects import Ask, Change, Effect, Retire, Tell, Timer
from flows.events import Answered, Event, Started

_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Event)

_LEFT_OUT: Final[Mapping[str, Any]] = {
    "key": "",
    "conversation": "",
    "text": "",
    "reach": "",
    "door": "",
    "files": (),
}
"""What the journal does not keep of an event: whose it is anyway, and people's words and files, which lie beside it."""

_SHORT: Final[dict[Timer, str]] = {
    Timer(kind="nudge", after="nudge"): "n",
    Timer(kind="close", after="close"): "c",
}
_LONG: Final = {letter: timer for timer, letter in _SHORT.items()}

_USUAL: Final = (Timer(kind="nudge", after="nudge"),)
"""What a new prompt arms where nothing else is said."""

_SET_BY_START: Final = {
    "address": "customer",
    "flow": "flow",
    "name": "name",
    "locale": "locale",
    "zone": "zone",
}
"""What a Started says that the change sets anyway; left out where it is the same."""

_ANSWER: Final = "!"
"""Stands before the choice of an answer by the contact to the turn before."""


def journalled(change: Change) -> Change:
    """The change as the journal gives it back: its event without its key, its place and people's words."""
    event = change.event
    blank = {name: nothing for name, nothing in _LEFT_OUT.items() if getattr(event, name, nothing)}
    return change.model_copy(update={"event": event.model_copy(update=blank)}) if blank else change


class Before(NamedTuple):
    """What a line may leave out, because the lines before it say it; nothing before the first."""

    version: int = 0
    at: int = 0
    contact: str = ""
    turn: int = 0
    step: str = ""

    def then(self, change: Change) -> "Before":
        """What the next line may leave out."""
        values = change.set
        return Before(
            version=change.version,
            at=change.at,
            contact=str(values.get("contact", self.contact)),
            turn=int(str(values.get("turn", self.turn))),
            step=str(values.get("step", self.step)),
        )


def row(change: Change, before: Before) -> str:
    """The change as compact JSON. The commit script makes the line of it: `[ms since the line before, change]`, with a
    ticket's number behind it where one was given; the version is the place in the journal.
    """
    contact = before.then(change).contact
    turned = _turned(change)
    answered = turned is not None and _answered(change, contact)
    body: dict[str, Any] = {"e": _event(change, contact, answered)}
    fields = dict(change.set)
    if turned is not None:
        body["T"] = turned if turned[1:] else turned[0]
        if fields.pop("turn") != before.turn + 1:
            body["u"] = change.set["turn"]
        del fields["prompt_effect"]
    elif change.effects:
        body["f"] = [_packed(effect) for effect in change.effects]
    rest = {
        "s": {FIELDS[name]: _short(name, value, contact) for name, value in fields.items()},
        "o": change.observe,
        "t": [FIELDS[name] for name in change.stamp],
        "n": int(change.take_ticket),
        "w": int(change.cancels and turned is None),
        "b": "".join(PROMISED[promise] for promise in change.promises),
    }
    body |= {letter: value for letter, value in rest.items() if value}
    if change.push != _left(answered, fields, before):
        body["p"] = change.push
    if change.cut is not None:
        body["c"] = change.cut
    if change.timers != (_USUAL if turned is not None else None):
        body["a"] = [_SHORT.get(timer, [timer.kind, timer.after]) for timer in change.timers or ()]
        body["a"] = body["a"] if change.timers is not None else 0
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=dict)


def unrow(text: str, before: Before) -> Change:
    """The stamped change of a journal line; `before` is what the lines before it lead to."""
    since, body, *number = json.loads(text)
    told = {NAMES[short]: value for short, value in body.get("s", {}).items()}
    contact = told.get("contact", before.contact)
    values = {name: _long(name, value, contact) for name, value in told.items()}
    effects = tuple(unpacked(*packed) for packed in body.get("f", ()))
    answered = isinstance(body["e"], str) and body["e"].startswith(_ANSWER)
    push = tuple(body["p"]) if "p" in body else _left(answered, values, before)
    if "T" in body:
        values["turn"] = body.get("u", before.turn + 1)
        effects = _effects([body["T"]] if isinstance(body["T"], str) else body["T"], values["turn"])
        values["prompt_effect"] = next(effect.id for effect in effects if isinstance(effect, Ask))
    return Change(
        event=_unevent(body, values, contact),
        set=values,
        cut=body.get("c"),
        push=push,
        observe=body.get("o", {}),
        stamp=tuple(NAMES[short] for short in body.get("t", ())),
        take_ticket="n" in body,
        effects=effects,
        timers=_timers(body["a"]) if "a" in body else _USUAL if "T" in body else None,
        cancels="w" in body or "T" in body,
        promises=tuple(PROMISES[letter] for letter in body.get("b", "")),
        version=before.version + 1,
        at=before.at + since,
        ticket=number[0] if number else 0,
    )


def _answered(change: Change, contact: str) -> bool:
    """Whether it is an answer by the contact to the turn before the one that is set."""
    event = change.event
    usual = isinstance(event, Answered) and event.turn == _turn(change) - 1
    return usual and event.actor == contact


def _left(answered: bool, fields: Mapping[str, Any], before: Before) -> tuple[str, ...]:
    """What an answer puts on the path where nothing else is said: the step it leaves."""
    return (before.step,) if answered and "step" in fields else ()


def _event(change: Change, contact: str, answered: bool) -> Any:
    event = change.event
    if answered and isinstance(event, Answered):
        return _ANSWER + event.choice
    dumped = event.model_dump(exclude_defaults=True, exclude=set(_LEFT_OUT))
    if isinstance(event, Started):
        told = [
            name
            for name, field in _SET_BY_START.items()
            if name in dumped and dumped[name] == change.set.get(field)
        ]
        dumped = {name: value for name, value in dumped.items() if name not in told} | (
            {"=": "".join(name[0] for name in told)} if told else {}
        )
    if dumped.get("actor") == contact:
        del dumped["actor"]
    elif event.actor == "":
        dumped["actor"] = ""
    return [event.type, dumped] if dumped else event.type


def _unevent(body: dict[str, Any], values: Mapping[str, Any], contact: str) -> Event:
    told = body["e"]
    if isinstance(told, str) and told.startswith(_ANSWER):
        return Answered(actor=contact, turn=values["turn"] - 1, choice=told.removeprefix(_ANSWER))
    kind, dumped = told if isinstance(told, list) else (told, {})
    told_by_set = dumped.pop("=", "")
    dumped |= {name: values[field] for name, field in _SET_BY_START.items() if name[0] in told_by_set}
    return _EVENT.validate_python({"type": kind, "actor": contact, **dumped})


def _turn(change: Change) -> int:
    return int(str(change.set["turn"]))


def _turned(change: Change) -> list[Any] | None:
    """The stem of the ids, the words told, and what is retired; None unless `_effects` gives the same again."""
    if not change.cancels or not {"turn", "prompt_effect"} <= set(change.set):
        return None
    stem = str(change.set["prompt_effect"]).rpartition(".")[0]
    told = [effect.words for effect in change.effects if isinstance(effect, Tell)]
    retired = [
        effect.model_dump(exclude_defaults=True, exclude={"kind", "id"})
        for effect in change.effects
        if isinstance(effect, Retire)
    ]
    packed = [stem, *told, *retired]
    same = _effects(packed, _turn(change)) == change.effects
    asked = [effect.id for effect in change.effects if isinstance(effect, Ask)]
    return packed if same and asked == [change.set["prompt_effect"]] else None


def _effects(packed: list[Any], turn: int) -> tuple[Effect, ...]:
    stem, *rest = packed
    told = [words for words in rest if isinstance(words, str)]
    retired = [entry for entry in rest if isinstance(entry, dict)]
    effects: list[Effect] = [Tell(id=f"{stem}.{index}", words=words) for index, words in enumerate(told)]
    effects.append(Ask(id=f"{stem}.{len(effects)}", turn=turn))
    for entry in retired:
        effects.append(Retire(id=f"{stem}.{len(effects)}", **entry))
    return tuple(effects)


def _packed(effect: Effect) -> list[Any]:
    rest = effect.model_dump(exclude_defaults=True, exclude={"kind", "id"})
    return [effect.kind, effect.id, rest] if rest else [effect.kind, effect.id]


def _timers(packed: list[Any] | int) -> tuple[Timer, ...] | None:
    if isinstance(packed, int):
        return None
    return tuple(
        _LONG[timer] if isinstance(timer, str) else Timer(kind=timer[0], after=timer[1]) for timer in packed
    )


def _short(name: str, value: Any, contact: str) -> Any:
    """A status as its letter; an address that ends in the contact's own name as a list of what stands before that."""
    person = contact.partition(":")[2]
    if name == "customer" and person and value.endswith(person):
        return [value.removesuffix(person)]
    return LETTERS[Status(value)] if name == "status" else value


def _long(name: str, value: Any, contact: str) -> Any:
    if name == "customer" and isinstance(value, list):
        return value[0] + contact.partition(":")[2]
    if name == "status":
        return STATUSES[value].value
    return tuple(value) if name in LISTS else value
