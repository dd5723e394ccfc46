"""Defines the ports beside conversations: dead letters, tickets, places, accounts, credentials, files."""

from collections.abc import AsyncIterator, Mapping
from typing import Literal, Protocol

from flows.conversation import Address, Conversation
from flows.effects import Effect
from flows.events import File
from flows.values import Frozen


class Letter(Frozen):
    """An effect that waits, or a dead letter. `at` is when it is due, or was given up (ms)."""

    conversation: str
    lane: str
    channel: str
    effect: Effect
    attempts: int
    at: int
    reason: str = ""


class NewerEffect(Frozen):
    """An effect that only a newer release can read. Its lane waits for a process of that release. `at` is in ms."""

    id: str
    kind: str
    channel: str
    conversation: str
    lane: str
    at: int


class Backlog(Protocol):
    """Shows operators the outbox."""

    async def waiting(self) -> tuple[Letter, ...]:
        """Return the effects that are not carried out yet, oldest first."""

    async def newer(self) -> tuple[NewerEffect, ...]:
        """Return the effects that only a newer release can read, oldest first."""

    async def buried(self) -> tuple[Letter, ...]:
        """Return the dead letters, oldest first."""

    async def retry(self, effect_id: str) -> bool:
        """Put a dead letter back at the end of its lane; False if there is none with that id."""


class TicketEntry(Frozen):
    """A line of the ticket index: the number that the customer knows, its conversation, when it was opened (ms)."""

    number: int
    conversation: str
    opened: int


class Index(Protocol):
    """Looks tickets up across conversations."""

    async def tickets(self, limit: int) -> tuple[TicketEntry, ...]:
        """Return the newest tickets first."""

    async def ticket(self, number: int) -> TicketEntry | None:
        """Return the ticket with that number; None if there is none."""

    def every(self) -> AsyncIterator[TicketEntry]:
        """Yield every ticket, oldest first, with only a few in memory at a time."""


class Places(Protocol):
    """Finds the conversations of a place or a person. A conversation may have expired, so load it before use."""

    async def at(self, door: str) -> str | None:
        """Return the newest conversation born at that door, of any contact, if it was made findable."""

    async def of(self, contact: str, limit: int) -> tuple[str, ...]:
        """Return that contact's conversations, newest first."""

    async def note(self, contact: str, conversation_id: str, began: int) -> None:
        """List a conversation under that contact; `began` is in ms. Listing it again changes nothing."""

    async def open(self, door: str, conversation_id: str) -> None:
        """Make a conversation findable at a further door: its agents' thread."""


class Marks(Protocol):
    """Keeps small facts that all processes share: this was done already, that is off."""

    async def first(self, name: str, seconds: int) -> bool:
        """Return whether this is the first call for that name within so many seconds, and remember the call."""

    async def put(self, name: str) -> None:
        """Set the mark, without an end."""

    async def marked(self, name: str) -> bool:
        """Return whether the mark is set."""

    async def clear(self, name: str) -> None:
        """Remove the mark, of either kind, so that the same can be done once more."""


class Bookmarks(Protocol):
    """Remembers how far something was read or done, by shelf and name; without a mark, read from the beginning."""

    async def put(self, shelf: str, name: str, mark: str, seconds: int | None = None) -> None:
        """Set a mark; the shelf is kept for as long as conversations are, or for so many seconds from now."""

    async def all(self, shelf: str) -> Mapping[str, str]:
        """Return the marks of a shelf by name."""

    async def remove(self, shelf: str, name: str) -> None:
        """Remove a mark."""


class Vault(Protocol):
    """Keeps short-lived credentials and the server's own secrets; they are never logged or journaled (law L9)."""

    async def put(self, text: str, seconds: int) -> str:
        """Keep a text for that long under a fresh random token of 22 characters or more, and return the token."""

    async def take(self, token: str) -> str | None:
        """Return the text once and delete it; None if it is unknown, spent or expired."""

    async def peek(self, token: str) -> str | None:
        """Return the text without spending it."""

    async def renew(self, token: str, seconds: int) -> str | None:
        """Return the text without spending it, and keep it for that long from now."""

    async def secret(self, name: str) -> bytes:
        """Return 32 random bytes, made at the first use and the same ever after."""


Role = Literal["agent", "admin"]
"""Roles on the web desk: an admin also invites and removes people, and posts notices."""


class Account(Frozen):
    """A person who may sign in to the web desk. `id` is never used again; `made` is in ms.

    `source` is the issuer that let them in, and `id` is then derived from the issuer and its subject; '' for a person
    who came by a link, whose `id` is random.
    """

    id: str
    name: str
    role: Role
    made: int = 0
    source: str = ""


class Accounts(Protocol):
    """Keeps the accounts of the web desk; few enough to be read at once."""

    async def put(self, account: Account) -> None:
        """Keep the account, in place of an earlier one with its id."""

    async def get(self, account_id: str) -> Account | None:
        """Return the account with that id; None if there is none."""

    async def all(self) -> tuple[Account, ...]:
        """Return all accounts, by name."""

    async def remove(self, account_id: str) -> bool:
        """Remove the account; False if there was none."""


class Invitation(Frozen):
    """The content of a one-time link: it signs in to `account`, or, if that is '', to a new account with that `role`.

    `name` is the name that the inviter suggests. `first` works only while there is no account at all.
    """

    role: Role = "agent"
    name: str = ""
    account: str = ""
    first: bool = False


class Arrival(Frozen):
    """The status of a reply; `reason` says why it failed, and `without` names the files that did not arrive with it.

    On a page: "seen" (the customer has looked since), "waits" (not yet) and "mailed" (emailed instead). `mails` says
    that a waiting reply will be emailed soon, `unconfirmed` that the customer must confirm the address first. `change`
    is about an edited reply: its edit is on its way ("under_way"), or the customer's copy stays as it was ("stays").
    """

    state: Literal["delivered", "under_way", "failed", "seen", "waits", "mailed"]
    reason: str = ""
    mails: bool = False
    unconfirmed: bool = False
    change: Literal["", "under_way", "stays"] = ""
    without: str = ""


class Arrivals(Protocol):
    """Says how replies to a customer arrived."""

    async def of(self, at: Conversation) -> Mapping[int, Arrival]:
        """Return the arrival of each reply by its version. Raises StoreDown."""


class Feed(Protocol):
    """Reports commits to screens that stay open."""

    def follow(self, conversation_id: str) -> AsyncIterator[int]:
        """Yield versions as they are committed, the present one first.

        May skip some, never goes back; also polls, slowly.
        """


class Health(Protocol):
    """Checks whether the store is fit for customers."""

    async def check(self) -> Mapping[str, str]:
        """Return {} if all is well, else what is wrong by name: "reachable", "persistent", "eviction", "shards"."""


class Files(Protocol):
    """Fetches files that people sent from the platform that stores them."""

    async def fetch(self, address: Address, file: File) -> bytes:
        """Return the content of a file that was sent at that address.

        Raises Busy, and Undeliverable with the reason.
        """


class ReplyStatus(Frozen):
    """The status of an agent's reply.

    `actor` is its author. `thread` is the receipt of the agents' thread, `line` the receipt of the message in it that
    the reply was written in, or that shows the reply ('' while there is none). `sent` is the receipt of the customer's
    message. `mailed` says that the reply was emailed as well, `stays` that an edit could not reach the customer's copy.
    A reply is on its way until it is `delivered` or has a `reason` why it never will be, or not as a whole; agents may
    have been told the reason already (`explained`).
    """

    conversation: Conversation
    version: int
    actor: str
    name: str = ""
    thread: str = ""
    line: str = ""
    sent: str = ""
    delivered: bool = False
    mailed: bool = False
    stays: bool = False
    reason: str = ""
    explained: bool = False


class Marker(Protocol):
    """Shows agents on one platform the status of a reply."""

    name: str

    async def mark(self, fate: ReplyStatus) -> None:
        """Show that the reply was delivered, or never will be, or that its edit did not reach the customer (`stays`).

        May be called more than once for the same status.
        """
