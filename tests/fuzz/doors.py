"""Defines what a door is, and feeds one with numbered inputs: the same seed and number make the same input."""

import asyncio
import logging
import random
import time
import traceback
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from tests.fuzz.mutation import Mutator

Feed = Callable[[Mutator], Awaitable[None] | None]
"""Draws one input, gives it to the product, and raises if the product did anything but take or refuse it."""

SLOWEST_S: Final = 5.0
"""Seconds of computing after which an input counts as a failure."""

MOST_FAILURES: Final = 20


@dataclass(frozen=True)
class Door:
    """One way into the product. Of every thousand inputs of a long run it gets `share`."""

    name: str
    share: int
    open: Callable[[], AbstractAsyncContextManager[Feed]]


@dataclass
class Result:
    """What came of a door's inputs. `failures` are texts, the first of each kind."""

    door: str
    inputs: int = 0
    seconds: float = 0.0
    failures: dict[str, str] = field(default_factory=dict)


def feed_door(door: Door, numbers: Iterable[int], seed: int) -> Result:
    """Feed a door with the inputs of these numbers."""
    return asyncio.run(_fed(door, numbers, seed))


async def _fed(door: Door, numbers: Iterable[int], seed: int) -> Result:
    result = Result(door.name)
    began = time.monotonic()
    with watched_log() as logged:
        async with door.open() as feed:
            for number in numbers:
                try:
                    await _feed_once(feed, Mutator(random.Random(f"{seed}/{door.name}/{number}")), logged)
                except Exception as error:  # noqa: BLE001  # each failure is reported with its number
                    _note(result, error, f"--only {door.name} --seed {seed} --at {number}")
                result.inputs += 1
                if len(result.failures) >= MOST_FAILURES:
                    break
    result.failures |= {line[:300]: line for line in logged}  # after the last input, as while the door closed
    result.seconds = time.monotonic() - began
    return result


async def _feed_once(feed: Feed, mutator: Mutator, logged: list[str]) -> None:
    """Give the door one input. Raises AssertionError for a traceback in the log, or for too much computing."""
    computed = time.process_time()
    doing = feed(mutator)
    if doing is not None:
        await doing
    if logged:
        raise AssertionError(f"logged {logged.pop()}")
    if time.process_time() - computed > SLOWEST_S:
        raise AssertionError(f"took more than {SLOWEST_S} s")


@contextmanager
def watched_log() -> Iterator[list[str]]:
    """Silence the log, and collect every line that has an error's traceback; restore the log afterwards."""
    failures: list[str] = []

    def keep(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
        if any(event.get(name) for name in ("exc_info", "exception", "traceback")):
            failures.append(repr(dict(event)))
        raise structlog.DropEvent

    before, root = structlog.get_config(), logging.getLogger()
    handlers, root.handlers = root.handlers, [_Tracebacks(failures)]
    structlog.configure(processors=[structlog.processors.format_exc_info, keep])
    logging.disable(logging.WARNING)
    try:
        yield failures
    finally:
        logging.disable(logging.NOTSET)
        structlog.configure(**before)
        root.handlers = handlers


class _Tracebacks(logging.Handler):
    """Collects the lines of libraries that have a traceback, such as asyncio's about a task that failed."""

    def __init__(self, failures: list[str]) -> None:
        super().__init__()
        self._failures = failures

    def emit(self, record: logging.LogRecord) -> None:
        """Collect one line."""
        if record.exc_info:
            self._failures.append(f"{record.name}: {logging.Formatter().format(record)}")


def _note(result: Result, error: Exception, how: str) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    kind = f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno}"
    told = "".join(traceback.format_exception(error))[-3000:]
    result.failures.setdefault(kind, f"python -m tests.fuzz {how}\n{told}")
