"""Restarts what fails, alone and after a growing pause, so that one failure never stops anything else."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.ports import StoreDown
from bot.telemetry import log
from bot.wiring.chats import PlatformRefused
from bot.wiring.settings import SettingsError

FIRST_S: Final = 1.0
"""Seconds until a part that failed is restarted; the pause doubles with each further failure."""

LONGEST_S: Final = 60.0
"""Most seconds until a restart."""

CALM_S: Final = 120.0
"""Seconds after which an earlier failure no longer counts."""


class PortTaken(OSError):
    """The page's port is not available at the start."""


FINAL: Final = (PlatformRefused, PortTaken, SettingsError)
"""Failures that no restart mends: they end the process."""

Pause = Callable[[asyncio.Event, float], Awaitable[None]]
"""Waits for that many seconds, or until the event is set."""


async def pause(until: asyncio.Event, seconds: float) -> None:
    """Wait for that many seconds, or until the event is set."""
    try:
        async with asyncio.timeout(seconds):
            await until.wait()
    except TimeoutError:
        pass


class Backoff:
    """Counts failures that follow one another, and says how long to wait after each."""

    def __init__(self, first: float = FIRST_S, longest: float = LONGEST_S) -> None:
        self._first, self._longest = first, longest
        self._next, self._last = first, 0.0

    def failed(self, now: float) -> float:
        """Return the seconds to wait after a failure at `now`."""
        if now - self._last > CALM_S:
            self._next = self._first
        seconds, self._last = self._next, now
        self._next = min(self._longest, 2 * seconds)
        return seconds


class Supervisor:
    """Runs parts of a process until it is asked to stop."""

    def __init__(self, stop: asyncio.Event, wait: Pause = pause) -> None:
        """`stop` asks the process to stop."""
        self._stop = stop
        self._wait = wait

    async def keep(self, name: str, part: Callable[[], Awaitable[None]]) -> None:
        """Run a part, and run it again after a failure. A part that returns is done.

        A failure that no restart mends is raised, and the others are asked to stop: the group of their tasks cancels
        them as well, but a library may lose a cancellation (`asyncio.wait_for` in Python 3.11 does when what it awaits
        ends in the same turn of the loop), and then the process would never end.
        """
        backoff, loop = Backoff(), asyncio.get_running_loop()
        while not self._stop.is_set():
            try:
                await part()
                return
            except FINAL:
                self._stop.set()
                raise
            except Exception as failure:  # noqa: BLE001 # whatever fails, the other parts go on
                seconds = backoff.failed(loop.time())
                _complain(name, failure, seconds)
            except BaseException:
                self._stop.set()
                raise
            await self._wait(self._stop, seconds)


@dataclass(frozen=True)
class RepeatedTask:
    """Says what a process does again and again, and how many seconds it waits in between."""

    name: str
    do: Callable[[], Awaitable[object]]
    every_s: float


async def repeat(task: RepeatedTask, stop: asyncio.Event, wait: Pause = pause) -> None:
    """Do the task again and again until asked to stop; continue after a store that is unavailable."""
    while not stop.is_set():
        try:
            await task.do()
        except StoreDown as reason:
            log("app").debug("the store is unavailable; a task waits", task=task.name, reason=str(reason))
        await wait(stop, task.every_s)


class LoopStep:
    """Runs one of several things that a loop does in turn. After a failure the step rests, and the others go on."""

    def __init__(self, name: str, do: Callable[[], Awaitable[int]]) -> None:
        """`do` returns how much it did."""
        self._name = name
        self._do = do
        self._backoff = Backoff()
        self._rests_until = 0.0

    async def run(self) -> int:
        """Return how much was done; 0 after a failure, and while the step rests after one. Raises StoreDown."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._rests_until:
            return 0
        try:
            return await self._do()
        except StoreDown:
            raise
        except Exception as failure:  # noqa: BLE001 # whatever fails, the other steps go on
            seconds = self._backoff.failed(loop.time())
            self._rests_until = loop.time() + seconds
            _complain(self._name, failure, seconds)
            return 0


def _complain(name: str, failure: Exception, seconds: float) -> None:
    if isinstance(failure, StoreDown):
        log("app").error(
            "a part stopped: the store is unavailable", part=name, restarts_in=seconds, reason=str(failure)
        )
    else:
        log("app").error("a part failed and is restarted", part=name, restarts_in=seconds, exc_info=failure)
