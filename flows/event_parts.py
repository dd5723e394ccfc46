"""What all events have in common, and what people may send with them."""

from typing import Final

from flows.values import Frozen

SHARED_AT_ONCE: Final = 10
"""Files taken with one message; the rest stays where it was sent."""


class Happening(Frozen):
    """What all events share. `actor` is who did it: a contact's id, or "timer" or "bot".

    `conversation` is whose event it is; it is '' only in Started, whose id follows from the door, and in the
    journal, which belongs to one conversation anyway.
    """

    key: str = ""
    actor: str = ""
    conversation: str = ""


class File(Frozen):
    """A file that somebody sent, as its platform names it: it stays there, and is fetched with the bot's own token.

    `kind` is its media type, `size` bytes. `at` is where it lies, as the text of an address; '' for where it was sent.
    """

    id: str
    name: str = ""
    kind: str = ""
    size: int = 0
    at: str = ""


class Spoken(Frozen):
    """What somebody said with one event, masked, and the files they sent with it; it lies beside the journal."""

    text: str = ""
    files: tuple[File, ...] = ()
