"""The port Board: whom agents can help, as commits keep it: open tickets, those that ended, and those being guided."""

from functools import cached_property
from typing import Protocol

from flows.conversation import Status
from flows.values import Frozen


class OpenTicket(Frozen):
    """An open ticket, with what agents choose by; 0 and '' as in a Conversation.

    `first_soon` and `first_late` are when its team is to be warned of, and has missed, the target for a first reply,
    `solve_soon` and `solve_late` the same for a solution (ms; 0 where nothing is promised).
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

    @property
    def since(self) -> int:
        """Since when an agent is waited for; of one that an agent has, when it was opened."""
        return self.waiting_since if self.status is Status.WAITING and self.waiting_since else self.ticket_at

    def promise(self, now: int) -> "Promised | None":
        """What its team is to do next by a time that was promised; None where there is no such time."""
        first = self.first_reply_at < self.ticket_at
        soon, late = (self.first_soon, self.first_late) if first else (self.solve_soon, self.solve_late)
        if first and late <= self.ticket_at:
            first, soon, late = False, self.solve_soon, self.solve_late
        if late <= self.ticket_at:
            return None
        return Promised(first=first, due=late, late=late <= now, near=soon <= now < late)


class Promised(Frozen):
    """A target that runs: for the `first` reply or for the solution; `due` ms. `near`: its team was warned of it."""

    first: bool
    due: int
    near: bool = False
    late: bool = False


class Overview(Frozen):
    """All open tickets, who waits longest first; how many conversations with a ticket ended, when the `latest` of those
    changed (ms), and how many are being guided.

    `stamp` is another one as soon as any open ticket changes; every process says the same.
    """

    open: tuple[OpenTicket, ...]
    ended: int
    guiding: int
    latest: int
    stamp: str

    @cached_property
    def teams(self) -> frozenset[str]:
        """The teams of open tickets."""
        return frozenset(each.team for each in self.open if each.team)

    @cached_property
    def reasons(self) -> frozenset[str]:
        """What open tickets were opened for."""
        return frozenset(reason for each in self.open for reason in each.reasons)


class TicketPageRow(Frozen):
    """A line of a list by age: whose it is, and when it last changed (ms)."""

    conversation: str
    changed: int


class TicketPage(Frozen):
    """A part of such a list, the newest first, and how many there are in all."""

    total: int
    lines: tuple[TicketPageRow, ...]


class Board(Protocol):
    """Who can be helped. A line may be of a conversation that is forgotten by now. Every method raises StoreDown."""

    async def look(self) -> Overview:
        """How things stand; what has not changed since the last look is not read again."""

    async def ended(
        self, skip: int, limit: int, *, team: str = "", reason: str = "", status: str = ""
    ) -> TicketPage:
        """Conversations with a ticket that ended, of that team, reason and status ('' for any)."""

    async def guiding(self, skip: int, limit: int) -> TicketPage:
        """Conversations the bot guides, by their newest happening."""

    async def standing(self, conversation_id: str) -> OpenTicket | None:
        """That conversation's line among the open tickets."""

    async def correct(self, conversation_id: str) -> None:
        """List a conversation anew as its record says; what is right stays as it is."""
