"""Finds the ids of people, channels and user groups that a message mentions. Pure.

Slack's rich text has only ids; in the text beside it, some mentions have a name.
"""

from collections.abc import Iterator
from typing import Final

from adapters.slack.api.payload import text, thing
from adapters.slack.inbound.mrkdwn import labels

MOST: Final = 20
"""Ids of one message whose names are looked up; a message that mentions more has a few without a name."""

DEEPEST: Final = 20
"""How deep a message is searched: a list in a forwarded message is thirteen deep."""

_IDS: Final = ("user_id", "usergroup_id", "channel_id")


def mentioned(payload: object, bot_user: str = "") -> dict[str, str]:
    """Return the ids that a message mentions, each with its name if the message has it, or ''."""
    found: dict[str, str] = {}
    for identifier, name in _mentions(payload, 0):
        if identifier != bot_user and (name or identifier not in found) and len(found) < MOST:
            found[identifier] = name or found.get(identifier, "")
    return found


def _mentions(part: object, deep: int) -> Iterator[tuple[str, str]]:
    if deep > DEEPEST:
        return
    if isinstance(part, list):
        for inner in part:
            yield from _mentions(inner, deep + 1)
    row = thing(part)
    if row.get("type") in ("user", "usergroup", "channel"):
        yield from ((identifier, "") for name in _IDS if (identifier := text(row.get(name))))
    for name, inner in row.items():
        if name in ("text", "pretext", "title") and isinstance(inner, str):
            yield from labels(inner)
        elif isinstance(inner, dict | list):
            yield from _mentions(inner, deep + 1)
