"""Defines the ports that limit acts: of a person, of calls to a platform, and of what may be put into the store."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from flows.values import Frozen


class Rate(Frozen):
    """A platform's limit: so many calls a minute, and so many together after a pause (parts of one leave a margin)."""

    name: str
    per_minute: int
    at_once: float


class Limiter(Protocol):
    """Limits how often a person may act, and shares a platform's limits out to everything that is to be sent."""

    async def wait_for(self, who: str, per_minute: int, at_once: int | None = None) -> float:
        """Return 0.0 if the act may proceed (and count it), else the seconds to wait.

        `at_once` is how many acts may come together after a pause; by default a whole minute's.
        """

    async def reserve(self, scope: str, claim: str, rates: Sequence[Rate], amount: int = 1) -> float:
        """Take that many calls from all rates and return 0.0, or take nothing and return the seconds to wait.

        Claims of a scope are served in the order in which they first asked. A claim that waits asks again when its
        seconds are over; one that does not come back is passed over. An amount above `at_once` is granted once the
        rate has rested; its caller spaces out the calls beyond `at_once`.
        """

    async def hold(self, scope: str, rate: Rate, seconds: float) -> None:
        """Allow no call of that rate for so many seconds, because the platform said so."""


class Cost(Frozen):
    """What an act takes from a budget: units, of which so many come back each minute, and `at_once` after a pause."""

    budget: str
    amount: int
    per_minute: float
    at_once: int


class Wait(Frozen):
    """The seconds until costs fit (0.0 if they were taken), and who must wait longest: the name, or '' for no one."""

    seconds: float = 0.0
    who: str = ""


class Budgets(Protocol):
    """Limits what one client, or all together, may do to the store."""

    async def spend(self, costs: Mapping[str, Sequence[Cost]]) -> Wait:
        """Take all costs, each from the budgets of whom it is named after, or take nothing.

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
        """Return the memory in use, as of a second ago at most; zeros if the store does not say. Raises nothing."""
