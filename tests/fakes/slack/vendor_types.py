"""Judges what goes to Slack and what the stand-in sends by Slack's own TypeScript types, as a JSON schema."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from tests.fakes.slack.refusals import Json
from tests.fakes.vendor_file import made_once

MODULES: Final = Path(__file__).parents[2] / "adapters" / "slack" / "node_modules"
TYPES: Final = MODULES / "@slack" / "types" / "dist" / "index.d.ts"

SUBTYPES: Final[Mapping[str, str]] = {
    "": "GenericMessage",
    "bot_message": "BotMessage",
    "channel_join": "ChannelJoinMessage",
    "channel_leave": "ChannelLeaveMessage",
    "file_share": "FileShareMessage",
    "me_message": "MeMessage",
    "message_changed": "MessageChanged",
    "message_deleted": "MessageDeleted",
    "thread_broadcast": "ThreadBroadcastMessage",
}
"""The types of messages, by subtype."""

VIEWS: Final[Mapping[str, str]] = {"modal": "ModalView", "home": "HomeView"}


@cache
def _schema() -> Json | None:
    """Return Slack's types as a JSON schema; None if they are not installed."""
    maker = MODULES / ".bin" / "ts-json-schema-generator"
    made = made_once("types.json", MODULES, [maker, "--path", TYPES, "--type", "*", "--no-type-check"])
    if made is None:
        return None
    schema: Json = json.loads(made)
    # The reference has `offset`, the types have forgotten it: docs.slack.dev, "Rich text list element".
    schema["definitions"]["RichTextList"]["properties"]["offset"] = {"type": "number"}
    # `AnyBlock` takes everything that has a type; what is sent here is known.
    schema["definitions"]["AnyBlock"] = {"$ref": "#/definitions/KnownBlock"}
    # A message within an event names no channel and no event_ts, which the types require of an event.
    for event in ("MessageChangedEvent", "MessageDeletedEvent"):
        for name in {"message", "previous_message"} & schema["definitions"][event]["properties"].keys():
            schema["definitions"][event]["properties"][name] = {"type": "object"}
    return schema


@cache
def _judge(kind: str) -> jsonschema_rs.Draft7Validator | None:
    schema = _schema()
    if schema is None:
        return None
    definitions = _open(schema["definitions"]) if kind.endswith("Event") else schema["definitions"]
    return jsonschema_rs.Draft7Validator({"$ref": f"#/definitions/{kind}", "definitions": definitions})


def _open(schema: Any) -> Any:
    """Return a schema that lets further fields pass: Slack sends fields in events that its types do not name."""
    if isinstance(schema, list):
        return [_open(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _open(inner)
        for name, inner in schema.items()
        if not (name == "additionalProperties" and inner is False)
    }


def installed() -> bool:
    """Whether Slack's types can judge."""
    return _schema() is not None


def faults(kind: str, value: Any) -> list[str]:
    """Return what is wrong with a value of one of Slack's types; nothing without the types."""
    judge = _judge(kind)
    if judge is None or judge.is_valid(value):
        return []
    return [f"{error.instance_path}: {error.message[:200]}" for error in judge.iter_errors(value)]


def faults_of_a_call(method: str, args: Json) -> Iterator[str]:
    """Yield what is wrong with the blocks or the view of a call."""
    for number, block in enumerate(args.get("blocks") or ()):
        for fault in faults("KnownBlock", block):
            yield f"{method} block {number} {block}: {fault}"
    view = args.get("view")
    if isinstance(view, dict):
        for fault in faults(VIEWS.get(str(view.get("type")), "ModalView"), view):
            yield f"{method} view: {fault}"


def faults_of_an_event(event: Json) -> Iterator[str]:
    """Yield what is wrong with an event that the stand-in sends. Events have more fields than the types name."""
    kind = _event_type(event)
    if kind and event.get("files"):
        # Of a file in a channel of two companies, Slack says only that there is one.
        known = [file for file in event["files"] if file.get("file_access") != "check_file_info"]
        event = {**event, "files": known}
    if kind:
        yield from (f"event {event.get('type')}: {fault}" for fault in faults(kind, event))


def _event_type(event: Json) -> str:
    """Return the name of the event's type; '' if there is none."""
    kind = str(event.get("type"))
    name = kind.title().replace("_", "").replace("Id", "ID")
    if kind == "message":
        name = SUBTYPES.get(str(event.get("subtype") or ""), "")
    schema = _schema()
    return f"{name}Event" if schema is not None and f"{name}Event" in schema["definitions"] else ""
