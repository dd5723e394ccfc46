"""Reads the agents' queue for the web desk, from the board that commits update."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.ports import (
    Aged,
    Board,
    Conversations,
    Damaged,
    Index,
    OpenTicket,
    Overview,
    QueueRow,
    TicketPage,
    TicketPageRow,
    Unreadable,
)
from bot.views.reader import Library
from flows.conversation import Conversation, Status
from flows.prompts import owner, step_title

AT_ONCE: Final = 16
"""Records loaded at the same time."""

KEPT: Final = 2000
"""Rows kept in memory for the next look."""

LISTINGS: Final = 100
"""Pages of the list of ended conversations that are kept in memory."""

_END: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Queue:
    """Lists tickets for many agents who look again and again: it reads only what has changed since. The port Queue."""

    def __init__(
        self,
        board: Board,
        index: Index,
        conversations: Conversations,
        library: Library,
        words: Mapping[str, str],
    ) -> None:
        """Take the ports of one store; `words` are the operator's, by setting."""
        self._board = board
        self._index = index
        self._conversations = conversations
        self._library = library
        self._words = words
        self._kept: dict[str, QueueRow] = {}
        self._listed: dict[tuple[int, int, str, str], tuple[tuple[int, int], TicketPage]] = {}

    async def look(self) -> Overview:
        """Return all open tickets, and the numbers of the others."""
        return await self._board.look()

    async def ended(self, seen: Overview, team: str, reason: str) -> int:
        """Return how many ended conversations have that team and reason."""
        if not (team or reason):
            return seen.ended
        return (await self.aged(seen, "resolved", 0, 0, team, reason)).total

    async def aged(
        self, seen: Overview, tab: Aged, skip: int, limit: int, team: str = "", reason: str = ""
    ) -> TicketPage:
        """Return a page of ended or guided conversations; ended ones are read again after another one has ended."""
        if tab == "guiding":
            return await self._board.guiding(skip, limit)
        wanted = (skip, limit, team, reason)
        of, listing = self._listed.pop(wanted, (None, None))
        if listing is None or of != (seen.ended, seen.latest):
            listing = await self._board.ended(skip, limit, team=team, reason=reason)
        self._listed[wanted] = (seen.ended, seen.latest), listing
        while len(self._listed) > LISTINGS:
            del self._listed[next(iter(self._listed))]
        return listing

    async def cases(self, lines: Sequence[OpenTicket | TicketPageRow]) -> tuple[QueueRow, ...]:
        """Return the rows of those lines that are still right; correct the board's wrong lines."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def read(line: OpenTicket | TicketPageRow) -> QueueRow | None:
            known = self._kept.get(line.conversation)
            if known is not None and _current(known.conversation, line):
                return known
            async with gate:
                return await self._read(line)

        found = await asyncio.gather(*map(read, lines))
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        return tuple(case for case in found if case is not None)

    async def _read(self, line: OpenTicket | TicketPageRow) -> QueueRow | None:
        try:
            at = await self._conversations.load(line.conversation)
        except Damaged:
            return None  # an operator sees it in the quarantine; the line stays for the record that is mended
        if at is None or not _belongs(at, line):
            await self._board.correct(line.conversation)
            return None
        case = await self._case(at)
        self._kept.pop(at.id, None)
        self._kept[at.id] = case
        return case

    async def find(self, asked: str) -> str | None:
        """Return the conversation with that ticket number or id, or the one that an address ends with."""
        asked = asked.strip().partition("?")[0].partition("#")[0].rstrip("/") or asked.strip()
        number = asked.removeprefix("#").strip()
        if number.isascii() and number.isdigit():
            entry = await self._index.ticket(int(number[:16]))
            if entry is not None:
                return entry.conversation
        end = asked.rpartition("/")[2]
        return end if _END.fullmatch(end) and await self._exists(end) else None

    async def _exists(self, conversation_id: str) -> bool:
        """Return whether there is such a conversation; a damaged one is there, and says so when it is opened."""
        try:
            return await self._conversations.load(conversation_id) is not None
        except Damaged:
            return True

    async def _case(self, at: Conversation) -> QueueRow:
        """Return the row of a conversation; with plain ids if no process here can read its flow."""
        try:
            flow = await self._library.flow(at.revision)
        except Unreadable:
            return QueueRow(conversation=at, title=at.flow, step=at.step, team=at.team)
        step = flow.by_id.get(at.step)
        return QueueRow(
            conversation=at,
            title=flow.title,
            step=step_title(step, flow, self._words) if step else at.step,
            team=owner(flow, at.team, self._words)[0] if at.team else "",
        )


def _current(at: Conversation, line: OpenTicket | TicketPageRow) -> bool:
    """Return whether the conversation is at least as new as the line."""
    newer = at.version >= line.version if isinstance(line, OpenTicket) else at.changed_at >= line.changed
    return newer and _belongs(at, line)


def _belongs(at: Conversation, line: OpenTicket | TicketPageRow) -> bool:
    if isinstance(line, OpenTicket):
        return at.ticket_open
    return at.status is Status.GUIDING or (at.status.ended and at.ticket > 0)
