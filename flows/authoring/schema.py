"""Makes the JSON Schema of flow files, for completion and checks in editors. The reader has the last word."""

from typing import Any, Final

from flows import limits
from flows.authoring import keys
from flows.authoring.answers import CANT_FIND_LABEL
from flows.authoring.keys import Key, Shape

Schema = dict[str, Any]

_SLUG: Final = "^[a-z0-9]+(-[a-z0-9]+)*$"
_NAME: Final = "^[a-z][a-z0-9_]*$"
_SCALAR: Final = ("string", "number", "boolean")
"""The types that an editor gives a text without quotes; the reader takes each of them as text."""

_DEFINED: Final = {
    "step": keys.STEP,
    "nestedStep": keys.NESTED,
    "elseStep": keys.ELSE_STEP,
    "answer": keys.ANSWER,
    "else": keys.ELSE,
    "start": keys.START,
    "variable": keys.VARIABLE,
    "team": keys.TEAM,
    "escalation": keys.ESCALATE,
    "image": keys.IMAGE,
    "link": keys.LINK,
    "test": keys.TEST,
}


def schema() -> dict[str, object]:
    """Return the schema (draft 2020-12) as a JSON object, made from the reader's own table of keys."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Troubletree flow",
        **_object(keys.FLOW),
        "$defs": {name: _object(shape) for name, shape in _DEFINED.items()},
    }


def _object(shape: Shape) -> Schema:
    """Return the schema of a mapping of that shape: its keys and no others."""
    made: Schema = {
        "type": "object",
        "properties": {key.name: {"description": key.about, **_value(key)} for key in shape.keys},
        "required": [key.name for key in shape.keys if key.required],
        "additionalProperties": False,
    }
    if shape.key("say") is not None:
        made["oneOf"] = [
            {"required": ["say"], "not": {"required": ["ask"]}},
            {"required": ["ask", "answers"], "not": {"required": ["say"]}},
        ]
    elif shape.key("to") is not None and shape is not keys.ESCALATE:
        ways = [name for name in ("to", "escalate", "flow", "link") if shape.key(name) is not None]
        made["oneOf"] = [{"required": [way]} for way in ways]
        made["dependentRequired"] = {"reason": ["escalate"]}
        if "link" in ways:
            made["dependentRequired"] |= {"link": ["else"], "else": ["link"]}
    return made


def _value(key: Key) -> Schema:
    match key.kind:
        case "slug" | "choice" | "name" | "target":
            return _text(key.limit, _SLUG)
        case "reason":
            return _text(key.limit, _NAME)
        case "setting":
            return _text(key.limit, "^[A-Z][A-Z0-9_]*$")
        case "email":
            return _text(key.limit, "^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$")
        case "url" | "source" | "line" | "heading" | "words":
            return _text(key.limit, empty=key.empty)
        case "yes":
            return {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "true", "false", "on", "off"]}]}
        case "texts":
            return _one_or_more(_text(key.limit))
        case "heard":
            return _one_or_more(_text(key.limit), limits.HEARD_TEXTS)
        case "slugs":
            return _one_or_more(_text(key.limit, _SLUG))
        case _:
            return _parts(key)


def _parts(key: Key) -> Schema:
    """Return the schema of a value that has parts of its own."""
    match key.kind:
        case "escalate":
            return {"anyOf": [_text(limits.NAME, _SLUG), _ref("escalation")]}
        case "records":
            return _mapping(_text(limits.OBSERVATION))
        case "image":
            return {"anyOf": [_text(limits.ADDRESS), _ref("image")]}
        case "links":
            return {"type": "array", "items": _ref("link"), "minItems": 1, "maxItems": limits.LINKS}
        case "vars":
            return _mapping(_ref("variable")) | {
                "propertyNames": {"pattern": _NAME, "maxLength": limits.NAME}
            }
        case "teams":
            named = {"anyOf": [_text(limits.LABEL), _ref("team")]}
            return _mapping(named) | {"propertyNames": {"pattern": _SLUG, "maxLength": limits.NAME}}
        case "start":
            return _ref("start")
        case "answers":
            leads = _leads("answer", "nestedStep")
            return _mapping(leads) | {
                "properties": {CANT_FIND_LABEL: {"anyOf": [{"enum": ["no", False]}, leads]}},
                "propertyNames": {"maxLength": limits.LABEL},
            }
        case "answer":
            return _leads("else", "elseStep")
        case "steps":
            return {"type": "array", "items": _ref("step"), "minItems": 1, "maxItems": limits.STEPS}
        case _:
            return {"type": "array", "items": _ref("test"), "minItems": 1}


def _leads(answer: str, step: str) -> Schema:
    """Return the schema of where an answer leads: a word or a step's id, a mapping, or a nested step."""
    return {"anyOf": [_text(limits.STEP_ID, _SLUG), _ref(answer), _ref(step)]}


def _text(longest: int, pattern: str | None = None, *, empty: bool = False) -> Schema:
    if pattern is not None:
        return {"type": "string", "maxLength": longest, "pattern": pattern}
    return {"type": list(_SCALAR), "maxLength": longest, "minLength": 0 if empty else 1}


def _one_or_more(text: Schema, most: int | None = None) -> Schema:
    several: Schema = {"type": "array", "items": text, "minItems": 1}
    return {"anyOf": [text, several if most is None else several | {"maxItems": most}]}


def _mapping(value: Schema) -> Schema:
    return {"type": "object", "additionalProperties": value, "minProperties": 1}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
