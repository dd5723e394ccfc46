"""Provides a limiter for tests of the sender, which says what a test wants to hear."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.ports import Rate


@dataclass
class Rates:
    """A limiter that says what it was told to say, and remembers what it was asked. `left` allows so many calls."""

    waits: dict[str, float] = field(default_factory=dict)
    asked: list[tuple[str | int, ...]] = field(default_factory=list)
    left: int | None = None
    held: list[tuple[str, float]] = field(default_factory=list)

    async def wait_for(self, who: str, per_minute: int, at_once: int | None = None) -> float:
        return self.waits.get(who, 0.0)

    async def reserve(self, scope: str, claim: str, rates: Sequence[Rate], amount: int = 1) -> float:
        self.asked.append((claim, amount, *(rate.name for rate in rates)))
        if self.left is not None:
            self.left -= amount
            return 1.0 if self.left < 0 else 0.0
        return max(self.waits.get(f"{scope}/{rate.name}", 0.0) for rate in rates)

    async def hold(self, scope: str, rate: Rate, seconds: float) -> None:
        self.held.append((rate.name, seconds))
