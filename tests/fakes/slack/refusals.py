"""Holds Slack's errors, and the scope that each method needs."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

Json = dict[str, Any]

SCOPES: Final[Mapping[str, str]] = {
    "assistant.threads.setStatus": "assistant:write",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "assistant.threads.setTitle": "assistant:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "files.info": "files:read",
    "reactions.add": "reactions:write",
    "usergroups.users.list": "usergroups:read",
    "usergroups.list": "usergroups:read",
    "users.info": "users:read",
}
"""The scope that a method always needs. Reading a channel depends on the channel's kind, see KINDS."""

KINDS: Final[Mapping[str, str]] = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
"""The family of scopes (`:history`, `:read`) for each kind of channel."""

ALL_SCOPES: Final = frozenset(SCOPES.values()) | {
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write.customize",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "mpim:history",
    "mpim:read",
    "reactions:read",
}

OF_EVENTS: Final[Mapping[str, str]] = {
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}
"""The scope without which Slack tells an app nothing of an event. For messages it depends on the channel's kind."""


def scope_of(event: Json, kind: str) -> str:
    """Return the scope that an event in a channel of that kind needs; '' for none."""
    return f"{KINDS[kind]}:history" if event["type"] == "message" else OF_EVENTS.get(event["type"], "")


class Refused(Exception):
    """The error `{"ok": false, "error": …}`, with the fields that Slack adds to some errors."""

    def __init__(self, error: str, messages: Sequence[str] = (), **more: Any) -> None:
        super().__init__(error, *messages)
        self.error = error
        self.messages = tuple(messages)
        self.more = more

    def answer(self) -> Json:
        body: Json = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            body["response_metadata"] = {"messages": list(self.messages)}
            if self.error == "invalid_blocks":
                body["errors"] = [line.removeprefix("[ERROR] ") for line in self.messages]
        return body


def missing(field: str) -> Refused:
    """Return the error for a missing argument."""
    return Refused("invalid_arguments", [f"[ERROR] missing required field: {field}"])
