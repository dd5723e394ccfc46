"""The ports that receivers are given: the way in, looks at a conversation, and from places and people to it."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from bot.ports.board import OpenTicket, Overview, TicketPage, TicketPageRow
from bot.ports.lookups import Account, Invitation, Role
from flows.conversation import Conversation
from flows.effects import Refusal
from flows.events import Event
from flows.replies import Canned
from flows.values import Frozen
from flows.views.dossier import Dossier
from flows.views.screen import Screen

Aged = Literal["resolved", "guiding"]
"""The lists by age: of conversations with a ticket that ended, and of those the bot guides."""


class Outcome(Frozen):
    """What became of an event: where the conversation stands now, and why nothing changed if nothing did."""

    conversation: Conversation
    refusal: Refusal | None = None
    repeated: bool = False
    created: bool = False


class Receive(Protocol):
    """The desk's one way in. Returns when the event is safely recorded (law L4), or was refused."""

    async def __call__(self, event: Event) -> Outcome | None:
        """None when there is no such conversation. Raises StoreDown, RevisionUnreadable, Contended."""


class Look(Protocol):
    """What a person sees now, drawn from the record and the journal."""

    async def __call__(self, conversation_id: str) -> Screen | None:
        """None when there is no such conversation. Raises StoreDown, RevisionUnreadable."""


class Retrace(Protocol):
    """What a person sees at a point of a conversation, without anybody's words: the steps, and what was answered."""

    async def __call__(self, conversation: Conversation) -> Screen:
        """As of that record. Raises StoreDown, RevisionUnreadable."""


class Inspect(Protocol):
    """What an agent sees of a conversation now: the customer's screen, and all that happened."""

    async def __call__(self, conversation_id: str) -> Dossier | None:
        """None when there is no such conversation. Raises StoreDown, RevisionUnreadable."""


class SavedReplies(Protocol):
    """The replies that agents keep ready, filled in."""

    async def __call__(self, conversation: Conversation, agent: str) -> tuple[Canned, ...]:
        """Those on offer in that conversation, as the agent of that name would send them."""


class InspectPast(Protocol):
    """What an agent would have seen of a conversation at an earlier version, the first and the last at most."""

    async def __call__(self, conversation_id: str, version: int) -> Dossier | None:
        """None when there is no such conversation. Raises StoreDown, RevisionUnreadable."""


class QueueRow(Frozen):
    """A conversation as the queue lists it: where it stands, and the words for it as plain text."""

    conversation: Conversation
    title: str
    step: str
    team: str


class Queue(Protocol):
    """What agents choose from. Every method raises StoreDown."""

    async def look(self) -> Overview:
        """All open tickets, and how many others there are."""

    async def ended(self, seen: Overview, team: str, reason: str) -> int:
        """How many of those that ended are of that team and reason ('' for any)."""

    async def aged(
        self, seen: Overview, tab: Aged, skip: int, limit: int, team: str = "", reason: str = ""
    ) -> TicketPage:
        """A part of those that ended, or of those being guided, whose team and reason nobody knows yet."""

    async def cases(self, lines: Sequence[OpenTicket | TicketPageRow]) -> tuple[QueueRow, ...]:
        """Those of lines that still are where they are listed, in that order."""

    async def find(self, asked: str) -> str | None:
        """The conversation that a ticket's number, an id, or an address that ends with one means."""


class SignIn(Protocol):
    """Lets people in to the web desk: by links that work once, and by what an issuer says of them."""

    async def invite(self, role: Role, name: str = "") -> str:
        """The token of a link to a new account; it can be used for `INVITED` seconds."""

    async def link(self, account: Account) -> str:
        """The token of a link that signs in somebody who has an account."""

    async def peek(self, token: str) -> Invitation | None:
        """What a link opens, without spending it; None when it is unknown, spent, too old or no longer good."""

    async def accept(self, token: str, name: str) -> Account | None:
        """Spend the link; a new account has that name. None as above, ValueError where the name will not do."""

    async def admit(self, subject: str, claims: Mapping[str, Any]) -> Account | None:
        """The account of whom the issuer calls that; its role is what their claims give now, None where it is none."""


class Finder(Protocol):
    """From a place or a person to conversations. Every method raises StoreDown when the store does not answer."""

    async def at(self, door: str) -> Conversation | None:
        """The newest conversation born at that door, whoever's it is; ended ones too."""

    async def of(self, contact: str) -> tuple[Conversation, ...]:
        """A person's own conversations, the newest first, a few at most."""

    async def mine(self, contact: str) -> tuple[Screen, ...]:
        """The same as their screens; those that cannot be read are left out."""

    async def asked(self, conversation: Conversation) -> str:
        """The receipt of the message that shows the live prompt; '' while it is on its way, or where none was sent."""
