"""Defines the ports that keep the store from being filled: budgets of acts and bytes, and the memory in use."""

from collections.abc import Sequence
from typing import Protocol

from flows.values import Frozen


class Cost(Frozen):
    """What an act takes from a budget: so many units, of so many that come back each minute, `at_once` after a pause."""

    budget: str
    amount: int
    per_minute: float
    at_once: int


class Budgets(Protocol):
    """Limits what one client, or all together, may do to the store."""

    async def spend(self, who: str, costs: Sequence[Cost]) -> float:
        """Take all costs from the budgets of `who` and return 0.0, or take nothing and return the seconds to wait.

        An amount above `at_once` is taken as if it were `at_once`. Raises StoreDown.
        """


class MemoryUse(Frozen):
    """The bytes that the store uses and may use (0 for no limit), and how full its fullest part is (0.0 to 1.0)."""

    used: int = 0
    limit: int = 0
    fullness: float = 0.0


class MemoryGauge(Protocol):
    """Looks at the store's memory."""

    async def look(self) -> MemoryUse:
        """Return the memory in use, as of a second ago at most. Raises StoreDown."""
