"""Streams server-sent events to open screens after every commit and every change of a notice.

A stream ends when the client leaves or the process stops.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Final

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from adapters.web.doors.at_once import AtOnce, Slot
from adapters.web.guard import TooMany, network_of
from adapters.web.notice_watch import NoticeWatch
from bot.ports import Feed, StoreDown, Unreadable

HEARTBEAT_S: Final = 15
"""Seconds between comments that keep proxies from closing a quiet stream, and that reveal a client that left."""

AT_ONCE: Final = 24
"""Most open streams of one person: enough for many tabs on many devices."""

RETRY_MS: Final = 2000
"""Milliseconds for which a browser waits before it reconnects."""

PER_ADDRESS: Final = 2500
"""Most open streams of one network address: a large office behind one address, each with a page open."""

Draw = Callable[[int], Awaitable[str | None]]
"""Returns the data to send for a version; None ends the stream."""


class Streams:
    """Opens, counts and closes the streams of this process."""

    def __init__(self, feed: Feed, notices: NoticeWatch, per_address: int = PER_ADDRESS) -> None:
        """`feed` yields a version after each commit; `notices` says when a notice changed."""
        self._feed = feed
        self.notices = notices
        self._closing = asyncio.Event()
        self._of_person = AtOnce(AT_ONCE)
        self._of_address = AtOnce(per_address)

    def close(self) -> None:
        """End every stream now. Browsers reconnect by themselves, perhaps to another process."""
        self._closing.set()

    def __len__(self) -> int:
        """Return how many streams are open."""
        return len(self._of_person)

    def open(
        self, request: Request, conversation_id: str, person: str, event: str, draw: Draw
    ) -> EventSourceResponse:
        """Open a stream that sends `event` for each version, and when a notice changes the drawing.

        Its places are taken here and left when the response ends, so that streams opened at once count, too. Raises
        TooMany.
        """
        mine, ours = self._of_person.take(person), self._of_address.take(network_of(request))
        places = [place for place in (mine, ours) if place is not None]
        if mine is None or ours is None:
            _leave(places)
            raise TooMany(HEARTBEAT_S, everyone=mine is not None)
        return _Counted(
            self._events(conversation_id, event, draw),
            ping=HEARTBEAT_S,
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
            left=partial(_leave, places),
        )

    async def _events(self, conversation_id: str, event: str, draw: Draw) -> AsyncIterator[Any]:
        sent = None
        with suppress(StoreDown, Unreadable):
            async for version in self._versions(conversation_id):
                data = await draw(version)
                if data is None:
                    return
                if data != sent:
                    sent = data
                    yield ServerSentEvent(data=data, event=event, id=str(version), retry=RETRY_MS)

    async def _versions(self, conversation_id: str) -> AsyncIterator[int]:
        """Yield the feed's versions, and the last one again when a notice changed, until the streams are closed."""
        news = self._feed.follow(conversation_id)
        closing = asyncio.create_task(self._closing.wait())
        upcoming: asyncio.Task[int | None] | None = None
        ringing: asyncio.Task[Any] | None = None
        version: int | None = None
        try:
            with self.notices.bell() as bell:
                while not self._closing.is_set():
                    upcoming = upcoming or asyncio.create_task(_next(news))
                    ringing = ringing or asyncio.create_task(bell.wait())
                    await asyncio.wait({upcoming, ringing, closing}, return_when=asyncio.FIRST_COMPLETED)
                    if self._closing.is_set():
                        return
                    if ringing.done():
                        bell.clear()
                        ringing = None
                    if upcoming.done():
                        version, upcoming = upcoming.result(), None
                        if version is None:
                            return
                    if version is not None:
                        yield version
        finally:
            closing.cancel()
            await _cancel(ringing)
            await _cancel(upcoming)
            close = getattr(news, "aclose", None)
            if close is not None:
                await close()


class _Counted(EventSourceResponse):
    """A stream that says when it has ended."""

    def __init__(self, *args: Any, left: Callable[[], None], **more: Any) -> None:
        super().__init__(*args, **more)
        self._left = left

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream until its client leaves."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._left()


def _leave(places: Iterable[Slot]) -> None:
    for place in places:
        place.leave()


async def _next(news: AsyncIterator[int]) -> int | None:
    return await anext(news, None)


async def _cancel(task: asyncio.Task[int | None] | None) -> None:
    """Cancel a task and wait for its end, because the feed cannot be closed while a task reads from it."""
    if task is not None and not task.done():
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
