"""Defines the ports of the store's records: conversations with their journals, the outbox, timers, flow revisions."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from flows.conversation import Conversation
from flows.effects import Change, Effect
from flows.events import File, Spoken, TimerRang
from flows.flow import Flow
from flows.text.markup.wordtree import Words
from flows.values import Frozen


class Queued(Frozen):
    """An effect to send: its lane, and the channel whose sender carries it out."""

    lane: str
    channel: str
    effect: Effect


class Armed(Frozen):
    """A timer with its delay in milliseconds, and the turn and status that it guards (law L10)."""

    kind: str
    turn: int
    status: str
    after: int


class Commit(Frozen):
    """One event's change, ready to be recorded in one script (law L2).

    `before` is the conversation that the change was decided on; its version 0 means to create the conversation, born at
    `door`; `findable` says that anyone can look it up there (`Places`). `key` is the event's key, already prefixed.
    `words` and `files` are what a person wrote and sent, masked, and `styled` the words with their formatting, if they
    have any; the store keeps all of them beside the journal. With `amends`, the version of an earlier event, the words
    replace that event's, and empty words erase them and its files. `beside` keeps the first words and stores the new
    ones beside them. `timers` replaces the timers armed for a turn; None keeps them. `promises` outlast turns (theirs
    is 0), and each replaces the one of its kind. `lease` is how long, in ms, the committer holds the lanes that it is
    granted.
    `remembered` says that `before` was not read for it: then a conversation from which a person was erased is a
    conflict, too, whatever its version. `readable_ms` refuses the change ("early") while the present prompt is younger
    than that by the store's clock; `settled_ms` does so while the last change is.
    """

    before: Conversation
    change: Change
    key: str
    remembered: bool = False
    door: str = ""
    findable: bool = False
    words: str = ""
    styled: Words = ()
    files: tuple[File, ...] = ()
    amends: int = 0
    beside: bool = False
    queued: tuple[Queued, ...] = ()
    timers: tuple[Armed, ...] | None = None
    promises: tuple[Armed, ...] = ()
    lease: int = 30_000
    readable_ms: int = 0
    settled_ms: int = 0


class Lease(Frozen):
    """The right to carry out the head of a lane until the lease expires; the attempt has been recorded as begun.

    `attempts` counts this attempt and every earlier one that may have sent something: above 1 a message may have
    arrived.
    """

    conversation: str
    lane: str
    channel: str
    token: str
    effect: Effect
    attempts: int = 1


class Committed(Frozen):
    """The result of a commit.

    "committed": `conversation` is the new state, `change` the stamped change, `leases` the lanes that the committer now
    holds. "repeated": the key is already recorded. "conflict": another commit came first. In both cases `conversation`
    is the present state. "exists": another conversation is open at that door, and `conversation` is that one. "early":
    the prompt or the last change was too young (`readable_ms`, `settled_ms`), and nothing was recorded.
    """

    outcome: Literal["committed", "repeated", "conflict", "exists", "early"]
    conversation: Conversation
    change: Change | None = None
    leases: tuple[Lease, ...] = ()


class Conversations(Protocol):
    """Stores conversations. Every method raises StoreDown if the store does not answer."""

    async def load(self, conversation_id: str) -> Conversation | None:
        """Return the present state; None if there is no such conversation, or it has expired."""

    async def seen(self, conversation_id: str, key: str) -> int:
        """Return the version with which the event of that key was recorded; 0 if it was not."""

    async def commit(self, commit: Commit) -> Committed:
        """Record a change, all or nothing; see Committed."""

    async def journal(self, conversation_id: str) -> tuple[Change, ...]:
        """Return every change, oldest first, stamped with version, time and ticket."""

    async def words(self, conversation_id: str) -> Mapping[int, Spoken]:
        """Return people's words and files, by the version of the change they came with."""


class Outbox(Protocol):
    """Keeps effects that are recorded and not yet carried out (laws L4 and L5)."""

    async def take(self, channels: Sequence[str], lease: int, limit: int) -> tuple[Lease, ...]:
        """Lease due lanes of those channels: free ones, and those whose lease has expired."""

    async def done(self, lease: Lease, receipt: str, extend: int) -> Lease | None:
        """Remove the head, which was carried out, keep its receipt ('' for none), and begin the next effect, if any.

        A holder whose lease was taken over changes nothing and gets None.
        """

    async def give_back(self, lease: Lease, after: int, unsent: bool) -> None:
        """Free the lane, to be due again in `after` ms. `unsent` says that this attempt certainly sent nothing."""

    async def bury(self, lease: Lease, reason: str, extend: int) -> Lease | None:
        """Make the head a dead letter with the reason, and begin the next effect, if any."""

    async def receipt(self, conversation_id: str, effect_id: str) -> str | None:
        """Return the receipt of a sent effect; None if it was never sent. Raises Unsure while it is on its way."""


class Leases(Protocol):
    """Extends the leases of a process that is alive."""

    async def renew(self, lease: Lease, extend: int) -> bool:
        """Let the lease last `extend` ms from now; return False if another holder has taken the lane over."""


class Alarms(Protocol):
    """Keeps the timers that commits armed (law L10)."""

    async def due(self, lease: int, limit: int) -> tuple[TimerRang, ...]:
        """Return due timers, each hidden from other workers for `lease` ms; an event's key names the armed timer."""

    async def dismiss(self, rang: TimerRang) -> None:
        """Delete a timer that was handled, or whose guard has passed."""


class Revisions(Protocol):
    """Keeps compiled flows by revision, for as long as a conversation may be pinned to one."""

    async def keep(self, flow: Flow) -> None:
        """Store a compiled flow; storing it again changes nothing."""

    async def fetch(self, revision: str) -> Flow | None:
        """Return the flow of that revision; None if it is unknown.

        Raises RevisionUnreadable if its format is newer than ours.
        """
