"""The ports of the store's records: conversations and their journals, the outbox, timers, revisions of flows."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from flows.conversation import Conversation
from flows.effects import Change, Effect
from flows.events import File, Spoken, TimerRang
from flows.flow import Flow
from flows.values import Frozen


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
