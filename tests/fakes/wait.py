"""Waiting for what happens elsewhere: another process, the store's clock. Asked again and again, and bounded."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

LONGEST_PAUSE_S: Final = 0.02
"""Seconds between two looks in the end; at first it is looked at once more without delay."""


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Until it holds; a test that waits in vain fails."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


async def until(look: Callable[[], Awaitable[Any]], seconds: float = 30) -> Any:
    """Until there is an answer that is not empty, which is returned."""
    deadline, pause = time.monotonic() + seconds, 0.002
    while not (found := await look()):
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE_S, pause * 1.5)
    return found
