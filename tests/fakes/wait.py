"""Waiting for what happens elsewhere: another process, the store's clock. Asked again and again, and bounded."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Until it holds; a test that waits in vain fails."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


async def until(look: Callable[[], Awaitable[Any]], seconds: float = 30) -> Any:
    """Until there is an answer that is not empty, which is returned."""
    deadline = time.monotonic() + seconds
    while not (found := await look()):
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.002)
    return found
