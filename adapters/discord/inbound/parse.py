"""From what Discord tells to what happened: one frozen value each, or None for what does not concern us. Pure.

Keys name the happening (law L1): a message is its channel and id, an interaction its own id. Every field is what
Discord says of a person it has authenticated; nothing a person can type gets into a key. Fields are as Discord's
documents list them for messages and interactions; whatever the JSON holds, nothing here raises.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from adapters.discord.api.addresses import Person, Place, hanging
from adapters.discord.api.payload import Json, files, ids, inner, number, rows, snowflake, text, texts
from adapters.discord.api.slash_commands import COMMAND, MENU, REPLY, SEND, words
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
    Written,
)
from adapters.discord.render import forms
from adapters.discord.render.tokens import read_token
from flows.events import REASONS

HEARD: Final = frozenset({0, 19})
"""Types of messages that a person has written: plain ones and replies. All others tell of joins, pins and the like."""

THREADS: Final = frozenset({10, 11, 12})
"""Types of channels that hang on another one; a forum's posts are of them."""

PRIVATE_CHANNEL: Final = 2
"""The context of an interaction among people without the bot."""

COMMANDED, PRESSED, TYPING, SENT = 2, 3, 4, 5
"""Types of interactions."""

CHAT_INPUT, OF_A_MESSAGE = 1, 3
"""Types of commands."""

HIDDEN: Final = 1 << 6
"""The flag of a message that one person sees."""


# ---------------------------------------------------------------- messages


def written(data: Json, bot: str, role: str = "") -> Written | None:
    """A message; None where no person wrote it."""
    author = _author(data)
    message, room = snowflake(data, "id"), snowflake(data, "channel_id")
    if author is None or not message or not room or _kind(data) not in HEARD:
        return None
    said = text(data, "content")
    shared = files(data, "attachments", hanging(room, message))
    return Written(
        person=author,
        place=Place(guild=snowflake(data, "guild_id"), channel=room),
        message=message,
        text=addressed(said, bot, role),
        files=shared,
        mention=names(data, bot, role) or mentions(said, bot, role),
        first=message == room,
        blank=not (said or shared or any(rows(data, "sticker_items")) or data.get("poll")),
        aside=_answers_another(data, bot),
    )


def reworded(data: Json, bot: str, role: str = "") -> MessageEdited | None:
    """A message that was changed by who wrote it; None for what Discord itself adds to one, such as previews."""
    author, edited = _author(data), text(data, "edited_timestamp")
    message, room = snowflake(data, "id"), snowflake(data, "channel_id")
    said = text(data, "content")
    if author is None or not edited or not message or not room or not said:
        return None
    return MessageEdited(
        place=Place(guild=snowflake(data, "guild_id"), channel=room),
        message=message,
        event=f"{message}/{edited[:40]}",
        person=author,
        text=addressed(said, bot, role),
        moment=_moment(edited),
    )


def _moment(written: str) -> int:
    """A time of Discord's in µs; 0 where it is none."""
    try:
        return max(0, int(datetime.fromisoformat(written).timestamp() * 1_000_000))
    except (ValueError, OverflowError, OSError):
        return 0


def deleted(data: Json) -> MessageEdited | None:
    """A message that is gone."""
    message, room = snowflake(data, "id"), snowflake(data, "channel_id")
    if not message or not room:
        return None
    place = Place(guild=snowflake(data, "guild_id"), channel=room)
    return MessageEdited(place=place, message=message, event=f"{message}/deleted")


def left(data: Json) -> MemberLeft | None:
    """Somebody who is no longer a member."""
    guild, person = snowflake(data, "guild_id"), _person(inner(data, "user"), {})
    return MemberLeft(person=person, guild=guild) if guild and person else None


def names(data: Json, bot: str, role: str) -> bool:
    """Whether Discord says that the bot is mentioned, or the role that is its own: it says so without the words too."""
    if any(snowflake(one, "id") == bot for one in rows(data, "mentions")):
        return True
    return bool(role) and role in roles_named(data)


def roles_named(data: Json) -> tuple[str, ...]:
    """The roles that a message mentions."""
    found = data.get("mention_roles")
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


def mentions(said: str, user: str, role: str = "") -> bool:
    """Whether that user, or their own role, is mentioned in it."""
    named = bool(user) and (f"<@{user}>" in said or f"<@!{user}>" in said)
    return named or (bool(role) and f"<@&{role}>" in said)


def addressed(said: str, user: str, role: str = "") -> str:
    """The text without the mention of that user."""
    names = "|".join(filter(None, (user and f"!?{re.escape(user)}", role and f"&{re.escape(role)}")))
    return re.sub(rf"<@(?:{names})>[,:]?", " ", said).strip() if names else said.strip()


def _kind(data: Json) -> int:
    kind = data.get("type")
    return kind if isinstance(kind, int) else 0


def _answers_another(data: Json, bot: str) -> bool:
    """Whether it is a reply to a message that somebody else than the bot, or its author, wrote."""
    to = snowflake(inner(inner(data, "referenced_message"), "author"), "id")
    return bool(to) and to not in (bot, snowflake(inner(data, "author"), "id"))


def _author(data: Json) -> Person | None:
    """Who wrote it; None for bots and webhooks, ours or others': two that answer each other would never stop."""
    if data.get("webhook_id"):
        return None
    return _person(inner(data, "author"), inner(data, "member"))


def _person(user: Json, member: Json) -> Person | None:
    found = snowflake(user, "id")
    if not found or user.get("bot") or user.get("system"):
        return None
    name = text(member, "nick") or text(user, "global_name") or text(user, "username")
    return Person(user=found, name=name[:80], roles=ids(member, "roles"))


# ---------------------------------------------------------------- interactions


def interaction(data: Json) -> Interaction | None:
    """A command, a press, a form that was sent, or somebody who types."""
    common = _acted(data)
    if common is None:
        return None
    given = inner(data, "data")
    kind = data.get("type")
    if kind == PRESSED:
        values = texts(given, "values")
        custom_id = text(given, "custom_id")
        return Pressed(**common, action=read_token(custom_id, values[0] if values else ""))
    if kind == SENT:
        return _submitted(common, given)
    if kind == TYPING:
        return Autocomplete(**common, data=given)
    if kind == COMMANDED and text(given, "name") == COMMAND and _kind(given) == CHAT_INPUT:
        return CommandCalled(**common, data=given)
    if kind == COMMANDED and text(given, "name") == REPLY and _kind(given) == CHAT_INPUT:
        return ReplyCommand(**common, text=words(dict(given)))
    if kind == COMMANDED and text(given, "name") in (MENU, SEND) and _kind(given) == OF_A_MESSAGE:
        return _pointed(common, given)
    return None


def _acted(data: Json) -> dict[str, Any] | None:
    member = inner(data, "member")
    person = _person(inner(member, "user") or inner(data, "user"), member)
    found, token = snowflake(data, "id"), text(data, "token")
    if person is None or not found or not token or data.get("context") == PRIVATE_CHANNEL:
        return None
    message = inner(data, "message")
    return {
        "id": found,
        "token": token,
        "application": snowflake(data, "application_id"),
        "person": person,
        "place": _place(data),
        "locale": text(data, "locale")[:35],
        "may": number(data, "app_permissions"),
        "message": snowflake(message, "id"),
        "hidden": bool(number(message, "flags") & HIDDEN),
    }


def _place(data: Json) -> Place:
    """A thread with its parent, a channel, or direct messages."""
    channel = inner(data, "channel")
    room = snowflake(channel, "id") or snowflake(data, "channel_id")
    guild = snowflake(data, "guild_id")
    if guild and channel.get("type") in (*THREADS,):
        return Place(guild=guild, channel=snowflake(channel, "parent_id"), thread=room)
    return Place(guild=guild, channel=room)


def _pointed(common: dict[str, Any], given: Json) -> MessageShortcut | None:
    of = snowflake(given, "target_id")
    message = inner(inner(inner(given, "resolved"), "messages"), of)
    if not of or not message:
        return None
    said = text(message, "content")
    attached = files(message, "attachments", hanging(snowflake(message, "channel_id"), of))
    menu, author = text(given, "name"), _author(message)
    return MessageShortcut(**common, menu=menu, author=author, of=of, text=said.strip(), files=attached)


def _submitted(common: dict[str, Any], given: Json) -> Submitted:
    fields = {text(one, "custom_id"): one for one in _fields(given)}

    def value(name: str) -> str:
        return text(fields.get(name, {}), "value").strip()

    attached = {file.id: file for file in files(inner(given, "resolved"), "attachments")}
    uploaded = ids(fields.get(forms.UPLOADS, {}), "values")
    return Submitted(
        **common,
        action=read_token(text(given, "custom_id")),
        reason=reason if (reason := value(forms.REASON)) in REASONS else "",
        text=value(forms.WORDS),
        reach=value(forms.REACH),
        files=tuple(attached[one] for one in uploaded if one in attached),
        chosen={name: texts(one, "values") for name, one in fields.items()},
        people=tuple(_picked(inner(given, "resolved"))),
    )


def _picked(resolved: Json) -> Iterator[Person]:
    """People who were chosen in a form: Discord tells members apart from who they are."""
    members = inner(resolved, "members")
    for user in rows(resolved, "users"):
        person = _person(user, inner(members, snowflake(user, "id")))
        if person is not None:
            yield person


def _fields(given: Json) -> list[Json]:
    """The fields of a form, each in a label of its own (or in a row, as older ones are)."""
    found = []
    for part in rows(given, "components"):
        found += [inner(part, "component"), *rows(part, "components")]
    return found
