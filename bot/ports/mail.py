"""The ports for customers who left: how far they have read, and the post that reaches them elsewhere."""

from typing import Final, Protocol

from flows.text.words import Words
from flows.values import Frozen

MAIL: Final = "mail"
"""The name of the channel that carries mail to customers."""


RETURN: Final = "web/mail/"
"""What the text kept under a mail's link begins with; the conversation, a slash and the version it shows follow."""


class ReadPositions(Protocol):
    """How far customers have seen their conversations, wherever they look at them."""

    async def saw(self, conversation_id: str, version: int) -> None:
        """They looked at it as of that version; it never goes back."""

    async def seen(self, conversation_id: str) -> int:
        """The greatest version they looked at; 0 for none."""


class Passage(Frozen):
    """A paragraph or more of a mail: an agent's own words under their name, or the bot's with `who` ''."""

    who: str
    words: Words


class Mail(Frozen):
    """A mail to a customer about a conversation. The same mail sent again has the same `name`.

    `name` and those of `earlier` mails, the oldest first, are what stands before the domain in a message's id. `number`
    is the ticket's; `link` leads to the conversation for so many `days`. No text of a note is ever part of it (L12).
    """

    to: str
    name: str
    number: int
    title: str
    passages: tuple[Passage, ...]
    link: str
    days: int
    earlier: tuple[str, ...] = ()
    product: str = ""


class Post(Protocol):
    """Hands mails to whoever delivers them."""

    async def send(self, mail: Mail) -> None:
        """It was taken.

        Raises Busy where nothing was handed over and it may be tried again, Undeliverable with the reason for never;
        anything else is an unknown outcome.
        """
