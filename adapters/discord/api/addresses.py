"""Who and where in Discord: people and places by their ids, as the house names them."""

from collections.abc import Iterable
from typing import Final

from flows.conversation import Address
from flows.values import Frozen

DISCORD: Final = "discord"
"""The channel's name, and what every actor, door and address of it begins with."""

ME: Final = "@me"
"""Stands for the guild in doors and links of direct messages, as in Discord's own addresses."""

EPOCH_MS: Final = 1_420_070_400_000
"""Milliseconds of 1970 from which Discord's ids count; the upper bits of an id say when it was made."""


class Person(Frozen):
    """Somebody by their id, which Discord has authenticated; name and roles as the same payload tells them."""

    user: str
    name: str = ""
    roles: tuple[str, ...] = ()

    @property
    def actor(self) -> str:
        """The name the engine compares with the contact (law L11)."""
        return f"{DISCORD}:{self.user}"

    @classmethod
    def of(cls, actor: str) -> "Person | None":
        """The inverse of `actor`, without name and roles; None for who is not from Discord."""
        channel, _, user = actor.partition(":")
        return cls(user=user) if channel == DISCORD and user else None


class Place(Frozen):
    """A thread or post in a guild, or a person's direct messages with the bot (then `guild` and `thread` are '').

    `channel` is a thread's parent; it may be '' where only the thread was told. No part of it is needed to send.
    """

    guild: str = ""
    channel: str = ""
    thread: str = ""

    @property
    def direct(self) -> bool:
        """Whether these are direct messages."""
        return not self.guild

    @property
    def room(self) -> str:
        """The id that messages are sent to."""
        return self.thread or self.channel

    @property
    def door(self) -> str:
        """Where a conversation is born: a thread and direct messages are about one thing at a time."""
        return f"{DISCORD}/{self.guild or ME}/{self.room}"

    @property
    def link(self) -> str:
        """The address that opens it."""
        return link(self.guild, self.room)

    def address(self, person: Person) -> str:
        """The customer's end, as text."""
        return str(
            Address(
                channel=DISCORD,
                workspace=self.guild,
                room=self.channel,
                thread=self.thread,
                person=person.user,
            )
        )

    @classmethod
    def of(cls, address: Address) -> "Place":
        """The place of an address."""
        return cls(guild=address.workspace, channel=address.room, thread=address.thread)


def link(guild: str, room: str, message: str = "") -> str:
    """The address of a place, or of a message in it; '' where that is not known."""
    if not room:
        return ""
    address = f"https://discord.com/channels/{guild or ME}/{room}"
    return f"{address}/{message}" if message else address


def receipt(room: str, message: str) -> str:
    """What is kept of a message that was sent."""
    return f"{room}:{message}"


def sent(text: str) -> tuple[str, str]:
    """Room and message of a receipt."""
    room, _, message = text.partition(":")
    return room, message


def made(snowflake: str) -> int:
    """When what has that id was made, in milliseconds since 1970."""
    return (int(snowflake) >> 22) + EPOCH_MS if snowflake.isdigit() else 0


def since(milliseconds: float) -> str:
    """The smallest id that something made at that time, or later, can have."""
    return str(max(0, int(milliseconds) - EPOCH_MS) << 22)


def listed(ids: Iterable[str]) -> frozenset[str]:
    """Ids as an operator may have written them: as mentions, or with a # or @ before them."""
    return frozenset(found for text in ids if (found := text.strip().strip("<>#@&! ")))


def hanging(room: str, message: str) -> str:
    """Where a file lies that hangs on that message, as the text of an address."""
    return str(Address(channel=DISCORD, room=room, thread=message))
