"""Reads what an operator types to name a person. Pure."""

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from bot.ports import Clue

EXAMPLES: Final = (
    "a ticket's number (84), an email address, a Slack or Discord user id, the link of a conversation on the desk, "
    "or the link of a message in Slack or Discord"
)

_CONVERSATION: Final = re.compile(r"(?<![a-z0-9])[0-6]\d[a-z2-7]{16}(?![a-z0-9])")
_ACTOR: Final = re.compile(r"[a-z]+:\S+")
_SLACK_USER: Final = re.compile(r"[UW][A-Z0-9]{5,}")
_SNOWFLAKE: Final = re.compile(r"\d{17,20}")
_TICKET: Final = re.compile(r"#?(\d{1,15})")
_MAIL: Final = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_SLACK_TS: Final = re.compile(r"p(\d{10})(\d{6})")


def clue_of(text: str) -> Clue | None:
    """Return what the text says of a person; None if it says nothing that this version understands."""
    bare = text.strip().strip("<>").removeprefix("mailto:").removeprefix("@").removeprefix("!")
    if bare.startswith(("http://", "https://")):
        return _linked(bare)
    if found := _CONVERSATION.fullmatch(bare):
        return Clue(kind="conversation", text=found[0])
    if _ACTOR.fullmatch(bare):
        return Clue(kind="actor", text=bare.replace("/", ":", 1) if bare.startswith("slack:") else bare)
    if _MAIL.fullmatch(bare):
        return Clue(kind="mail", text=bare)
    if _SNOWFLAKE.fullmatch(bare) or _SLACK_USER.fullmatch(bare):
        return Clue(kind="user", text=bare)
    if found := _TICKET.fullmatch(bare):
        return Clue(kind="ticket", text=str(int(found[1])))
    return None


def _linked(url: str) -> Clue | None:
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/") if step]
    host = parts.hostname or ""
    if host.endswith("slack.com") and steps[:1] == ["archives"] and len(steps) == 3:
        moment = _SLACK_TS.fullmatch(steps[2])
        thread = parse_qs(parts.query).get("thread_ts", [""])[0]
        ts = f"{moment[1]}.{moment[2]}" if moment else ""
        return Clue(kind="thread", text=steps[1], also=thread or ts) if thread or ts else None
    if host.endswith(("discord.com", "discordapp.com")) and steps[:1] == ["channels"] and len(steps) >= 3:
        return Clue(kind="thread", text=steps[2], also=steps[3] if len(steps) > 3 else "")
    found = _CONVERSATION.search(parts.path)
    return Clue(kind="conversation", text=found[0]) if found else None
