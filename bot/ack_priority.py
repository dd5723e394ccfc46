"""Who waits for an answer goes first: what is sent afterwards stands back until nobody does, or for a moment."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MAX_DELAY_S: Final = 0.1
"""Seconds that a send stands back at most, so that a day without a pause delays no message."""


class AckPriority:
    """Counts the events that are being recorded in this process, for whoever can stand back from them."""

    def __init__(self, longest: float = MAX_DELAY_S) -> None:
        """Nobody waits yet. `longest` as MAX_DELAY_S."""
        self._longest = longest
        self._count = 0
        self._clear = asyncio.Event()
        self._clear.set()

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """Somebody waits for an answer while this is open."""
        self._count += 1
        self._clear.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._clear.set()

    async def passed(self) -> None:
        """Returns when nobody waits for an answer, or after the longest time."""
        if self._clear.is_set():
            return
        try:
            async with asyncio.timeout(self._longest):
                await self._clear.wait()
        except TimeoutError:
            return
