"""Defines the port Board: the lists that agents choose from, as commits keep them: open tickets, ended, guided."""

from functools import cached_property
from typing import Protocol

from flows.conversation import Status
from flows.values import Frozen


class OpenTicket(Frozen):
    """An open ticket, with the facts that agents choose by; 0 and '' as in a Conversation.

    `first_soon` and `first_late` are when the bot warns the team about, and when the team has missed, the target for a
    first reply; `solve_soon` and `solve_late` are the same for the solution (ms; 0 without a target). `replied_at` and
    `owed_since` say whose turn it is, as in a Conversation.
    """

    conversation: str
    version: int
    status: Status
    ticket: int
    ticket_at: int
    waiting_since: int = 0
    first_reply_at: int = 0
    first_soon: int = 0
    first_late: int = 0
    solve_soon: int = 0
    solve_late: int = 0
    snoozed: str = ""
    holder: str = ""
    team: str = ""
    reasons: tuple[str, ...] = ()
    replied_at: int = 0
    owed_since: int = 0

    @property
    def customers_turn(self) -> bool:
        """Return whether an agent has replied and the customer has said nothing since."""
        return self.replied_at > 0

    @property
    def since(self) -> int:
        """Return since when the customer waits for an agent, or after a reply, the agents for the customer."""
        if self.customers_turn:
            return self.replied_at
        if self.status is Status.WITH_AGENT and self.owed_since:
            return self.owed_since
        return self.waiting_since if self.status is Status.WAITING and self.waiting_since else self.ticket_at

    def promise(self, now: int) -> "Promised | None":
        """Return the target that the team must meet next; None without one."""
        first = self.first_reply_at < self.ticket_at
        soon, late = (self.first_soon, self.first_late) if first else (self.solve_soon, self.solve_late)
        if first and late <= self.ticket_at:
            first, soon, late = False, self.solve_soon, self.solve_late
        if late <= self.ticket_at:
            return None
        return Promised(first=first, due=late, late=late <= now, near=soon <= now < late)


class Promised(Frozen):
    """A running target, for the `first` reply or for the solution; `due` is in ms. `near`: the team was warned."""

    first: bool
    due: int
    near: bool = False
    late: bool = False


class Overview(Frozen):
    """All open tickets, those that need a reply first and the longest wait at the top, and the other lists' numbers.

    `ended` counts the ended conversations with a ticket, and `latest` is when one of them last changed (ms); `guiding`
    counts the guided conversations. `stamp` changes as soon as any open ticket does, and is the same in every process.
    """

    open: tuple[OpenTicket, ...]
    ended: int
    guiding: int
    latest: int
    stamp: str

    @cached_property
    def teams(self) -> frozenset[str]:
        """Return the teams of open tickets."""
        return frozenset(each.team for each in self.open if each.team)

    def assigned_to(self, actor: str) -> tuple[OpenTicket, ...]:
        """Return an agent's tickets in this order, the snoozed ones last."""
        theirs = (each for each in self.open if each.holder == actor)
        return tuple(sorted(theirs, key=lambda each: bool(each.snoozed)))

    @cached_property
    def reasons(self) -> frozenset[str]:
        """Return the reasons of open tickets."""
        return frozenset(reason for each in self.open for reason in each.reasons)


class TicketPageRow(Frozen):
    """A line of a list by age: its conversation, and when that last changed (ms)."""

    conversation: str
    changed: int


class TicketPage(Frozen):
    """A page of a list by age, newest first, and the length of the whole list."""

    total: int
    lines: tuple[TicketPageRow, ...]


class Board(Protocol):
    """Lists conversations for agents.

    A line may be of a conversation that has expired. Every method raises StoreDown.
    """

    async def look(self) -> Overview:
        """Return the overview; reads only what has changed since the last look."""

    async def ended(
        self, skip: int, limit: int, *, team: str = "", reason: str = "", status: str = ""
    ) -> TicketPage:
        """Return ended conversations with a ticket, of that team, reason and status ('' for any)."""

    async def guiding(self, skip: int, limit: int) -> TicketPage:
        """Return guided conversations, latest change first."""

    async def standing(self, conversation_id: str) -> OpenTicket | None:
        """Return that conversation's line among the open tickets; None if it has no open ticket."""

    async def correct(self, conversation_id: str) -> None:
        """List a conversation anew by its record; right lines stay."""
