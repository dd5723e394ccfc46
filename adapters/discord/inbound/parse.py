"""Parses Discord's payloads into events of our own, or None for a payload that does not concern the bot. Pure.

Keys name the event (law L1): a message's key is its channel and id, an interaction's key its own id. Every field is
what Discord says about a user it authenticated; no text that a user can type gets into a key. Fields are as Discord's
documents list them for messages and interactions; whatever the JSON holds, nothing here raises.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from adapters.discord.api.addresses import Person, Place, hanging
from adapters.discord.api.payload import Json, files, ids, inner, number, rows, snowflake, text, texts
from adapters.discord.api.slash_commands import COMMAND, MENU, OPEN_TICKET, REPLY, SEND, TICKETS, words
from adapters.discord.inbound import snapshots
from adapters.discord.inbound.events import (
    Autocomplete,
    CommandCalled,
    Interaction,
    MemberLeft,
    MessageEdited,
    MessageShortcut,
    Pressed,
    ReplyCommand,
    Submitted,
    TicketsCommand,
    Written,
)
from adapters.discord.inbound.marks import NO_NAMES, Names, without_codes
from adapters.discord.render import forms
from adapters.discord.render.tokens import read_token
from flows.events import REASONS

HEARD: Final = frozenset({0, 19})
"""Types of messages that a person wrote: plain ones and replies. All others are about joins, pins and the like."""

NEWS: Final = 5
"""The type of an announcement channel."""

THREADS: Final = frozenset({10, 11, 12})
"""Types of channels that belong to another channel; a forum's posts are such threads."""

PRIVATE_CHANNEL: Final = 2
"""The context of an interaction among users without the bot."""

COMMANDED, PRESSED, TYPING, SENT = 2, 3, 4, 5
"""Types of interactions."""

CHAT_INPUT, OF_A_MESSAGE = 1, 3
"""Types of commands."""

MENUS: Final = (MENU, SEND, OPEN_TICKET)
"""Our commands in a message's menu."""

HIDDEN: Final = 1 << 6
"""The flag of a message that only one user sees."""


# ---------------------------------------------------------------- messages


def written(data: Json, bot: str, role: str = "", known: Names = NO_NAMES) -> Written | None:
    """Parse a message; None if no person wrote it. `known` are names of mentioned roles and channels by their ids."""
    author = _author(data)
    message, room = snowflake(data, "id"), snowflake(data, "channel_id")
    if author is None or not message or not room or _kind(data) not in HEARD:
        return None
    content = text(data, "content")
    said = snapshots.words(data, addressed(content, bot, role), known)
    return Written(
        person=author,
        place=Place(guild=snowflake(data, "guild_id"), channel=room),
        message=message,
        text=said.text,
        styled=said.styled,
        files=snapshots.attached(data, hanging(room, message)),
        mention=names(data, bot, role) or mentions(content, bot, role),
        first=message == room,
        blank=snapshots.blank(data),
        aside=_answers_another(data, bot),
    )


def reworded(data: Json, bot: str, role: str = "", known: Names = NO_NAMES) -> MessageEdited | None:
    """Parse an edit by the message's author; None for what Discord itself adds to a message, such as previews."""
    author, edited = _author(data), text(data, "edited_timestamp")
    message, room = snowflake(data, "id"), snowflake(data, "channel_id")
    content = text(data, "content")
    if author is None or not edited or not message or not room or not content:
        return None
    said = snapshots.words(data, addressed(content, bot, role), known)
    return MessageEdited(
        place=Place(guild=snowflake(data, "guild_id"), channel=room),
        message=message,
        event=f"{message}/{edited[:40]}",
        person=author,
        text=said.text,
        styled=said.styled,
        moment=_moment(edited),
    )


def _moment(written: str) -> int:
    """Convert a time of Discord's to µs; 0 if the text is no time."""
    try:
        return max(0, int(datetime.fromisoformat(written).timestamp() * 1_000_000))
    except (ValueError, OverflowError, OSError):
        return 0


def deleted(data: Json) -> MessageEdited | None:
    """Parse a deleted message."""
    message, room = snowflake(data, "id"), snowflake(data, "channel_id")
    if not message or not room:
        return None
    place = Place(guild=snowflake(data, "guild_id"), channel=room)
    return MessageEdited(place=place, message=message, event=f"{message}/deleted")


def deleted_thread(data: Json) -> Place | None:
    """Parse a deleted thread or post."""
    thread = snowflake(data, "id")
    if not thread:
        return None
    return Place(guild=snowflake(data, "guild_id"), channel=snowflake(data, "parent_id"), thread=thread)


def left(data: Json) -> MemberLeft | None:
    """Parse a member's leaving."""
    guild, person = snowflake(data, "guild_id"), _person(inner(data, "user"), {})
    return MemberLeft(person=person, guild=guild) if guild and person else None


def names(data: Json, bot: str, role: str) -> bool:
    """Whether Discord lists the bot, or the bot's own role, as mentioned: it does so even without the text."""
    if any(snowflake(row, "id") == bot for row in rows(data, "mentions")):
        return True
    return bool(role) and role in roles_named(data)


def roles_named(data: Json) -> tuple[str, ...]:
    """List the roles that a message mentions."""
    listed = data.get("mention_roles")
    return tuple(str(role) for role in listed) if isinstance(listed, list) else ()


def mentions(content: str, user: str, role: str = "") -> bool:
    """Whether the text mentions the user, or the user's own role."""
    named = bool(user) and (f"<@{user}>" in content or f"<@!{user}>" in content)
    return named or (bool(role) and f"<@&{role}>" in content)


def addressed(content: str, user: str, role: str = "") -> str:
    """Remove mentions of the user, or of the user's own role, from the text."""
    names = "|".join(filter(None, (user and f"!?{re.escape(user)}", role and f"&{re.escape(role)}")))
    return re.sub(rf"<@(?:{names})>[,:]?", " ", content).strip() if names else content.strip()


def _kind(data: Json) -> int:
    kind = data.get("type")
    return kind if isinstance(kind, int) else 0


def _answers_another(data: Json, bot: str) -> bool:
    """Whether the message is a reply to another person's message, not to the bot's or the author's own."""
    to = snowflake(inner(inner(data, "referenced_message"), "author"), "id")
    return bool(to) and to not in (bot, snowflake(inner(data, "author"), "id"))


def _author(data: Json) -> Person | None:
    """Read the author; None for bots and webhooks, ours or others': two bots could answer each other forever."""
    if data.get("webhook_id"):
        return None
    return _person(inner(data, "author"), inner(data, "member"))


def _person(user: Json, member: Json) -> Person | None:
    user_id = snowflake(user, "id")
    if not user_id or user.get("bot") or user.get("system"):
        return None
    return Person(user=user_id, name=snapshots.named(user, member), roles=ids(member, "roles"))


# ---------------------------------------------------------------- interactions


def interaction(data: Json, known: Names = NO_NAMES) -> Interaction | None:
    """Parse an interaction: a command, a click, a submitted form, or text being typed. `known` as in `written`."""
    common = _common(data)
    if common is None:
        return None
    payload = inner(data, "data")
    kind = data.get("type")
    if kind == PRESSED:
        values = texts(payload, "values")
        custom_id = text(payload, "custom_id")
        return Pressed(**common, action=read_token(custom_id, values[0] if values else ""))
    if kind == SENT:
        return _submitted(common, payload)
    if kind == TYPING:
        return Autocomplete(**common, data=payload)
    if kind == COMMANDED and text(payload, "name") == COMMAND and _kind(payload) == CHAT_INPUT:
        return CommandCalled(**common, data=payload)
    if kind == COMMANDED and text(payload, "name") == REPLY and _kind(payload) == CHAT_INPUT:
        return ReplyCommand(**common, text=without_codes(words(dict(payload))))
    if kind == COMMANDED and text(payload, "name") == TICKETS and _kind(payload) == CHAT_INPUT:
        return TicketsCommand(**common)
    if kind == COMMANDED and text(payload, "name") in MENUS and _kind(payload) == OF_A_MESSAGE:
        return _shortcut(common, payload, known)
    return None


def _common(data: Json) -> dict[str, Any] | None:
    member = inner(data, "member")
    person = _person(inner(member, "user") or inner(data, "user"), member)
    interaction_id, token = snowflake(data, "id"), text(data, "token")
    if person is None or not interaction_id or not token or data.get("context") == PRIVATE_CHANNEL:
        return None
    message = inner(data, "message")
    return {
        "id": interaction_id,
        "token": token,
        "application": snowflake(data, "application_id"),
        "person": person,
        "place": _place(data),
        "locale": text(data, "locale")[:35],
        "may": number(data, "app_permissions"),
        "news": inner(data, "channel").get("type") == NEWS,
        "message": snowflake(message, "id"),
        "hidden": bool(number(message, "flags") & HIDDEN),
    }


def _place(data: Json) -> Place:
    """Read the place: a thread with its parent, a channel, or direct messages."""
    channel = inner(data, "channel")
    room = snowflake(channel, "id") or snowflake(data, "channel_id")
    guild = snowflake(data, "guild_id")
    if guild and channel.get("type") in (*THREADS,):
        return Place(guild=guild, channel=snowflake(channel, "parent_id"), thread=room)
    return Place(guild=guild, channel=room)


def _shortcut(common: dict[str, Any], payload: Json, known: Names) -> MessageShortcut | None:
    of = snowflake(payload, "target_id")
    message = inner(inner(inner(payload, "resolved"), "messages"), of)
    if not of or not message:
        return None
    said = snapshots.words(message, text(message, "content"), known)
    attached = snapshots.attached(message, hanging(snowflake(message, "channel_id"), of))
    menu, author = text(payload, "name"), _author(message)
    return MessageShortcut(
        **common, menu=menu, author=author, of=of, text=said.text, styled=said.styled, files=attached
    )


def _submitted(common: dict[str, Any], payload: Json) -> Submitted:
    fields = {text(field, "custom_id"): field for field in _fields(payload)}

    def value(name: str) -> str:
        return text(fields.get(name, {}), "value").strip()

    attached = {file.id: file for file in files(inner(payload, "resolved"), "attachments")}
    uploaded = ids(fields.get(forms.UPLOADS, {}), "values")
    return Submitted(
        **common,
        action=read_token(text(payload, "custom_id")),
        reason=reason if (reason := value(forms.REASON)) in REASONS else "",
        text=without_codes(value(forms.WORDS)),
        reach=value(forms.REACH),
        files=tuple(attached[file] for file in uploaded if file in attached),
        chosen={name: texts(field, "values") for name, field in fields.items()},
        people=tuple(_picked(inner(payload, "resolved"))),
    )


def _picked(resolved: Json) -> Iterator[Person]:
    """Read the people whom a form's selects name: Discord lists members apart from users."""
    members = inner(resolved, "members")
    for user in rows(resolved, "users"):
        person = _person(user, inner(members, snowflake(user, "id")))
        if person is not None:
            yield person


def _fields(payload: Json) -> list[Json]:
    """List a form's fields, each in a label of its own (or in a row, as in older forms)."""
    fields = []
    for part in rows(payload, "components"):
        fields += [inner(part, "component"), *rows(part, "components")]
    return fields
