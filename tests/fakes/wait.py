"""Waits until another process or the store's clock has done something, by asking repeatedly up to a time limit."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

LONGEST_PAUSE_S: Final = 0.02
"""Longest pause in seconds between two checks. The first pauses are shorter."""


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until a condition holds. Fails the test after that many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


async def until(look: Callable[[], Awaitable[Any]], seconds: float = 30) -> Any:
    """Wait until `look` returns something that is not empty, and return it. Fails the test after that time."""
    deadline, pause = time.monotonic() + seconds, 0.002
    while not (found := await look()):
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE_S, pause * 1.5)
    return found
