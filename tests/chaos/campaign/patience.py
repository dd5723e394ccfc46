"""Waits, as people do who look again from time to time, for something that faults may delay."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeVar

from bot.ports import StoreDown

T = TypeVar("T")

AGAIN_S: Final = 6.0
"""Seconds without an effect after which a person tries again."""

GIVES_UP_S: Final = 240.0
"""Seconds after which a person gives up: something was lost."""

FIRST_LOOK_S: Final = 0.02
LAST_LOOK_S: Final = 0.3


class GaveUp(Exception):
    """A person waited in vain for what the text says."""


async def seen(look: Callable[[], Awaitable[T | None]], seconds: float) -> T | None:
    """Look until there is something; return None after so many seconds. A store that is down shows nothing."""
    deadline, pause = time.monotonic() + seconds, FIRST_LOOK_S
    while True:
        try:
            if found := await look():
                return found
        except StoreDown:
            pass
        if time.monotonic() > deadline:
            return None
        await asyncio.sleep(pause)
        pause = min(LAST_LOOK_S, pause * 1.6)


async def must_see(look: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Look until there is something. Raises GaveUp."""
    found = await seen(look, GIVES_UP_S)
    if not found:
        raise GaveUp(f"waited in vain for {what}")
    return found


async def until_done(
    do: Callable[[], Awaitable[object]],
    done: Callable[[], Awaitable[T | None]],
    what: str,
    again_s: float = AGAIN_S,
) -> T:
    """Do something, again after a while without an effect, until it is done. Raises GaveUp."""
    deadline = time.monotonic() + GIVES_UP_S
    while time.monotonic() < deadline:
        await do()
        if found := await seen(done, again_s):
            return found
    raise GaveUp(f"tried in vain: {what}")


async def ending_by_sigterm(work: Coroutine[Any, Any, T]) -> T:
    """Await work that SIGTERM cancels, so that it ends its processes and takes down its file system."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task
