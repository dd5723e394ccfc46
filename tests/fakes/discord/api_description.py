"""Judges what goes to Discord by Discord's own published description of its API, as JSON schemas."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from tests.fakes.discord.calls import Call
from tests.fakes.discord.state import Json
from tests.fakes.vendor_file import made_once

FOLDER: Final = Path(__file__).parents[2] / "adapters" / "discord"

BODIES: Final[tuple[tuple[str, str, str], ...]] = (
    ("POST", r"/channels/\d+/messages", "MessageCreateRequest"),
    ("PATCH", r"/channels/\d+/messages/\d+", "MessageEditRequestPartial"),
    ("POST", r"/channels/\d+/messages/\d+/threads", "CreateTextThreadWithMessageRequest"),
    ("POST", r"/channels/\d+/threads", "CreateTextThreadWithoutMessageRequest"),
    ("PATCH", r"/channels/\d+", "UpdateThreadRequestPartial"),
    ("POST", r"/webhooks/\d+/[^/]+", "IncomingWebhookRequestPartial"),
    ("PATCH", r"/webhooks/\d+/[^/]+/messages/[^/]+", "IncomingWebhookUpdateRequestPartial"),
)
"""The schema of each call's body."""

CALLBACKS: Final[Mapping[int, str]] = {
    4: "CreateMessageInteractionCallbackRequest",
    5: "CreateMessageInteractionCallbackRequest",
    6: "UpdateMessageInteractionCallbackRequest",
    7: "UpdateMessageInteractionCallbackRequest",
    8: "ApplicationCommandAutocompleteCallbackRequest",
    9: "ModalInteractionCallbackRequest",
}
"""The schema of each answer to an interaction, by its type."""

FURTHER: Final = frozenset({"tts", "nsfw", "default_member_permissions"})
"""Fields that discord.py sends and Discord takes, although its description does not always name them, or not as text.
"""


@cache
def _schemas() -> Mapping[str, Json] | None:
    """Return Discord's schemas by name; None if they are not installed."""
    node = shutil.which("node")
    if node is None:
        return None
    made = made_once("schemas.json", FOLDER / "node_modules", [node, FOLDER / "schemas.mjs"])
    found: Mapping[str, Json] | None = json.loads(made) if made is not None else None
    return found


@cache
def _judge(name: str) -> jsonschema_rs.Draft202012Validator | None:
    schemas = _schemas()
    return jsonschema_rs.Draft202012Validator(schemas[name]) if schemas is not None else None


def installed() -> bool:
    """Whether Discord's description can judge."""
    return _schemas() is not None


def faults(name: str, value: Any) -> list[str]:
    """Return what is wrong with a value of one of Discord's schemas; nothing without the schemas."""
    judge = _judge(name)
    if judge is None or judge.is_valid(value):
        return []
    return [f"{name} {error.instance_path}: {error.message[:200]}" for error in judge.iter_errors(value)]


def faults_of_a_call(call: Call) -> Iterator[str]:
    """Yield what is wrong with the body of a call."""
    if call.path.endswith("/commands") and call.method == "PUT":
        for command in call.json:
            yield from faults("ApplicationCommandUpdateRequest", _as_described(command))
    elif name := _schema_of(call):
        body = _as_described(call.json)
        for inner in {"data", "message"} & body.keys():
            body[inner] = _as_described(body[inner] or {})
        if name == "CreateForumThreadRequest":
            body.pop("type", None)  # discord.py names the type, which a forum decides
        yield from (f"{call.method} {call.path}: {fault}" for fault in faults(name, body))


def _as_described(body: Json) -> Json:
    """Return a body of discord.py without what only the description refuses: further fields, and ids as numbers."""
    kept = {name: value for name, value in body.items() if name not in FURTHER}
    mentions = kept.get("allowed_mentions")
    if mentions:
        kept["allowed_mentions"] = {
            name: [str(one) for one in given] if isinstance(given, list) else given
            for name, given in mentions.items()
        }
    if kept.get("message_reference"):
        given = kept["message_reference"].items()
        kept["message_reference"] = {name: str(one) if name.endswith("_id") else one for name, one in given}
    if kept.get("attachments"):
        kept["attachments"] = [{**file, "id": str(file["id"])} for file in kept["attachments"]]
    return kept


def _schema_of(call: Call) -> str:
    if call.method == "POST" and re.fullmatch(r"/channels/\d+/threads", call.path) and "message" in call.json:
        return "CreateForumThreadRequest"
    if re.fullmatch(r"/interactions/\d+/[^/]+/callback", call.path):
        return CALLBACKS.get(int(call.json.get("type", 0)), "PongInteractionCallbackRequest")
    found = (name for method, path, name in BODIES if method == call.method and re.fullmatch(path, call.path))
    return next(found, "")
