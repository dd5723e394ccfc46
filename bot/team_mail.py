"""Emails teams about their tickets: a new ticket at once, what follows bundled, and many tickets in one email."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple, Protocol

from bot.ports import Allowances, Bookmarks, Delivery, NotYet, TicketReport, Unreadable, named
from bot.ticket_reports import Filer

QUIET_S: Final = 300
"""Seconds after an email about a ticket in which what happens to it is collected for the next one."""

GAP_S: Final = 60
"""Fewest seconds between two emails to one address. All tickets that wait meanwhile share the next one."""

WAITS: Final = "waits"
SENT: Final = "sent"
"""What a bookmark says of a conversation: it waits for the next email, or it was in one, up to which version and when
(ms)."""

REMEMBERED_MS: Final = 24 * 3600 * 1000
"""Milliseconds for which it is remembered that a conversation was in another one's email: its lane is done by then."""

LookUp = Callable[[str], Awaitable[Delivery | None]]
"""Returns a conversation's ticket as it is now, as the delivery of a Filing; None if there is none."""


class TeamBackend(Protocol):
    """Emails reports to teams. The same report twice appears once."""

    name: str

    async def file(self, report: TicketReport) -> str:
        """Email a report; see TicketBackend."""

    async def file_together(self, reports: tuple[TicketReport, ...]) -> str:
        """Email the reports of several tickets to the address that all of them have. Raises as `file` does."""


class TeamMail(Filer):
    """Sends reports by email. What an agent forwards is sent at once; all else shares emails as the constants say.

    A report that waits has a bookmark in its address's shelf. The first one that may be sent takes the others along.
    If its process dies before it says so, they are emailed once more.
    """

    def __init__(
        self,
        backend: TeamBackend,
        bookmarks: Bookmarks,
        allowances: Allowances,
        look_up: LookUp,
        now: Callable[[], int],
        public_url: str = "",
        support_email: str = "",
    ) -> None:
        """Take the ports of one store, and the addresses as Filer does; `now` is in ms."""
        super().__init__(backend, public_url, support_email)
        self._team_backend = backend
        self._bookmarks = bookmarks
        self._allowances = allowances
        self._look_up = look_up
        self._now = now

    async def _file(self, report: TicketReport, delivery: Delivery) -> str:
        if not report.address or report.forwarded:
            return await self._team_backend.file(report)
        shelf = f"team-mail/{named(report.address)}"
        marks = await self._bookmarks.all(shelf)
        if _sent(marks.get(report.conversation, "")).version >= report.version:
            return ""
        await self._take_turn(shelf, marks, report, delivery.effect.id)
        newest = self._report(delivery, upto=delivery.conversation.version) or report
        others = await self._others(shelf, marks, report)
        if others:
            name = await self._team_backend.file_together((newest, *others))
        else:
            name = await self._team_backend.file(newest)
        for each in (newest, *others):
            await self._take(_ticket(shelf, each), f"{each.conversation}/{each.version}", QUIET_S)
            await self._bookmarks.put(shelf, each.conversation, f"{SENT} {each.version} {self._now()}")
        await self._forget_old(shelf, marks)
        return name

    async def _forget_old(self, shelf: str, marks: Mapping[str, str]) -> None:
        """Remove the bookmarks of emails that were sent long ago, and those that cannot be read."""
        until = self._now() - REMEMBERED_MS
        for conversation, mark in marks.items():
            if mark != WAITS and _sent(mark).at < until:
                await self._bookmarks.remove(shelf, conversation)

    async def _take_turn(
        self, shelf: str, marks: Mapping[str, str], report: TicketReport, effect: str
    ) -> None:
        """Count this email for its ticket and for its address. Raises NotYet if one was just sent for either."""
        wait = await self._take(_ticket(shelf, report), effect, QUIET_S)
        wait = wait or await self._take(shelf, effect, GAP_S)
        if wait > 0:
            # One that has a bookmark may be in an email right now: its sender replaces the bookmark.
            if marks.get(report.conversation) != WAITS:
                await self._bookmarks.put(shelf, report.conversation, WAITS)
            raise NotYet(wait)

    async def _take(self, who: str, effect: str, seconds: int) -> float:
        """Count one email in the window. Return 0.0, or the seconds until another one may be sent."""
        return await self._allowances.wait_for(who, effect, 1, seconds)

    async def _others(
        self, shelf: str, marks: Mapping[str, str], report: TicketReport
    ) -> tuple[TicketReport, ...]:
        """Return the reports of the other tickets that wait for an email to the same address.

        A ticket that cannot be read waits longer, and one that is gone or has another address by now waits no more.
        """
        found = []
        for conversation, mark in marks.items():
            if mark != WAITS or conversation == report.conversation:
                continue
            try:
                delivery = await self._look_up(conversation)
            except Unreadable:
                continue
            other = self._report(delivery) if delivery is not None else None
            if other is not None and other.address == report.address:
                found.append(other)
            else:
                await self._bookmarks.remove(shelf, conversation)
        return tuple(sorted(found, key=lambda each: each.number))


def _ticket(shelf: str, report: TicketReport) -> str:
    """Name the window of a ticket's emails."""
    return f"{shelf}/{report.number}"


class _Sent(NamedTuple):
    """Up to which version a conversation was emailed, and when (ms)."""

    version: int = 0
    at: int = 0


def _sent(mark: str) -> _Sent:
    """Return what a bookmark says of the email that was sent; zeros for one that says nothing, or is damaged."""
    word, *numbers = mark.split() or [""]
    if word != SENT or len(numbers) != 2 or not all(each.isdecimal() for each in numbers):
        return _Sent()
    return _Sent(*map(int, numbers))
