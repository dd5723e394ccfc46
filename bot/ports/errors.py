"""Defines the errors that adapters raise at a port, and no others that are expected."""

from typing import Literal


class StoreDown(Exception):
    """The store cannot be reached, or did not answer in time. Nothing was acknowledged; try again."""


class TooOld(Exception):
    """The store holds data of a format that this release cannot read. A newer release must take over."""

    def __init__(self, stored: int, reads: int) -> None:
        super().__init__(
            f"the stored data is of format {stored}, but this release reads up to format {reads}"
        )


class Unreadable(Exception):
    """This process cannot read what is stored of a conversation: leave the conversation alone, do not acknowledge."""


class RevisionUnreadable(Unreadable):
    """A newer release wrote what this process cannot read, such as a conversation's revision (law L8)."""


class Damaged(Unreadable):
    """What is stored of a conversation is damaged. It was set aside, and no retry helps until a person mends it."""


class Contended(Exception):
    """Too many events at once for one conversation; nothing was recorded. Try again."""


class Busy(Exception):
    """The platform asks to wait (429): try again in that many `seconds`. Nothing was sent."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the platform asks to wait {seconds:g} s")
        self.seconds = seconds


class NotYet(Busy):
    """The sender lets the effect wait on purpose, as an email that is bundled with later ones. Nothing was sent."""


class TooMany(Exception):
    """A person started too much in a short time. The text is the answer to them: what, and when they may again."""


class Undeliverable(Exception):
    """The platform refused for good ("DMs closed"). Nothing was sent and no retry will help."""


class PlaceGone(Undeliverable):
    """The place to post in is gone. Nothing was sent.

    `part` says what is gone: its "thread", which was deleted, or the whole "channel", which was deleted, archived or
    closed to the bot. A "locked" thread still exists, and so does a place whose customer has "left".
    """

    def __init__(self, reason: str, part: Literal["thread", "locked", "channel", "left"]) -> None:
        super().__init__(reason)
        self.part: Literal["thread", "locked", "channel", "left"] = part


class NoRoom(Exception):
    """The store for files is full; the new file was not kept."""


class Unsure(Exception):
    """The platform cannot say whether an earlier attempt arrived."""


class ImportRefused(Exception):
    """An archive does not fit the store or this release. Nothing of it was written; the message says what to do."""


class FormatSwitched(Exception):
    """The store began to write a newer format while it was exported, so the archive names the wrong one."""


class ArchiveUnreadable(Exception):
    """A file is no archive, is damaged or cut short, or the passphrase is wrong."""
