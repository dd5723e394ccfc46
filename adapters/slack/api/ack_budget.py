"""Spends the three seconds that Slack waits for an acknowledgement: one budget for each request, for all it calls."""

import asyncio
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
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

    def __init__(self, recorded: bool, lookups: float = math.inf) -> None:
        """`recorded` is False for an event, which Slack repeats: it is not acknowledged before it is recorded.

        `lookups` is the seconds for all lookups together, if something waits for them.
        """
        self.recorded = recorded
        self.lookups = lookups
        self.acknowledged = False
        self._began = time.monotonic()
        self._storing = 0
        self._changed = asyncio.Event()

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

    async def spend(self, work: "asyncio.Task[Any]") -> bool:
        """Wait for the work. Return False if the request is to be acknowledged before the work is done."""
        await asyncio.wait({work}, timeout=max(0.0, self.left(ACK_WITHIN_S)))
        while not work.done() and (self._storing or not self.recorded):
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


def begin(recorded: bool, lookups: float = math.inf) -> AckBudget:
    """Give this task, and those that it starts, a fresh budget, as `AckBudget` describes it."""
    budget = AckBudget(recorded, lookups)
    _current().set(budget)
    return budget


def nothing_to_record() -> None:
    """Say that the request may be acknowledged before its work is done, because it records nothing."""
    if (budget := budget_now()) is not None:
        budget.recorded = True


def lookup_time() -> float:
    """Return the seconds that a lookup may take now."""
    budget = budget_now()
    if budget is None or budget.acknowledged:
        return LOOKUP_S
    return max(LEAST_S, min(LOOKUP_S, budget.left(budget.lookups)))


def call_time(longest: float) -> float:
    """Return the seconds that a call may take that shows something. Once a request is recorded, no one waits for it."""
    budget = budget_now()
    if budget is None:
        return LOOKUP_S
    return longest if budget.recorded else lookup_time()


def store_time() -> float:
    """Return the seconds that a call to the store may take now."""
    budget = budget_now()
    if budget is None or budget.acknowledged:
        return STORE_S
    return max(STORE_LEAST_S, min(STORE_S, budget.left(ACK_WITHIN_S)))
