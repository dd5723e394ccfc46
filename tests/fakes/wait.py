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


async def until(
    look: Callable[[], Awaitable[Any]], seconds: float = 30, longest_pause_s: float = LONGEST_PAUSE_S
) -> Any:
    """Wait until `look` returns something that is not empty, and return it. Fails the test after that time.

    `longest_pause_s` may be longer for a look that is expensive.
    """
    deadline, pause = time.monotonic() + seconds, 0.002
    while not (found := await look()):
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(pause)
        pause = min(longest_pause_s, pause * 1.5)
    return found
