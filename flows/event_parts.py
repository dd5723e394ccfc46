"""Defines what all events share, the files and words of people, and the events that no person causes."""

from typing import Final, Literal

from flows.conversation import End
from flows.text.markup.wordtree import Words
from flows.text.visible import Name
from flows.values import Frozen

SHARED_AT_ONCE: Final = 10
"""Most files taken with one message; further files stay only on their platform."""


class Happening(Frozen):
    """Holds what all events share. `actor` is the person who acts: a contact's id, or "timer" or "bot".

    `conversation` is the id of the event's conversation; it is '' in Started, whose id follows from the door, and in
    the journal, which belongs to one conversation anyway.
    """

    key: str = ""
    actor: str = ""
    conversation: str = ""


class File(Frozen):
    """A file that a person sent, as its platform names it. It stays there, and the bot fetches it with its token.

    `kind` is its media type, `size` is in bytes. `at` is the address of the place that stores the file, as text; '' for
    the place it was sent to.
    """

    id: str
    name: Name = ""
    kind: str = ""
    size: int = 0
    at: str = ""


class Spoken(Frozen):
    """The words of a person with one event, masked, and the files sent with them.

    The store keeps both beside the journal. `edited` are the words of a later edit that stand beside the first words,
    because these were answered already; '' if the edit replaced the words. `styled` and `edited_styled` are these texts
    with their formatting; empty for a text without any.
    """

    text: str = ""
    files: tuple[File, ...] = ()
    edited: str = ""
    styled: Words = ()
    edited_styled: Words = ()

    @property
    def left(self) -> bool:
        """Return whether words or files are left."""
        return bool(self.text or self.files or self.edited)


# ---- what happens without a person -----------------------------------------------------------------------------------

Part = Literal["thread", "channel", "left", "left_channel"]
"""What of a place is gone; "left" says that its customer left the server, "left_channel" that they left the channel."""

BOT: Final = "bot"
"""The actor of events that the bot finds out, and no person reports."""


class TimerRang(Happening):
    """A timer came due.

    `turn` and `status` are what the timer guards: if they have passed, it does nothing (law L10).
    """

    type: Literal["timer"] = "timer"
    kind: str = ""
    turn: int = 0
    status: str = ""


How = Literal["gone", "removed", "closed", "moderated", "locked", "open"]
"""What became of a place: it was deleted or refuses the bot, the bot was removed from its server, the customer closed
it, another person closed it, a moderator locked it, or it is open again."""


class PlaceLost(Happening):
    """A message could not be posted because its place is gone (`actor` is "bot").

    `end` says whose place it is, and `part` what is gone: its thread, or the whole channel, which was deleted, archived
    or closed to the bot. For the agents' end, `of` is the effect that opened the thread, and `version` is what the
    message was about (0: nothing to repeat). `how` says what became of the place; one that is closed, locked or open
    again is not lost for good, and always the customer's.
    """

    type: Literal["place_lost"] = "place_lost"
    end: End = "agents"
    part: Part = "thread"
    of: str = ""
    version: int = 0
    how: How = "gone"

    @classmethod
    def of_changed(cls, conversation: str, how: How, change: str) -> "PlaceLost":
        """Return the event of a customer's place that a person closed, locked or opened; `change` names that act."""
        key = f"place/{how}/{change}"
        return cls(conversation=conversation, end="customer", how=how, actor=BOT, key=key)

    @classmethod
    def of_customer(cls, conversation: str, part: Part, how: How = "gone", change: str = "") -> "PlaceLost":
        """Return the event of a customer's place, which counts once for a conversation, or once for each `change`."""
        key = "/".join(filter(None, ("lost/customer", part, how if how != "gone" else "", change)))
        return cls(conversation=conversation, end="customer", part=part, how=how, actor=BOT, key=key)

    @classmethod
    def of_agents(cls, conversation: str, part: Part, of: str, version: int) -> "PlaceLost":
        """Return the event of a thread of agents, which counts once for that thread."""
        key = f"lost/{part}/{of}"
        return cls(conversation=conversation, part=part, of=of, version=version, actor=BOT, key=key)
