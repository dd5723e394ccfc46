"""The ports: what `bot` needs of the world, and what receivers need of `bot`; nothing here does anything.

Lanes are `ID/ROLE` and, for cosmetic edits, `ID/ROLE/edits`. Times are milliseconds of the store's clock.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from bot.ports.agents import AgentsPlace as AgentsPlace
from bot.ports.agents import HeldReply as HeldReply
from bot.ports.agents import Reaction as Reaction
from bot.ports.agents import ThreadEdit as ThreadEdit
from bot.ports.agents import ThreadLine as ThreadLine
from bot.ports.board import Board as Board
from bot.ports.board import OpenTicket as OpenTicket
from bot.ports.board import Overview as Overview
from bot.ports.board import Promised as Promised
from bot.ports.board import TicketPage as TicketPage
from bot.ports.board import TicketPageRow as TicketPageRow
from bot.ports.chats import ChatPorts as ChatPorts
from bot.ports.chats import TeamRooms as TeamRooms
from bot.ports.desk import Aged as Aged
from bot.ports.desk import Finder as Finder
from bot.ports.desk import Inspect as Inspect
from bot.ports.desk import InspectPast as InspectPast
from bot.ports.desk import Look as Look
from bot.ports.desk import Outcome as Outcome
from bot.ports.desk import Queue as Queue
from bot.ports.desk import QueueRow as QueueRow
from bot.ports.desk import Receive as Receive
from bot.ports.desk import Retrace as Retrace
from bot.ports.desk import SavedReplies as SavedReplies
from bot.ports.desk import SignIn as SignIn
from bot.ports.errors import Busy as Busy
from bot.ports.errors import Contended as Contended
from bot.ports.errors import NoRoom as NoRoom
from bot.ports.errors import RevisionUnreadable as RevisionUnreadable
from bot.ports.errors import StoreDown as StoreDown
from bot.ports.errors import Undeliverable as Undeliverable
from bot.ports.errors import Unsure as Unsure
from bot.ports.lookups import Account as Account
from bot.ports.lookups import Accounts as Accounts
from bot.ports.lookups import Arrival as Arrival
from bot.ports.lookups import Arrivals as Arrivals
from bot.ports.lookups import Backlog as Backlog
from bot.ports.lookups import Bookmarks as Bookmarks
from bot.ports.lookups import Feed as Feed
from bot.ports.lookups import Files as Files
from bot.ports.lookups import Health as Health
from bot.ports.lookups import Index as Index
from bot.ports.lookups import Invitation as Invitation
from bot.ports.lookups import Letter as Letter
from bot.ports.lookups import Limiter as Limiter
from bot.ports.lookups import Marker as Marker
from bot.ports.lookups import Marks as Marks
from bot.ports.lookups import Places as Places
from bot.ports.lookups import ReplyStatus as ReplyStatus
from bot.ports.lookups import Role as Role
from bot.ports.lookups import TicketEntry as TicketEntry
from bot.ports.lookups import Uploads as Uploads
from bot.ports.lookups import Vault as Vault
from bot.ports.mail import MAIL as MAIL
from bot.ports.mail import RETURN as RETURN
from bot.ports.mail import Mail as Mail
from bot.ports.mail import Passage as Passage
from bot.ports.mail import Post as Post
from bot.ports.mail import ReadPositions as ReadPositions
from bot.ports.notices import Noticeboard as Noticeboard
from flows.conversation import Address, Conversation
from flows.effects import Change, Effect
from flows.events import File, Spoken, TimerRang
from flows.flow import Flow
from flows.prompts import Prompt
from flows.text.words import Words
from flows.values import Frozen
from flows.views.dossier import Dossier, Line


class Queued(Frozen):
    """An effect for a channel that must be sent to: in which lane, and which channel's sender carries it out."""

    lane: str
    channel: str
    effect: Effect


class Armed(Frozen):
    """A timer with its delay in milliseconds; what it guards is named in it (law L10)."""

    kind: str
    turn: int
    status: str
    after: int


class Commit(Frozen):
    """One event's change, ready to be recorded in one script (law L2).

    `before` is the conversation it was decided on; its version 0 means that it is to be created, with `door` as
    the place it is born at; `findable` says that it can be looked up there by anybody (`Places`). `key` is the
    event's key, already prefixed. `words` and `files` are what a person said and sent, masked; they lie beside the
    journal. With `amends`, the version of an earlier event, the words replace that event's, and empty ones erase them
    and its files. `timers` replaces what is armed for a turn; None leaves it. `promises` outlast turns (theirs is
    0), and each replaces the one of its kind. `lease` is how long, in ms, the committer holds lanes it is granted.
    """

    before: Conversation
    change: Change
    key: str
    door: str = ""
    findable: bool = False
    words: str = ""
    files: tuple[File, ...] = ()
    amends: int = 0
    queued: tuple[Queued, ...] = ()
    timers: tuple[Armed, ...] | None = None
    promises: tuple[Armed, ...] = ()
    lease: int = 30_000


class Lease(Frozen):
    """The right to carry out the head of a lane until it expires; the attempt has been recorded as begun.

    `attempts` counts attempts begun whose outcome is not known to be "nothing was sent", this one included: above
    1 an earlier one may have arrived.
    """

    conversation: str
    lane: str
    channel: str
    token: str
    effect: Effect
    attempts: int = 1


class Committed(Frozen):
    """What became of a commit.

    "committed": `conversation` is the new state, `change` the stamped change, `leases` the lanes the committer now
    holds. "repeated": the key was known; `conversation` is the present state. "conflict": the version had moved
    on; `conversation` is the present state. "exists": another conversation is open at that door; it is given.
    """

    outcome: Literal["committed", "repeated", "conflict", "exists"]
    conversation: Conversation
    change: Change | None = None
    leases: tuple[Lease, ...] = ()


class Conversations(Protocol):
    """Where conversations live. Every method raises StoreDown when the store does not answer."""

    async def load(self, conversation_id: str) -> Conversation | None:
        """The present state, or None when there is none (or it has been forgotten)."""

    async def seen(self, conversation_id: str, key: str) -> int:
        """The version that the event with that key was recorded with there; 0 when it was not."""

    async def commit(self, commit: Commit) -> Committed:
        """Record a change, all or nothing; see Committed."""

    async def journal(self, conversation_id: str) -> tuple[Change, ...]:
        """Every change, oldest first, stamped with version, time and ticket."""

    async def words(self, conversation_id: str) -> Mapping[int, Spoken]:
        """What people said and sent, by version of the change it came with."""


class Outbox(Protocol):
    """Effects recorded and not yet carried out (laws L4 and L5)."""

    async def take(self, channels: Sequence[str], lease: int, limit: int) -> tuple[Lease, ...]:
        """Lease lanes of those channels that are due (free, or their holder's lease has run out)."""

    async def done(self, lease: Lease, receipt: str, extend: int) -> Lease | None:
        """The head was carried out: keep its receipt ('' for none), remove it, and begin the next one if any.

        A holder whose lease was taken over changes nothing and gets None.
        """

    async def give_back(self, lease: Lease, after: int, unsent: bool) -> None:
        """Free the lane; it is due again in `after` ms. `unsent`: this attempt is known to have sent nothing."""

    async def bury(self, lease: Lease, reason: str, extend: int) -> Lease | None:
        """Make the head a dead letter with the reason, and begin the next one if any."""

    async def receipt(self, conversation_id: str, effect_id: str) -> str | None:
        """The receipt of a sent effect; None when it was never sent; raises Unsure while it is on its way."""


class Alarms(Protocol):
    """Timers that were armed by commits (law L10)."""

    async def due(self, lease: int, limit: int) -> tuple[TimerRang, ...]:
        """Timers that rang, each hidden from others for `lease` ms; its key names the armed timer."""

    async def dismiss(self, rang: TimerRang) -> None:
        """What it guarded has passed, or it was dealt with: it stays gone."""


class Revisions(Protocol):
    """Compiled flows by revision; kept for as long as a conversation may be pinned to one."""

    async def keep(self, flow: Flow) -> None:
        """Store a compiled flow; storing it again changes nothing."""

    async def fetch(self, revision: str) -> Flow | None:
        """The flow of that revision; None when unknown; RevisionUnreadable when its format is newer than ours."""


class Delivery(Frozen):
    """An effect with everything looked up that is needed to carry it out.

    `prompt` for an Ask, `words` for a Tell; for a Retire, `of` is the receipt of what is retired and `words` the
    line it collapses to: the step and what was answered. For agents, `dossier` is all that is known and `of` the
    receipt of the packet whose thread it goes to ('' for the packet itself). For a Relay, `line` is what is carried
    over; to a customer it is always an agent's reply (law L12). `ping` is whom it alerts, as the operator wrote
    it for the team. `path` is where the web desk replays the conversation, for agents ('' where it has no address).
    For an Amend, `line` is as it is now and `copied` the receipt of the message that shows it; in the agents' thread
    `news` says what happened where there is no such message, or it can no longer be changed.
    """

    effect: Effect
    conversation: Conversation
    address: Address
    prompt: Prompt | None = None
    words: Words = ()
    of: str = ""
    dossier: Dossier | None = None
    line: Line | None = None
    copied: str = ""
    news: Line | None = None
    ping: str = ""
    path: str = ""


class Channel(Protocol):
    """A sender: carries effects to one platform, usable in any process; holds no conversation in memory.

    `idempotent` says that the platform drops a repeated delivery of the same effect id by itself.
    """

    name: str
    idempotent: bool

    async def send(self, delivery: Delivery) -> str:
        """Carry it out and return the receipt; '' for an Amend where the customer's copy stays as it was.

        Raises Busy, Undeliverable; anything else is an unknown outcome.
        """

    async def settle(self, delivery: Delivery) -> str | None:
        """Ask the platform whether an earlier attempt arrived: its receipt, None for no, or raise Unsure."""


class TicketReport(Frozen):
    """A ticket as a backend is told of it. Of two reports of a number the one with the greater `version` holds.

    `address` is its team's email address ('' for none), `forwarded` says that an agent sent it there. `happened` is
    what it is reported for, `who` did that, and `quoted` says that those are their words. `summary` is what the
    customer tried, saw and said. No note is ever part of it (law L12). `opened` is in ms; `link` leads to the desk.
    """

    number: int
    version: int
    conversation: str
    status: str
    open: bool
    flow: str
    title: str
    team: str
    address: str = ""
    forwarded: bool = False
    reasons: tuple[str, ...] = ()
    contact: str = ""
    holder: str = ""
    opened: int = 0
    summary: str = ""
    who: str = ""
    happened: str = ""
    quoted: bool = False
    link: str = ""


class TicketBackend(Protocol):
    """A system that an operator keeps tickets in. Told the same report twice, it shows it once."""

    name: str

    async def file(self, report: TicketReport) -> str:
        """Take the report in; returns what the ticket is called there ('' where it has no name).

        Raises Busy with the seconds to wait, Undeliverable for never; anything else is tried again, later and later.
        """
