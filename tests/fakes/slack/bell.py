"""Rings on every change, so that a test can wait for a condition without sleeping."""

import asyncio
from collections.abc import Callable


class Bell:
    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def until(self, true: Callable[[], object], seconds: float) -> None:
        """Wait until `true()` holds. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not true():
                await self._rung.wait()
