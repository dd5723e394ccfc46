"""A conversation as a flat hash of short strings, and a change as a line of its journal. Pure, both ways.

Short names, defaults left out and every value on its own: the hash stays a listpack (a few hundred bytes), and the
commit script can move the cursor or extend the path without knowing what the rest means.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from flows.conversation import Conversation, Status
from flows.effects import Change, Effect, Timer
from flows.events import Event

FIELDS: Final[Mapping[str, str]] = {
    "version": "v",
    "turn": "u",
    "status": "s",
    "flow": "f",
    "revision": "r",
    "step": "st",
    "exited": "x",
    "contact": "c",
    "name": "n",
    "locale": "l",
    "may_press": "mp",
    "holder": "h",
    "customer": "cu",
    "agents": "ag",
    "asked": "a",
    "ticket": "t",
    "team": "tm",
    "reasons": "rs",
    "solved_by": "sb",
    "nap": "np",
    "opened": "op",
    "began": "bg",
    "changed": "ch",
}
"""The field of the hash for every plain field of a Conversation; the path and the observations have their own."""

NAMES: Final[Mapping[str, str]] = {short: name for name, short in FIELDS.items()}
DEPTH: Final = "dp"
"""How long the path is; its entries are p0, p1, ..."""
DOOR: Final = "d"
"""The hash of the door and contact: the name of the index entry to remove when the conversation ends."""
ARMED: Final = "al"
"""The timers armed: KIND.TURN.LETTER.VERSION:DELAY, separated by blanks."""
OBSERVED: Final = "o:"

_NUMBERS: Final = frozenset({"version", "turn", "ticket", "opened", "began", "changed"})
_LISTS: Final = frozenset({"may_press", "reasons"})
_DEFAULTS: Final[Mapping[str, Any]] = {
    name: field.default for name, field in Conversation.model_fields.items() if name in FIELDS
}
LETTERS: Final[Mapping[str, str]] = {
    Status.GUIDING: "g",
    Status.WAITING: "w",
    Status.WITH_AGENT: "a",
    Status.RESOLVED: "r",
    Status.CLOSED: "c",
}
STATUSES: Final[Mapping[str, Status]] = {letter: Status(status) for status, letter in LETTERS.items()}

_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Event)
_EFFECT: Final[TypeAdapter[Effect]] = TypeAdapter(Effect)


# ---------------------------------------------------------------- the record


def written(values: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Fields to set (name, value, name, value, ...) and fields to delete, for new values of plain fields."""
    sets: list[str] = []
    deletes: list[str] = []
    for name, value in values.items():
        if value == _DEFAULTS[name]:
            deletes.append(FIELDS[name])
        else:
            sets += (FIELDS[name], _text(name, value))
    return sets, deletes


def encode(conversation: Conversation) -> dict[str, str]:
    """The whole conversation as the fields of its hash (the id is in the key)."""
    sets, _ = written({name: getattr(conversation, name) for name in FIELDS})
    fields = dict(zip(sets[::2], sets[1::2], strict=True))
    fields |= {f"p{index}": step for index, step in enumerate(conversation.path)}
    if conversation.path:
        fields[DEPTH] = str(len(conversation.path))
    return fields | {OBSERVED + name: value for name, value in conversation.observations.items()}


def decode(conversation_id: str, fields: Mapping[str, str]) -> Conversation:
    """The conversation with that id from the fields of its hash; fields it does not know are left alone."""
    values: dict[str, Any] = {"id": conversation_id}
    observations: dict[str, str] = {}
    for field, text in fields.items():
        name = NAMES.get(field)
        if name is not None:
            values[name] = _value(name, text)
        elif field.startswith(OBSERVED):
            observations[field[len(OBSERVED) :]] = text
    values["path"] = tuple(fields[f"p{index}"] for index in range(int(fields.get(DEPTH, "0"))))
    values["observations"] = observations
    return Conversation.model_construct(**(_ABSENT | values))


_ABSENT: Final[dict[str, Any]] = {**_DEFAULTS}


def _text(name: str, value: Any) -> str:
    if name in _LISTS:
        return " ".join(_word(item) for item in value)
    if name == "status":
        return LETTERS[Status(value)]
    return str(int(value)) if isinstance(value, bool) else str(value)


def _value(name: str, text: str) -> Any:
    if name in _NUMBERS:
        return int(text)
    if name in _LISTS:
        return tuple(_unword(word) for word in text.split(" "))
    if name == "status":
        return STATUSES[text]
    return text == "1" if name == "exited" else text


def _word(item: str) -> str:
    """An entry of a list without blanks; an empty one is a lone percent sign."""
    return item.replace("%", "%25").replace(" ", "%20") or "%"


def _unword(word: str) -> str:
    return "" if word == "%" else word.replace("%20", " ").replace("%25", "%")


# ---------------------------------------------------------------- the journal

_LEFT_OUT: Final = ("key", "conversation", "text", "reach", "door")
"""What the journal does not keep of an event: whose it is anyway, and people's words, which lie beside it."""


def journalled(change: Change) -> Change:
    """The change as the journal gives it back: its event without its key, its place and people's words."""
    event = change.event
    blank = {name: "" for name in _LEFT_OUT if getattr(event, name, "")}
    return change.model_copy(update={"event": event.model_copy(update=blank)}) if blank else change


def row(change: Change, contact: str) -> str:
    """The change as compact JSON, without version, time and number, which the commit script puts before it."""
    dumped = change.event.model_dump(exclude_defaults=True, exclude=set(_LEFT_OUT))
    if dumped.get("actor") == contact:
        del dumped["actor"]
    elif change.event.actor == "":
        dumped["actor"] = ""
    body: dict[str, Any] = {"e": [change.event.type, dumped] if dumped else change.event.type}
    if change.set:
        body["s"] = {FIELDS[name]: _short(name, value) for name, value in change.set.items()}
    if change.cut is not None:
        body["c"] = change.cut
    for letter, plain in (
        ("p", change.push),
        ("o", change.observe),
        ("t", [FIELDS[name] for name in change.stamp]),
    ):
        if plain:
            body[letter] = plain
    if change.effects:
        body["f"] = [_packed(effect) for effect in change.effects]
    if change.timers is not None:
        body["a"] = [[timer.kind, timer.after] for timer in change.timers]
    body |= {letter: 1 for letter, flag in (("n", change.take_ticket), ("w", change.cancels)) if flag}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=dict)


def unrow(text: str, contact: str) -> Change:
    """The stamped change of a journal line; `contact` is whose conversation it is ('' on its first line)."""
    version, at, ticket, body = json.loads(text)
    kind, dumped = body["e"] if isinstance(body["e"], list) else (body["e"], {})
    values = {NAMES[short]: _long(NAMES[short], value) for short, value in body.get("s", {}).items()}
    event = {"type": kind, "actor": values.get("contact", contact), **dumped}
    timers = tuple(Timer(kind=timer, after=after) for timer, after in body["a"]) if "a" in body else None
    return Change(
        event=_EVENT.validate_python(event),
        set=values,
        cut=body.get("c"),
        push=tuple(body.get("p", ())),
        observe=body.get("o", {}),
        stamp=tuple(NAMES[short] for short in body.get("t", ())),
        take_ticket="n" in body,
        effects=tuple(unpacked(*packed) for packed in body.get("f", ())),
        timers=timers,
        cancels="w" in body,
        version=version,
        at=at,
        ticket=ticket,
    )


def _short(name: str, value: Any) -> Any:
    return LETTERS[Status(value)] if name == "status" else value


def _long(name: str, value: Any) -> Any:
    if name == "status":
        return STATUSES[value].value
    return tuple(value) if name in _LISTS else value


# ---------------------------------------------------------------- effects


def _packed(effect: Effect) -> list[Any]:
    rest = effect.model_dump(exclude_defaults=True, exclude={"kind", "id"})
    return [effect.kind, effect.id, rest] if rest else [effect.kind, effect.id]


def unpacked(kind: str, effect_id: str, rest: Mapping[str, Any] | None = None) -> Effect:
    """The effect of a journal line or of a lane."""
    return _EFFECT.validate_python({"kind": kind, "id": effect_id, **(rest or {})})


def entry(effect: Effect, channel: str) -> str:
    """An effect as it waits in a lane: what the scripts must know stands in front, separated by blanks."""
    rest = effect.model_dump(exclude_defaults=True, exclude={"kind", "id"})
    return (
        f"{effect.id} {effect.kind} {channel} {json.dumps(rest, ensure_ascii=False, separators=(',', ':'))}"
    )


def unentry(text: str) -> tuple[Effect, str]:
    """The effect that waits in a lane, and the channel it is for."""
    effect_id, kind, channel, rest = text.split(" ", 3)
    return unpacked(kind, effect_id, json.loads(rest)), channel
