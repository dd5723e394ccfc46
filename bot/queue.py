"""The queue: what agents choose from on the web desk, read from the index of tickets."""

import asyncio
import re
from collections.abc import Mapping
from typing import Final

from bot.ports import Case, Conversations, Index, RevisionUnreadable, TicketEntry
from bot.reading import Library
from flows.prompts import owner, step_title

NEWEST: Final = 1000
"""Tickets that are looked at; whoever waits longer than a thousand others is found by number."""

AT_ONCE: Final = 16
"""Records asked for at the same time."""

_END: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Queue:
    """The port Queue. What it reads is read again whenever somebody looks; nothing is kept."""

    def __init__(
        self, index: Index, conversations: Conversations, library: Library, words: Mapping[str, str]
    ) -> None:
        """All of them of one store; `words` are the operator's, by setting."""
        self._index = index
        self._conversations = conversations
        self._library = library
        self._words = words

    async def cases(self) -> tuple[Case, ...]:
        """The newest tickets, open and closed."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def read(entry: TicketEntry) -> Case | None:
            async with gate:
                return await self._case(entry.conversation)

        found = await asyncio.gather(*(read(entry) for entry in await self._index.tickets(NEWEST)))
        return tuple(case for case in found if case is not None)

    async def find(self, asked: str) -> str | None:
        """The conversation that a ticket's number, an id, or an address that ends with one means."""
        asked = asked.strip().partition("?")[0].partition("#")[0].rstrip("/") or asked.strip()
        number = asked.removeprefix("#").strip()
        if number.isascii() and number.isdigit():
            entry = await self._index.ticket(int(number[:16]))
            if entry is not None:
                return entry.conversation
        end = asked.rpartition("/")[2]
        if not _END.fullmatch(end) or await self._conversations.load(end) is None:
            return None
        return end

    async def _case(self, conversation_id: str) -> Case | None:
        at = await self._conversations.load(conversation_id)
        if at is None:
            return None
        try:
            flow = await self._library.flow(at.revision)
        except RevisionUnreadable:
            return None
        step = flow.by_id.get(at.step)
        return Case(
            conversation=at,
            title=flow.title,
            step=step_title(step, flow, self._words) if step else at.step,
            team=owner(flow, at.team, self._words)[0] if at.team else "",
        )
