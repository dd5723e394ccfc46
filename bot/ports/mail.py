"""Defines the ports for customers who left: how far they have read, and the email that reaches them."""

import hashlib
from typing import Final, Protocol

from flows.text.markup.words import Words
from flows.values import Frozen

MAIL: Final = "mail"
"""The name of the channel that emails customers."""


RETURN: Final = "web/mail/"
"""The prefix of the text kept under an email's link; the conversation, a slash and the version to show follow."""


CONFIRM: Final = "web/confirm/"
"""The prefix of the text kept under the link that confirms an address; the conversation, a slash and what names the
address follow."""


def named(address: str) -> str:
    """Return what names an email address without showing it; addresses that differ in case alone are the same."""
    return hashlib.blake2s(address.casefold().encode(), digest_size=12).hexdigest()


class ConfirmedAddresses(Protocol):
    """Remembers which email addresses a contact has confirmed. Every method raises StoreDown."""

    async def confirm(self, contact: str, address: str) -> None:
        """Record that the reader of the address agreed to get the contact's email."""

    async def confirmed(self, contact: str, address: str) -> bool:
        """Return whether the contact's address was confirmed, for as long as conversations are kept."""


class ReadPositions(Protocol):
    """Remembers how far customers have read their conversations, on any device."""

    async def saw(self, conversation_id: str, version: int) -> None:
        """Record that the customer has seen that version; an earlier version changes nothing."""

    async def seen(self, conversation_id: str) -> int:
        """Return the latest version that the customer has seen; 0 for none."""


class Passage(Frozen):
    """One or more paragraphs of an email: an agent's own words under their name, or the bot's with `who` ''."""

    who: str
    words: Words


class Mail(Frozen):
    """An email to a customer about a conversation. The same email sent again has the same `name`.

    `name` and the names of `earlier` emails, oldest first, are the part of a message's id before the domain. `number`
    is the ticket's; `link` leads to the conversation for so many `days`. `reply_to` is the team's address, where
    replies are read; '' if they are not read. An internal note is never part of an email (L12).
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
    reply_to: str = ""


class Confirmation(Frozen):
    """The email that asks whether an address may be written to: it has the link, and nothing of what was said.

    The same email sent again has the same `name`; `number` is the ticket's, and the link works for so many `days`.
    """

    to: str
    name: str
    number: int
    link: str
    days: int
    product: str = ""


class Post(Protocol):
    """Hands emails to a mail server."""

    async def confirm(self, asked: Confirmation) -> None:
        """Hand over the email that asks to confirm an address. Raises as `send` does."""

    async def send(self, mail: Mail) -> None:
        """Hand over an email; return once the server has accepted it.

        Raises Busy if nothing was handed over and a retry may work, Undeliverable with the reason if none will; any
        other error means an unknown outcome.
        """
