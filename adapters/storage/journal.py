"""A change as a line of its conversation's journal, and back. Pure, both ways.

Most changes replace the live prompt, and everything such a change repeats is left out of its line: the ids of its
effects have one stem, the prompt's id and turn are those that are set, an answer was given to the turn before.
"""

import json
from typing import Any, Final

from pydantic import TypeAdapter

from adapters.storage.record import FIELDS, LETTERS, LISTS, NAMES, STATUSES, unpacked
from flows.conversation import Status
from flows.effects import Ask, Change, Effect, Retire, Tell, Timer
from flows.events import Answered, Event, Started

_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Event)

_LEFT_OUT: Final = ("key", "conversation", "text", "reach", "door")
"""What the journal does not keep of an event: whose it is anyway, and people's words, which lie beside it."""

_SHORT: Final[dict[Timer, str]] = {
    Timer(kind="nudge", after="nudge"): "n",
    Timer(kind="close", after="close"): "c",
}
_LONG: Final = {letter: timer for timer, letter in _SHORT.items()}

_SET_BY_START: Final = {"address": "customer", "flow": "flow", "name": "name", "locale": "locale"}
"""What a Started says that the change sets anyway; left out where it is the same."""

_ANSWER: Final = "!"
"""Stands before the choice of an answer by the contact to the turn before."""


def journalled(change: Change) -> Change:
    """The change as the journal gives it back: its event without its key, its place and people's words."""
    event = change.event
    blank = {name: "" for name in _LEFT_OUT if getattr(event, name, "")}
    return change.model_copy(update={"event": event.model_copy(update=blank)}) if blank else change


def row(change: Change, contact: str) -> str:
    """The change as compact JSON, without version, time and number, which the commit script puts before it."""
    turned = _turned(change)
    body: dict[str, Any] = {"e": _event(change, contact, turned is not None)}
    fields = dict(change.set)
    if turned is not None:
        body["T"] = turned if turned[1:] else turned[0]
        body["u"] = fields.pop("turn")
        del fields["asked"]
    elif change.effects:
        body["f"] = [_packed(effect) for effect in change.effects]
    rest = {
        "s": {FIELDS[name]: _short(name, value) for name, value in fields.items()},
        "p": change.push,
        "o": change.observe,
        "t": [FIELDS[name] for name in change.stamp],
        "n": int(change.take_ticket),
        "w": int(change.cancels and turned is None),
    }
    body |= {letter: value for letter, value in rest.items() if value}
    if change.cut is not None:
        body["c"] = change.cut
    if change.timers is not None:
        body["a"] = [_SHORT.get(timer, [timer.kind, timer.after]) for timer in change.timers]
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=dict)


def unrow(text: str, contact: str) -> Change:
    """The stamped change of a journal line; `contact` is whose conversation it is ('' on its first line)."""
    version, at, ticket, body = json.loads(text)
    values = {NAMES[short]: _long(NAMES[short], value) for short, value in body.get("s", {}).items()}
    effects = tuple(unpacked(*packed) for packed in body.get("f", ()))
    if "T" in body:
        values["turn"] = body["u"]
        effects = _effects([body["T"]] if isinstance(body["T"], str) else body["T"], body["u"])
        values["asked"] = next(effect.id for effect in effects if isinstance(effect, Ask))
    return Change(
        event=_unevent(body, str(values.get("contact", contact))),
        set=values,
        cut=body.get("c"),
        push=tuple(body.get("p", ())),
        observe=body.get("o", {}),
        stamp=tuple(NAMES[short] for short in body.get("t", ())),
        take_ticket="n" in body,
        effects=effects,
        timers=_timers(body.get("a")),
        cancels="w" in body or "T" in body,
        version=version,
        at=at,
        ticket=ticket,
    )


def _event(change: Change, contact: str, turned: bool) -> Any:
    event = change.event
    if turned and isinstance(event, Answered) and event.actor == contact and event.turn == _turn(change) - 1:
        return _ANSWER + event.choice
    dumped = event.model_dump(exclude_defaults=True, exclude=set(_LEFT_OUT))
    if isinstance(event, Started):
        dumped = _without_what_is_set(dumped, change)
    if dumped.get("actor") == contact:
        del dumped["actor"]
    elif event.actor == "":
        dumped["actor"] = ""
    return [event.type, dumped] if dumped else event.type


def _without_what_is_set(dumped: dict[str, Any], change: Change) -> dict[str, Any]:
    """A start without what the change sets to the same; the letters under "=" say what that was."""
    same = [name for name, field in _SET_BY_START.items() if dumped.get(name, "") == change.set.get(field)]
    letters = "".join(name[0] for name in same)
    rest = {name: value for name, value in dumped.items() if name not in same}
    return rest | {"=": letters} if letters else rest


def _unevent(body: dict[str, Any], contact: str) -> Event:
    told = body["e"]
    if isinstance(told, str) and told.startswith(_ANSWER):
        return Answered(actor=contact, turn=body["u"] - 1, choice=told.removeprefix(_ANSWER))
    kind, dumped = told if isinstance(told, list) else (told, {})
    fields = body.get("s", {})
    told_by_set = dumped.pop("=", "")
    dumped |= {name: fields[FIELDS[field]] for name, field in _SET_BY_START.items() if name[0] in told_by_set}
    return _EVENT.validate_python({"type": kind, "actor": contact, **dumped})


def _turn(change: Change) -> int:
    return int(str(change.set["turn"]))


def _turned(change: Change) -> list[Any] | None:
    """The stem of the ids, the words told, and what is retired; None unless `_effects` gives the same again."""
    if not change.cancels or not {"turn", "asked"} <= set(change.set):
        return None
    stem = str(change.set["asked"]).rpartition(".")[0]
    told = [effect.words for effect in change.effects if isinstance(effect, Tell)]
    retired = [
        effect.model_dump(exclude_defaults=True, exclude={"kind", "id"})
        for effect in change.effects
        if isinstance(effect, Retire)
    ]
    packed = [stem, *told, *retired]
    same = _effects(packed, _turn(change)) == change.effects
    asked = [effect.id for effect in change.effects if isinstance(effect, Ask)]
    return packed if same and asked == [change.set["asked"]] else None


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


def _timers(packed: list[Any] | None) -> tuple[Timer, ...] | None:
    if packed is None:
        return None
    return tuple(
        _LONG[timer] if isinstance(timer, str) else Timer(kind=timer[0], after=timer[1]) for timer in packed
    )


def _short(name: str, value: Any) -> Any:
    return LETTERS[Status(value)] if name == "status" else value


def _long(name: str, value: Any) -> Any:
    if name == "status":
        return STATUSES[value].value
    return tuple(value) if name in LISTS else value
