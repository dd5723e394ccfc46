"""Tests the schema for editors: it accepts what the reader accepts, refuses plain mistakes, and has the same keys."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from flows.authoring import keys
from flows.authoring.keys import Shape
from flows.authoring.schema import schema
from tests.flows.authoring.test_reader import GUIDE

SCHEMA: Final[dict[str, Any]] = json.loads(json.dumps(schema()))
FOLDER: Final = Path(__file__).parents[3] / "flows" / "library"
LIBRARY: Final = sorted(path for path in FOLDER.glob("*.yaml") if path.name != "replies.yaml")

TYPES: Final = {"string": str, "number": int | float, "boolean": bool, "object": dict, "array": list}


def fits(value: Any, rule: Mapping[str, Any]) -> bool:
    """Whether a value keeps a rule of the schema; knows the words that the schema uses and no other."""
    known = {"description", "title", "$schema", "$defs"}
    return all(WORDS[word](value, wanted, rule) for word, wanted in rule.items() if word not in known)


def resolved(reference: str) -> Mapping[str, Any]:
    """The rule that a `$ref` names."""
    found: Mapping[str, Any] = SCHEMA["$defs"][reference.removeprefix("#/$defs/")]
    return found


def typed(value: Any, wanted: str | list[str]) -> bool:
    """Whether the value is of one of the types."""
    names = [wanted] if isinstance(wanted, str) else wanted
    return any(isinstance(value, TYPES[name]) for name in names)


def no_more(value: Any, wanted: Any, rule: Mapping[str, Any]) -> bool:
    """`additionalProperties`: false, or the rule of all others."""
    others = [inner for name, inner in value.items() if name not in rule.get("properties", {})]
    return not others if wanted is False else all(fits(inner, wanted) for inner in others)


WORDS: Final[dict[str, Any]] = {
    "$ref": lambda value, wanted, _: fits(value, resolved(wanted)),
    "type": lambda value, wanted, _: typed(value, wanted),
    "enum": lambda value, wanted, _: value in wanted,
    "pattern": lambda value, wanted, _: re.search(wanted, str(value)) is not None,
    "minLength": lambda value, wanted, _: len(str(value)) >= wanted,
    "maxLength": lambda value, wanted, _: len(str(value)) <= wanted,
    "minItems": lambda value, wanted, _: len(value) >= wanted,
    "maxItems": lambda value, wanted, _: len(value) <= wanted,
    "minProperties": lambda value, wanted, _: len(value) >= wanted,
    "items": lambda value, wanted, _: all(fits(inner, wanted) for inner in value),
    "anyOf": lambda value, wanted, _: any(fits(value, rule) for rule in wanted),
    "oneOf": lambda value, wanted, _: sum(fits(value, rule) for rule in wanted) == 1,
    "not": lambda value, wanted, _: not fits(value, wanted),
    "required": lambda value, wanted, _: set(wanted) <= set(value),
    "properties": lambda value, wanted, _: all(
        fits(value[name], wanted[name]) for name in wanted if name in value
    ),
    "propertyNames": lambda value, wanted, _: all(fits(name, wanted) for name in value),
    "dependentRequired": lambda value, wanted, _: all(
        set(others) <= set(value) for name, others in wanted.items() if name in value
    ),
    "additionalProperties": no_more,
}
"""What the words of a schema ask, in the order they must be asked: the type stands first in every rule."""


def written(text: str) -> Any:
    """A flow file as an editor sees it."""
    return yaml.safe_load(text)


def test_a_good_file_keeps_the_schema() -> None:
    assert fits(written(GUIDE), SCHEMA)


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: str(path.stem))
def test_the_flows_of_the_library_keep_the_schema(path: Path) -> None:
    assert fits(written(path.read_text("utf-8")), SCHEMA)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Some trouble", "tittle: Some trouble"),
        ("escalate: helpers", "escalate: [helpers]"),
        ("flow: some-trouble", "flow: Some Trouble"),
        ("say: Hit it.", "says: Hit it."),
        ("say: Hit it.", "say: Hit it.\n    ask: Why?"),
        ("say: Hit it.", "ask: Why?"),
        ("say: Hit it.", "say: [Hit it.]"),
        ("Green: next", "Green: [next]"),
        ("Green: next", "Green: {to: next, flow: other}"),
        ("Green: next", "Green: {link: setup}"),
        ("Green: next", "Green: {records: {a: b}}"),
        ("Green: next", "Green: {to: next, heard: {a: b}}"),
        ("Green: next", "Green: {to: next, heard: []}"),
        ("Green: next", "I can't find this: yes"),
        ("flow: some-trouble", "flow: some-trouble\nheard: []"),
        ("reason: no_cable", "reason: no-cable"),
        ("setting: PRODUCT_NAME", "setting: product_name"),
        ("label: Manual, ", ""),
        ("external: yes", "external: perhaps"),
        ("do: [fixed]", "do: []"),
    ],
)
def test_a_plain_mistake_breaks_the_schema(old: str, new: str) -> None:
    assert old in GUIDE
    assert not fits(written(GUIDE.replace(old, new)), SCHEMA)


@pytest.mark.parametrize("shape", keys.SHAPES, ids=lambda shape: shape.name)
def test_the_schema_knows_exactly_the_keys_that_the_reader_knows(shape: Shape) -> None:
    objects = [SCHEMA, *SCHEMA["$defs"].values()]
    alike = [made for made in objects if list(made["properties"]) == list(shape.names)]
    assert alike
    assert all(made["additionalProperties"] is False for made in alike)
    required = [key.name for key in shape.keys if key.required]
    assert all(made["required"] == required for made in alike)


def test_every_key_says_what_it_is_for() -> None:
    for shape in keys.SHAPES:
        for key in shape.keys:
            assert key.about.endswith(".")


def test_the_schema_says_which_draft_it_is() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
