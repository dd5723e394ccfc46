"""Parses reactions to messages. Pure."""

from typing import Final

from adapters.discord.api.addresses import Person, Place
from adapters.discord.api.payload import Json, inner, snowflake, text
from flows.screen_answers import SIGNS
from flows.values import Frozen

SHADES: Final = "\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
"""What may follow a sign without changing it: the choice of its picture, and the skin tones."""


class Reaction(Frozen):
    """A person reacts to a message, or takes the reaction back."""

    person: Person
    place: Place
    message: str
    sign: str
    taken_back: bool


def reaction(data: Json, *, taken_back: bool) -> Reaction | None:
    """Parse a reaction; None for a sign that says nothing to the bot."""
    sign = text(inner(data, "emoji"), "name").rstrip(SHADES)
    user, room, message = (snowflake(data, name) for name in ("user_id", "channel_id", "message_id"))
    if sign not in SIGNS or not (user and room and message):
        return None
    return Reaction(
        person=Person(user=user),
        place=Place(guild=snowflake(data, "guild_id"), channel=room),
        message=message,
        sign=sign,
        taken_back=taken_back,
    )
