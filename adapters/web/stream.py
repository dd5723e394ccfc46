"""Server-sent events: screens that stay open hear of every commit, until they leave or the process is to stop."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

from sse_starlette import EventSourceResponse, ServerSentEvent

from adapters.web.guard import TooMany
from bot.ports import Feed, RevisionUnreadable, StoreDown

HEARTBEAT_S: Final = 15
"""Seconds between comments that keep proxies from closing a quiet stream, and notice a client that left."""

AT_ONCE: Final = 24
"""Streams one person may hold open: many tabs on many devices."""

RETRY_MS: Final = 2000
"""Milliseconds a browser waits before it connects again."""

Draw = Callable[[int], Awaitable[str | None]]
"""What to send for a version; None ends the stream."""


class Streams:
    """The open streams of this process."""

    def __init__(self, feed: Feed) -> None:
        """`feed` tells of commits."""
        self._feed = feed
        self._closing = asyncio.Event()
        self._held: Counter[str] = Counter()

    def close(self) -> None:
        """End every stream now; browsers connect again by themselves, to whoever answers then."""
        self._closing.set()

    def open(self, conversation_id: str, person: str, event: str, draw: Draw) -> EventSourceResponse:
        """A stream of `event` for each version. Raises TooMany."""
        if self._held[person] >= AT_ONCE:
            raise TooMany(HEARTBEAT_S)
        return EventSourceResponse(
            self._events(conversation_id, person, event, draw),
            ping=HEARTBEAT_S,
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def _events(self, conversation_id: str, person: str, event: str, draw: Draw) -> AsyncIterator[Any]:
        self._held[person] += 1
        try:
            with suppress(StoreDown, RevisionUnreadable):
                async for version in self._versions(conversation_id):
                    data = await draw(version)
                    if data is None:
                        return
                    yield ServerSentEvent(data=data, event=event, id=str(version), retry=RETRY_MS)
        finally:
            self._held[person] -= 1
            if not self._held[person]:
                del self._held[person]

    async def _versions(self, conversation_id: str) -> AsyncIterator[int]:
        """What the feed tells, until the process is to stop."""
        news = self._feed.follow(conversation_id)
        closing = asyncio.create_task(self._closing.wait())
        coming: asyncio.Task[int | None] | None = None
        try:
            while not self._closing.is_set():
                coming = asyncio.create_task(_next(news))
                await asyncio.wait({coming, closing}, return_when=asyncio.FIRST_COMPLETED)
                if not coming.done():
                    return
                version = coming.result()
                if version is None:
                    return
                yield version
        finally:
            closing.cancel()
            await _ended(coming)
            leave = getattr(news, "aclose", None)
            if leave is not None:
                await leave()


async def _next(news: AsyncIterator[int]) -> int | None:
    return await anext(news, None)


async def _ended(coming: asyncio.Task[int | None] | None) -> None:
    """Cancel it and wait until it is over, so that the feed can be left in peace."""
    if coming is not None and not coming.done():
        coming.cancel()
        with suppress(asyncio.CancelledError):
            await coming
