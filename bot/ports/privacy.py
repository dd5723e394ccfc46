"""Defines the ports that find and erase what is kept of a person."""

from collections.abc import Mapping
from typing import Literal, Protocol

from flows.conversation import Conversation
from flows.values import Frozen

ClueKind = Literal["ticket", "mail", "actor", "user", "conversation", "thread"]


class Clue(Frozen):
    """What an operator knows of a person: a ticket's number, an email address, an actor ("slack:T1:U1"), a platform's
    user id, a conversation, or a message that they wrote (`text` is its channel, `also` its thread or the message).
    """

    kind: ClueKind
    text: str
    also: str = ""


class KnownPerson(Frozen):
    """A person as the store knows them.

    `actors` are their names on the channels, `mails` their addresses. `own` are the conversations in which they were
    the customer, `beside` those of others in which they acted: as an agent, or with the buttons handed to them.
    """

    actors: tuple[str, ...]
    mails: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    tickets: tuple[int, ...] = ()
    own: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


class Erased(Frozen):
    """The result of an erasure. `later` is what a further run must do, `unreached` what only people can."""

    conversations: int = 0
    later: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()

    def plus(self, other: "Erased") -> "Erased":
        """Return both results together."""
        return Erased(
            conversations=self.conversations + other.conversations,
            later=self.later + other.later,
            unreached=tuple(dict.fromkeys(self.unreached + other.unreached)),
        )


class Eraser(Protocol):
    """Finds a person and erases them everywhere."""

    async def found(self, clue: Clue) -> KnownPerson | None:
        """Return whom the clue is about; None if nothing is kept of them."""

    async def erase(self, person: KnownPerson) -> Erased:
        """Erase a person. Raises StoreDown: then the next run goes on."""


class People(Protocol):
    """Finds people, and remembers whose erasure has begun until it is done."""

    async def find(self, clue: Clue) -> KnownPerson | None:
        """Return whom the clue is about; None if the store has nothing of them. Reads every conversation."""

    async def begun(self) -> tuple[KnownPerson, ...]:
        """Return the people whose erasure was interrupted."""

    async def begin(self, person: KnownPerson) -> None:
        """Remember that the person's erasure has begun."""

    async def end(self, person: KnownPerson) -> None:
        """Forget that there was an erasure."""


class PersonalData(Protocol):
    """Erases what the store keeps of a person. Every method may be repeated."""

    async def silence(self, conversation_id: str) -> Mapping[str, str] | None:
        """Drop a conversation's timers and what waits to be sent. Return the receipts of what was sent, by effect;
        None while something is being sent.
        """

    async def erase(self, person: KnownPerson, conversation_id: str) -> None:
        """Erase a person's own conversation, with its files, and the texts in it that were kept elsewhere."""

    async def redact(self, person: KnownPerson, conversation_id: str) -> None:
        """Erase a person from another one's conversation: their name and id, and what they wrote as a customer."""

    async def sweep(self, person: KnownPerson) -> None:
        """Erase a person from everything beside conversations."""

    async def rewrite(self) -> tuple[str, ...]:
        """Let the server rewrite its files, if an erasure has ended since. Return what could not be rewritten."""


class Retractor(Protocol):
    """Takes back what the bot wrote on a platform."""

    name: str

    async def retract(self, at: Conversation, receipts: Mapping[str, str]) -> tuple[str, ...]:
        """Delete the messages, and say in the head of the agents' thread that the data was erased.

        May be repeated. Return what the platform does not let the bot delete. Raises Busy, and whatever means that
        the platform could not be asked.
        """
