"""The ports for what is looked up or remembered beside conversations: letters, tickets, places, limits, credentials."""

from collections.abc import AsyncIterator, Mapping
from typing import Literal, Protocol

from flows.conversation import Address, Conversation
from flows.effects import Effect
from flows.events import File
from flows.values import Frozen


class Letter(Frozen):
    """An effect that waits, or was given up. `at` is when it is due, or was buried (ms)."""

    conversation: str
    lane: str
    channel: str
    effect: Effect
    attempts: int
    at: int
    reason: str = ""


class Backlog(Protocol):
    """What operators look at: the outbox from outside."""

    async def waiting(self) -> tuple[Letter, ...]:
        """Effects not yet carried out, oldest first."""

    async def buried(self) -> tuple[Letter, ...]:
        """Dead letters, oldest first."""

    async def retry(self, effect_id: str) -> bool:
        """Put a dead letter back at the end of its lane; False when there is none with that id."""


class TicketEntry(Frozen):
    """A line of the ticket index: the number a customer was told, whose it is, when it was opened (ms)."""

    number: int
    conversation: str
    opened: int


class Index(Protocol):
    """Look-ups across conversations."""

    async def tickets(self, limit: int) -> tuple[TicketEntry, ...]:
        """The newest tickets first."""

    async def ticket(self, number: int) -> TicketEntry | None:
        """The ticket with that number."""

    def every(self) -> AsyncIterator[TicketEntry]:
        """Every ticket there is, the oldest first; few of them are held at a time."""


class Places(Protocol):
    """Which conversation a place or a person has; what is found may be forgotten, so load it before use."""

    async def at(self, door: str) -> str | None:
        """The newest conversation born at that door, whoever's it is, if it was findable."""

    async def of(self, contact: str, limit: int) -> tuple[str, ...]:
        """That contact's conversations, the newest first."""

    async def note(self, contact: str, conversation_id: str, began: int) -> None:
        """List a conversation as that contact's; `began` in ms. Noting it again changes nothing."""

    async def open(self, door: str, conversation_id: str) -> None:
        """Make a conversation findable at a further door: the thread where agents talk about it."""


class Marks(Protocol):
    """Small facts that all processes share: this was done already, that is switched off."""

    async def first(self, name: str, seconds: int) -> bool:
        """Whether nobody asked that in the last so many seconds; from now on somebody has."""

    async def put(self, name: str) -> None:
        """Mark it for good."""

    async def marked(self, name: str) -> bool:
        """Whether it is marked."""

    async def clear(self, name: str) -> None:
        """Take the mark away, whichever kind it is: what was done once may be done once more."""


class Bookmarks(Protocol):
    """How far something was read or done, by shelf and name; who finds none reads from the beginning."""

    async def put(self, shelf: str, name: str, mark: str) -> None:
        """From here on; the shelf is kept for as long as conversations are."""

    async def all(self, shelf: str) -> Mapping[str, str]:
        """The marks of a shelf by name."""

    async def remove(self, shelf: str, name: str) -> None:
        """Nothing is to be read there any more."""


class Limiter(Protocol):
    """How often somebody may do something."""

    async def wait_for(self, who: str, per_minute: int, at_once: int | None = None) -> float:
        """0.0 when it may go ahead (and is counted), else the seconds until it may.

        `at_once` is how many may come together after a pause; by default a whole minute's.
        """


class Vault(Protocol):
    """Short-lived credentials, and the server's own secret; nothing here is ever logged or journalled (law L9)."""

    async def put(self, text: str, seconds: int) -> str:
        """Keep a text for that long under a fresh random token of 22 characters or more."""

    async def take(self, token: str) -> str | None:
        """Give the text once and forget it; None when it is unknown, spent or too old."""

    async def peek(self, token: str) -> str | None:
        """The text without spending it."""

    async def renew(self, token: str, seconds: int) -> str | None:
        """The same, and from now on it is kept that long again."""

    async def secret(self, name: str) -> bytes:
        """32 random bytes, made on first use and the same ever after."""


Role = Literal["agent", "admin"]
"""What somebody may do on the web desk: an admin also lets people in, puts them out, and sets notices."""


class Account(Frozen):
    """Somebody who may sign in to the web desk. `id` is random and never used again; `made` ms.

    `source` is the issuer that let them in, and `id` then stands for them and it; '' for who came by a link.
    """

    id: str
    name: str
    role: Role
    made: int = 0
    source: str = ""


class Accounts(Protocol):
    """Who may sign in to the web desk; few enough to be read at once."""

    async def put(self, account: Account) -> None:
        """Keep it, in place of the one with that id if there is one."""

    async def get(self, account_id: str) -> Account | None:
        """The account with that id."""

    async def all(self) -> tuple[Account, ...]:
        """Everybody's, by name."""

    async def remove(self, account_id: str) -> bool:
        """It is no longer there; False when it was not."""


class Invitation(Frozen):
    """What a one-time link opens: the account `account`, or with '' a new one of that `role`.

    `name` is what the inviter calls them. `first` holds only for as long as there is no account at all.
    """

    role: Role = "agent"
    name: str = ""
    account: str = ""
    first: bool = False


class Arrival(Frozen):
    """What became of a reply; `reason` is why it failed. "seen", "waits" and "mailed" are of a page: the customer has
    looked at it, has not opened it since, was mailed it. `mails` says that one which waits is mailed in a moment.
    `change` says of one that was changed since whether that is on its way, or the customer's copy stays as it was.
    """

    state: Literal["delivered", "under_way", "failed", "seen", "waits", "mailed"]
    reason: str = ""
    mails: bool = False
    change: Literal["", "under_way", "stays"] = ""


class Arrivals(Protocol):
    """What became of replies to a customer."""

    async def of(self, at: Conversation) -> Mapping[int, Arrival]:
        """By the version a reply came with. Raises StoreDown."""


class Feed(Protocol):
    """News of commits, for screens that stay open."""

    def follow(self, conversation_id: str) -> AsyncIterator[int]:
        """Versions as they are committed (and once at the start); may skip, never goes back; slow poll as net."""


class Health(Protocol):
    """Whether the store can be trusted with customers."""

    async def check(self) -> Mapping[str, str]:
        """{} when all is well, else what is wrong by name: "reachable", "persistent", "eviction", "shards"."""


class Files(Protocol):
    """Files that people sent, where their platform keeps them."""

    async def fetch(self, address: Address, file: File) -> bytes:
        """The content of a file that was sent at that address. Raises Busy, and Undeliverable with the reason."""


class Uploads(Protocol):
    """Files that were uploaded to us, which no platform keeps."""

    async def put(self, conversation: str, name: str, kind: str, content: bytes, most: int) -> File:
        """Keep it for a while, where all that is kept stays under `most` bytes with it. Raises NoRoom, StoreDown."""

    async def get(self, file_id: str) -> bytes | None:
        """Its content; None when it is unknown, or was kept long enough."""


class ReplyStatus(Frozen):
    """What became of an agent's reply.

    `actor` wrote it. `thread` is the receipt of the packet of the agents' thread, `line` that of the message there in
    which it was written, or which shows it ('' while there is none). `sent` is the receipt of the customer's message.
    `mailed` says that it was mailed as well, `stays` that it was changed since and the customer's copy could not be. It
    is on its way while it is neither `delivered` nor has a `reason` why it
    never will be.
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


class Marker(Protocol):
    """Shows agents on one platform what became of a reply."""

    name: str

    async def mark(self, fate: ReplyStatus) -> None:
        """It was delivered, or never will be; or it was changed, and where the customer is it `stays` as it was. May be
        told more than once.
        """
