"""Defines what all events share, and the files and words that people send with them."""

from typing import Final

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


class Likeness(Frozen):
    """How like a text is to what it may mean, as a sentence encoder measured it; it comes with the event.

    All figures are thousandths. `meanings` are the scores of the labeled examples' meanings, the highest first;
    `answers` are the answers on screen by their id, `flows` the flows by theirs, each with its closest sentence's
    likeness (1000: the same meaning). A likeness decides nothing: `flows.text.likely` does.
    """

    meanings: tuple[tuple[str, int], ...] = ()
    answers: tuple[tuple[str, int], ...] = ()
    flows: tuple[tuple[str, int], ...] = ()


class File(Frozen):
    """A file that a person sent, as its platform names it. It stays there, and the bot fetches it with its token.

    `kind` is its media type, `size` is in bytes. `at` is the address of the place that stores the file, as text; '' for
    the place it was sent to.
    """

    id: str
    name: str = ""
    kind: str = ""
    size: int = 0
    at: str = ""


class Spoken(Frozen):
    """The words of a person with one event, masked, and the files sent with them.

    The store keeps both beside the journal. `edited` are the words of a later edit that stand beside the first words,
    because these were answered already; '' if the edit replaced the words.
    """

    text: str = ""
    files: tuple[File, ...] = ()
    edited: str = ""

    @property
    def left(self) -> bool:
        """Return whether words or files are left."""
        return bool(self.text or self.files or self.edited)
