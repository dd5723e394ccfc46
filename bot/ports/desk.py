"""Defines the ports that receivers use: the way in, views of a conversation, and lookups by place and person."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from bot.ports.board import OpenTicket, Overview, TicketPage, TicketPageRow
from bot.ports.lookups import Account, Invitation, Role
from flows.conversation import Conversation
from flows.effects import Refusal
from flows.events import Event
from flows.replies import Canned
from flows.values import Frozen
from flows.views.answered_steps import AnsweredStep
from flows.views.dossier import Dossier
from flows.views.screen import Screen

Aged = Literal["resolved", "guiding"]
"""The lists by age: ended conversations with a ticket, and guided conversations."""


class Outcome(Frozen):
    """The result of an event: the conversation as it is now, and the refusal if nothing changed."""

    conversation: Conversation
    refusal: Refusal | None = None
    repeated: bool = False
    created: bool = False

    @property
    def found_open(self) -> bool:
        """Return whether a start found an open conversation at its door: then the start's words belong there."""
        return not (self.created or self.repeated or self.refusal)


class Receive(Protocol):
    """Takes an event in: the desk. Returns when the event is safely recorded (law L4), or was refused."""

    async def __call__(self, event: Event) -> Outcome | None:
        """Return None if there is no such conversation. Raises StoreDown, RevisionUnreadable, Contended."""


class Look(Protocol):
    """Draws what a customer sees now, from the record and the journal."""

    async def __call__(self, conversation_id: str) -> Screen | None:
        """Return None if there is no such conversation. Raises StoreDown, RevisionUnreadable."""


class Retrace(Protocol):
    """Lists the steps that a customer had answered at a point of a conversation, as their screen showed them."""

    async def __call__(self, conversation: Conversation) -> Sequence[AnsweredStep]:
        """Return them as of that record, oldest first. Raises StoreDown, RevisionUnreadable."""


class Inspect(Protocol):
    """Draws what an agent sees of a conversation now: the customer's screen and the whole history."""

    async def __call__(self, conversation_id: str) -> Dossier | None:
        """Return None if there is no such conversation. Raises StoreDown, RevisionUnreadable."""


class SavedReplies(Protocol):
    """Lists the saved replies, with their blanks filled."""

    async def __call__(self, conversation: Conversation, agent: str) -> tuple[Canned, ...]:
        """Return the replies offered in that conversation, as the agent of that name would send them."""


class InspectPast(Protocol):
    """Draws what an agent would have seen of a conversation at an earlier version, from the first to the last."""

    async def __call__(self, conversation_id: str, version: int) -> Dossier | None:
        """Return None if there is no such conversation. Raises StoreDown, RevisionUnreadable."""


class QueueRow(Frozen):
    """A conversation as the queue lists it: its state, and its titles as plain text."""

    conversation: Conversation
    title: str
    step: str
    team: str


class Queue(Protocol):
    """Lists the conversations that agents choose from. Every method raises StoreDown."""

    async def look(self) -> Overview:
        """Return all open tickets, and the numbers of the others."""

    async def ended(self, seen: Overview, team: str, reason: str) -> int:
        """Return how many ended conversations have that team and reason ('' for any)."""

    async def aged(
        self, seen: Overview, tab: Aged, skip: int, limit: int, team: str = "", reason: str = ""
    ) -> TicketPage:
        """Return a page of ended conversations of that team and reason, or of guided ones, which have neither yet."""

    async def cases(self, lines: Sequence[OpenTicket | TicketPageRow]) -> tuple[QueueRow, ...]:
        """Return the rows of those lines that are still right, in that order."""

    async def find(self, asked: str) -> str | None:
        """Return the conversation with that ticket number or id, or the one that an address ends with."""


class SignIn(Protocol):
    """Signs people in to the web desk: by links that work once, and by an issuer's claims."""

    async def invite(self, role: Role, name: str = "") -> str:
        """Return the token of a link to a new account; the link works for `INVITE_S` seconds."""

    async def link(self, account: Account) -> str:
        """Return the token of a sign-in link to an existing account."""

    async def peek(self, token: str) -> Invitation | None:
        """Return what a link is for, without spending it; None if it is unknown, spent, expired or no longer valid."""

    async def accept(self, token: str, name: str) -> Account | None:
        """Spend the link; a new account gets that name. None as in `peek`; raises ValueError for an unusable name."""

    async def admit(self, subject: str, claims: Mapping[str, Any]) -> Account | None:
        """Return the account of the issuer's subject, with the role its claims give now; None for no access."""


class Finder(Protocol):
    """Finds conversations by place or person. Every method raises StoreDown if the store does not answer."""

    async def at(self, door: str) -> Conversation | None:
        """Return the newest conversation born at that door, of any contact, ended ones included."""

    async def of(self, contact: str) -> tuple[Conversation, ...]:
        """Return a person's own conversations, newest first, a few at most."""

    async def mine(self, contact: str) -> tuple[Screen, ...]:
        """Return the screens of a person's own conversations; unreadable ones are left out."""

    async def asked(self, conversation: Conversation) -> str:
        """Return the receipt of the message that shows the live prompt; '' while it is on its way or without one."""

    async def opened(self, conversation: Conversation) -> str:
        """Return the receipt of the agents' thread's first message; '' while it is on its way or without one."""
