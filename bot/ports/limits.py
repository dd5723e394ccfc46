"""Defines the port that limits how often a person may act, and how fast the product may call a platform."""

from collections.abc import Sequence
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
