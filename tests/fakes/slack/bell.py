"""Rings whenever something happens, so that a test waits for what should happen and never sleeps."""

import asyncio
from collections.abc import Callable


class Bell:
    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def until(self, true: Callable[[], object], seconds: float) -> None:
        """Return as soon as `true()` is; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not true():
                await self._rung.wait()
