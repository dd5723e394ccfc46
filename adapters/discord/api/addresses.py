"""Names customers and agents by Discord's user ids, and places by guild, channel and thread."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from flows.conversation import Address
from flows.values import Frozen

DISCORD: Final = "discord"
"""The channel's name. Every actor, door and address of Discord begins with this word."""

ME: Final = "@me"
"""Replaces the guild in doors and links of direct messages, as in Discord's own links."""

EPOCH_MS: Final = 1_420_070_400_000
"""Milliseconds from 1970 to the time at which Discord's ids start; an id's upper bits are its time of creation."""


class Person(Frozen):
    """A Discord user, whom Discord authenticated; name and roles are those in the same payload."""

    user: str
    name: str = ""
    roles: tuple[str, ...] = ()

    @property
    def actor(self) -> str:
        """The actor's name, which the engine compares with the conversation's contact (law L11)."""
        return f"{DISCORD}:{self.user}"

    @classmethod
    def of(cls, actor: str) -> "Person | None":
        """Parse an actor's name, the inverse of `actor`, without name and roles; None for another channel's actor."""
        channel, _, user = actor.partition(":")
        return cls(user=user) if channel == DISCORD and user else None


class Place(Frozen):
    """A thread or post in a guild, or a customer's direct messages with the bot (then `guild` and `thread` are '').

    `channel` is a thread's parent; it is '' if Discord named only the thread. Sending needs the thread alone.
    """

    guild: str = ""
    channel: str = ""
    thread: str = ""

    @property
    def direct(self) -> bool:
        """Whether the place is direct messages."""
        return not self.guild

    @property
    def room(self) -> str:
        """The id of the channel that messages are sent to."""
        return self.thread or self.channel

    @property
    def door(self) -> str:
        """Name the door of a conversation here: a thread, and direct messages, hold one conversation at a time."""
        return f"{DISCORD}/{self.guild or ME}/{self.room}"

    @property
    def link(self) -> str:
        """The link that opens the place."""
        return link(self.guild, self.room)

    def address(self, person: Person) -> str:
        """Write the customer's address in this place as text."""
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
        """Read the place from an address."""
        return cls(guild=address.workspace, channel=address.room, thread=address.thread)


def link(guild: str, room: str, message: str = "") -> str:
    """Build the link to a channel, or to a message in it; '' if `room` is empty."""
    if not room:
        return ""
    address = f"https://discord.com/channels/{guild or ME}/{room}"
    return f"{address}/{message}" if message else address


def receipt(room: str, message: str, shown_ms: int = 0) -> str:
    """Write the receipt of a sent message; `shown_ms` is when an older message became this one."""
    return f"{room}:{message}:{shown_ms}" if shown_ms else f"{room}:{message}"


def joined(first: str, others: Iterable[str]) -> str:
    """Return the receipts of one effect's messages as one receipt."""
    return " ".join((first, *others))


def sent(text: str) -> tuple[str, str]:
    """Split a receipt into channel and message; of several messages, the first."""
    room, _, rest = text.partition(" ")[0].partition(":")
    return room, rest.partition(":")[0]


def shown(text: str) -> int:
    """Return when the message of a receipt was shown as it is, in milliseconds since 1970; 0 for no receipt."""
    _, _, rest = text.partition(":")
    message, _, shown_ms = rest.partition(":")
    return int(shown_ms) if shown_ms.isdigit() else made(message)


def changed_ms(message: Mapping[str, Any]) -> int:
    """Return when a message was changed last, in milliseconds since 1970; 0 if it never was."""
    try:
        return int(datetime.fromisoformat(str(message.get("edited_timestamp"))).timestamp() * 1000)
    except ValueError:
        return 0


def made(snowflake: str) -> int:
    """Return an id's time of creation, in milliseconds since 1970; 0 if the text is no id."""
    return (int(snowflake) >> 22) + EPOCH_MS if snowflake.isdigit() else 0


def since(milliseconds: float) -> str:
    """Return the smallest id that Discord can give at this time, in milliseconds, or later."""
    return str(max(0, int(milliseconds) - EPOCH_MS) << 22)


def listed(ids: Iterable[str]) -> frozenset[str]:
    """Normalize ids as an operator may write them: as mentions, or with # or @ before them."""
    return frozenset(name for text in ids if (name := text.strip().strip("<>#@&! ")))


def hanging(room: str, message: str) -> str:
    """Write the address of a file attached to a message, as text."""
    return str(Address(channel=DISCORD, room=room, thread=message))


def signed(url: str) -> str:
    """Write the address of a file that was given in a form, as text: no message has it, so its signed URL is kept,
    which is good for a day.
    """
    return str(Address(channel=DISCORD, person=url)) if "|" not in url else ""


def signed_url(address: Address) -> str:
    """Return the signed URL in an address; '' for the address of a place."""
    return address.person if "://" in address.person else ""
