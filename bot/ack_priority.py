"""Lets events go before sends: a send waits until no caller waits for an answer, or for a moment."""

import asyncio
from contextlib import AbstractContextManager
from typing import Final

MAX_DELAY_S: Final = 0.1
"""Seconds that a send waits at most, so that even a day without a pause delays no message."""


class AckPriority:
    """Counts the events that this process is recording, so that sends can wait for them."""

    def __init__(self, longest: float = MAX_DELAY_S) -> None:
        """Start without waiting callers. `longest` as MAX_DELAY_S."""
        self._longest = longest
        self._count = 0
        self._clear = asyncio.Event()
        self._clear.set()

    def ahead(self) -> AbstractContextManager[None]:
        """Make sends wait while the block runs, because a caller waits for an answer."""
        return self

    def __enter__(self) -> None:
        """Count a caller that waits."""
        self._count += 1
        self._clear.clear()

    def __exit__(self, *_: object) -> None:
        """Count the caller no longer, although its event may have failed."""
        self._count -= 1
        if not self._count:
            self._clear.set()

    async def passed(self) -> None:
        """Wait until no caller waits for an answer, or for the longest time."""
        if self._clear.is_set():
            return
        try:
            async with asyncio.timeout(self._longest):
                await self._clear.wait()
        except TimeoutError:
            return
