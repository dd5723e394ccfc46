"""Tells open streams when a notice was posted or removed, with one look for all streams of the process."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from adapters.web.inbound import digest
from bot.ports import StoreDown
from bot.telemetry import log
from flows.text.markup.words import Words, plain

LOOK_S: Final = 2.0
"""Seconds between two looks at the notices while a stream is open."""

Notices = Callable[[], Awaitable[Mapping[str, Words]]]
"""Returns the current notices by the id of their flow."""


class NoticeWatch:
    """Watches the notices while a stream is open."""

    def __init__(self, notices: Notices, look_s: float = LOOK_S) -> None:
        """`look_s` is the number of seconds between two looks."""
        self._notices = notices
        self._look_s = look_s
        self._bells: set[asyncio.Event] = set()
        self._looking: asyncio.Task[None] | None = None

    async def mark(self) -> str:
        """Return a short text that differs for other notices; '' without a notice."""
        notices = await self._notices()
        if not notices:
            return ""
        return digest("\n".join(f"{flow} {plain(notices[flow])}" for flow in sorted(notices)))

    @contextmanager
    def bell(self) -> Iterator[asyncio.Event]:
        """Yield an event that is set when the notices change."""
        bell = asyncio.Event()
        self._bells.add(bell)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="notices")
        try:
            yield bell
        finally:
            self._bells.discard(bell)
            if not self._bells and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    async def _look(self) -> None:
        known: str | None = None
        while True:
            try:
                mark = await self.mark()
                if known not in (None, mark):
                    for bell in self._bells:
                        bell.set()
                known = mark
            except StoreDown:
                pass
            except Exception:  # noqa: BLE001 # whatever is wrong with the notices, the next look may find them
                log("notices").exception("the notices could not be read; trying again")
            await asyncio.sleep(self._look_s)
