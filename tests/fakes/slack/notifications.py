"""Finds which messages notify a person, as Slack does: direct messages, mentions, and threads that they follow.

A person follows a thread from the moment they write in it, began it, or are mentioned in it. A press of a button makes
no one follow. In a message with blocks, mentions in the blocks count.
"""

import re
from typing import Any

from tests.fakes.slack.refusals import Json
from tests.fakes.slack.state import Workspace

MENTION = re.compile(r"<@([UW][A-Z0-9]+)>|<!subteam\^(S[A-Z0-9]+)")


def notifying(workspace: Workspace, user: str) -> list[Json]:
    """Return the messages that notify that person, oldest first."""
    found: list[Json] = []
    for channel in workspace.channels.values():
        followed: set[str] = set()
        for message in sorted(channel.messages.values(), key=lambda one: str(one["ts"])):
            thread = str(message.get("thread_ts", message["ts"]))
            if message.get("user") == user:
                followed.add(thread)
                continue
            direct = channel.is_im and channel.user == user
            named = user in mentioned(workspace, message) and user in channel.members
            if direct or named or thread in followed:
                found.append(message)
            if named:
                followed.add(thread)
    return sorted(found, key=lambda one: str(one["ts"]))


def mentioned(workspace: Workspace, message: Json) -> set[str]:
    """Return the people that a message mentions, those of mentioned user groups included."""
    found: set[str] = set()
    for text in _texts(message["blocks"] if message.get("blocks") else str(message.get("text", ""))):
        for user, group in MENTION.findall(text):
            found |= {user} if user else set(workspace.usergroups.get(group, ()))
    return found


def _texts(value: Any) -> list[str]:
    """Return the texts in which Slack reads mentions: marked-up text, and the mentions of rich text."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if not isinstance(value, dict):
        return []
    kind = value.get("type")
    if kind == "mrkdwn":
        return [str(value.get("text", ""))]
    if kind in ("user", "usergroup"):
        return [f"<@{value['user_id']}>" if kind == "user" else f"<!subteam^{value['usergroup_id']}>"]
    inner = (item for item in value.values() if isinstance(item, list | dict))
    return [text for item in inner for text in _texts(item)]
