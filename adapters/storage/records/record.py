"""Converts a conversation to and from a flat hash of short strings, and an effect to and from an entry of a lane. Pure.

Names are short, defaults are omitted and each value has its own field, so that the hash stays a listpack (a few hundred
bytes) and the commit script can change the step or extend the path without understanding the rest.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from flows.conversation import Conversation, Status
from flows.effects import Effect, Promise

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
    "zone": "z",
    "may_press": "mp",
    "holder": "h",
    "holder_name": "hb",
    "thread_effect": "pk",
    "snoozed": "sn",
    "concluded": "cc",
    "customer": "cu",
    "agents": "ag",
    "prompt_effect": "a",
    "suggested": "sg",
    "suggested_effect": "se",
    "ticket": "t",
    "team": "tm",
    "reasons": "rs",
    "solved_by": "sb",
    "later": "np",
    "rated": "rt",
    "mail": "em",
    "last_agent": "hd",
    "last_agent_name": "hy",
    "last_agent_gone": "pt",
    "may_continue_turn": "gd",
    "rating_has_words": "ex",
    "alert_level": "aw",
    "first_reply_at": "hp",
    "ticket_at": "op",
    "began_at": "bg",
    "changed_at": "ch",
    "step_since": "sh",
    "waiting_since": "wt",
    "replied_at": "ra",
    "owed_since": "ow",
    "helper": "hl",
    "keeps_guide": "kg",
    "returns": "rn",
    "follow_up": "fu",
    "place_closed": "pc",
}
"""The field of the hash for each plain field of a Conversation. The path and the observations have separate fields."""

NAMES: Final[Mapping[str, str]] = {short: name for name, short in FIELDS.items()}
DEPTH: Final = "dp"
"""The field with the path's length; the path's steps are in p0, p1, ..."""
ARMED: Final = "al"
"""The field with the armed timers: KIND.TURN.LETTER.VERSION:DELAY, separated by spaces."""
OBSERVED: Final = "o:"

_NUMBERS: Final = frozenset(
    {
        "version",
        "turn",
        "ticket",
        "rated",
        "first_reply_at",
        "ticket_at",
        "began_at",
        "changed_at",
        "may_continue_turn",
        "step_since",
        "waiting_since",
        "replied_at",
        "owed_since",
        "returns",
    }
)
_BOOLEANS: Final = frozenset({"exited", "last_agent_gone", "rating_has_words", "keeps_guide"})
LISTS: Final = frozenset({"may_press", "reasons", "suggested"})
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

PROMISED: Final[Mapping[Promise, str]] = {
    "unclaimed": "U",
    "fallback": "F",
    "abandoned": "A",
    "first_soon": "f",
    "first_late": "g",
    "solve_soon": "s",
    "solve_late": "t",
    "parted": "p",
}
PROMISES: Final[Mapping[str, Promise]] = {letter: promise for promise, letter in PROMISED.items()}


# ---------------------------------------------------------------- the record


def written(values: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the fields to set (name, value, name, value, ...) and to delete for new values of plain fields."""
    sets: list[str] = []
    deletes: list[str] = []
    for name, value in values.items():
        if value == _DEFAULTS[name]:
            deletes.append(FIELDS[name])
        else:
            sets += (FIELDS[name], _text(name, value))
    return sets, deletes


def encode(conversation: Conversation) -> dict[str, str]:
    """Return a conversation as the fields of its hash. The id is in the key."""
    sets, _ = written({name: getattr(conversation, name) for name in FIELDS})
    fields = dict(zip(sets[::2], sets[1::2], strict=True))
    fields |= {f"p{index}": step for index, step in enumerate(conversation.path)}
    if conversation.path:
        fields[DEPTH] = str(len(conversation.path))
    return fields | {OBSERVED + name: value for name, value in conversation.observations.items()}


def decode(conversation_id: str, fields: Mapping[str, str]) -> Conversation:
    """Return the conversation with that id from the fields of its hash. Ignores unknown fields."""
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
    if name in LISTS:
        return " ".join(word(item) for item in value)
    if name == "status":
        return LETTERS[Status(value)]
    return str(int(value)) if isinstance(value, bool) else str(value)


def _value(name: str, text: str) -> Any:
    if name in _NUMBERS:
        return int(text)
    if name in LISTS:
        return tuple(unword(word) for word in text.split(" "))
    if name == "status":
        return STATUSES[text]
    return text == "1" if name in _BOOLEANS else text


def word(item: str) -> str:
    """Encode an item of a list as a word without spaces. An empty item becomes a single percent sign."""
    return item.replace("%", "%25").replace(" ", "%20") or "%"


def unword(word: str) -> str:
    """Decode a word that `word` encoded."""
    return "" if word == "%" else word.replace("%20", " ").replace("%25", "%")


# ---------------------------------------------------------------- effects in a lane

_EFFECT: Final[TypeAdapter[Effect]] = TypeAdapter(Effect)


def unpacked(kind: str, effect_id: str, rest: Mapping[str, Any] | None = None) -> Effect:
    """Return an effect from its kind, its id and the values that are not the default."""
    return _EFFECT.validate_python({"kind": kind, "id": effect_id, **(rest or {})})


def entry(effect: Effect, channel: str) -> str:
    """Return an effect as an entry of a lane. The values that scripts need come first, separated by spaces."""
    rest = effect.model_dump(exclude_defaults=True, exclude={"kind", "id"})
    return f"{effect.id} {effect.kind} {channel} {_encode(rest)}"


_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def unentry(text: str) -> tuple[Effect, str]:
    """Return the effect of a lane's entry, and the channel that sends it."""
    effect_id, kind, channel, rest = text.split(" ", 3)
    return unpacked(kind, effect_id, json.loads(rest)), channel
