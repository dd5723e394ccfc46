"""Spends the three seconds that Slack waits for an acknowledgement: one budget for each request, for all it calls."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

ACK_WITHIN_S: Final = 2.4
"""Seconds after which a request is acknowledged though its work goes on. Slack gives up after three."""

LOOKUPS_S: Final = 1.9
"""Seconds that all lookups of a request may take together before it is recorded. A form must be opened in three."""

LOOKUP_S: Final = 1.5
"""Seconds that one lookup may take."""

STORE_S: Final = 2.0
"""Seconds that the store may take while Slack waits."""

LEAST_S: Final = 0.02
"""The part of a second that a call gets though the budget is spent: what is known already needs no more."""

STORE_LEAST_S: Final = 0.4
"""The same for the store."""


class AckBudget:
    """Counts down the time of one request. A task that the request starts has the same budget."""

    def __init__(self, repeats: bool = False) -> None:
        """`repeats` is True for an event, which Slack sends again if it is not acknowledged."""
        self.repeats = repeats
        self.recorded = False
        self.acknowledged = False
        self._began = time.monotonic()
        self._storing = 0
        self._opening = 0
        self._changed = asyncio.Event()

    @property
    def waits(self) -> bool:
        """Whether the acknowledgement must wait, because something is being recorded or is yet to be (law L4).

        Only Slack says which channel a person's direct messages are, and nothing can be recorded before. So this call
        does not hold up the acknowledgement.
        """
        return bool(self._storing) or not (self.recorded or self._opening)

    def left(self, seconds: float) -> float:
        """Return what is left of so many seconds since the request came."""
        return self._began + seconds - time.monotonic()

    @contextmanager
    def storing(self, records: bool) -> Iterator[None]:
        """Count a call to the store; the request is not acknowledged meanwhile. Without an error it `records`."""
        self._storing += 1
        try:
            yield
            self.recorded = self.recorded or records
        finally:
            self._storing -= 1
            self._changed.set()

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Count a call that opens direct messages."""
        self._opening += 1
        self._changed.set()
        try:
            yield
        finally:
            self._opening -= 1

    def shows(self) -> None:
        """Say that the request only shows something from now on: what it records is recorded."""
        self.recorded = True
        self._changed.set()

    async def spend(self, work: "asyncio.Task[Any]") -> bool:
        """Wait for the work. Return False if the request is to be acknowledged before the work is done."""
        await asyncio.wait({work}, timeout=max(0.0, self.left(ACK_WITHIN_S)))
        while not work.done() and self.waits:
            self._changed.clear()
            changed = asyncio.create_task(self._changed.wait())
            await asyncio.wait({work, changed}, return_when=asyncio.FIRST_COMPLETED)
            changed.cancel()
        self.acknowledged = True
        return work.done()


@cache
def _current() -> ContextVar[AckBudget | None]:
    return ContextVar("ack_budget", default=None)


def budget_now() -> AckBudget | None:
    """Return the budget of the request that this task works for, if it works for one."""
    return _current().get()


def begin(repeats: bool = False) -> AckBudget:
    """Give this task, and those that it starts, a fresh budget, as `AckBudget` describes it."""
    budget = AckBudget(repeats)
    _current().set(budget)
    return budget


def nothing_to_record() -> None:
    """Say that the request may be acknowledged before its work is done, because it records nothing."""
    if (budget := budget_now()) is not None:
        budget.shows()


def showing() -> None:
    """Say that a click, form or command only shows something from now on. An event may record more."""
    if (budget := budget_now()) is not None and not budget.repeats:
        budget.shows()


@contextmanager
def opening_direct_messages() -> Iterator[None]:
    """Let the request be acknowledged while Slack opens direct messages, without which nothing can be recorded."""
    budget = budget_now()
    with nullcontext() if budget is None or budget.repeats else budget.opening():
        yield


def lookup_time() -> float:
    """Return the seconds that a lookup may take now."""
    budget = budget_now()
    if budget is None or budget.acknowledged:
        return LOOKUP_S
    return max(LEAST_S, min(LOOKUP_S, budget.left(LOOKUPS_S)))


def call_time(longest: float) -> float:
    """Return the seconds that a call may take that shows something, and that an acknowledgement may wait for."""
    budget = budget_now()
    if budget is None:
        return LOOKUP_S
    return lookup_time() if budget.waits else longest


def store_time() -> float:
    """Return the seconds that a call to the store may take now."""
    budget = budget_now()
    if budget is None or budget.acknowledged:
        return STORE_S
    return max(STORE_LEAST_S, min(STORE_S, budget.left(ACK_WITHIN_S)))
