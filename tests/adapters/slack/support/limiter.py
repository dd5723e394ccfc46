"""Provides a limiter for tests of the sender, which says what a test wants to hear."""

from dataclasses import dataclass, field


@dataclass
class Rates:
    """A limiter that says what it was told to say, and remembers what it was asked. `left` allows so many calls."""

    waits: dict[str, float] = field(default_factory=dict)
    asked: list[tuple[str, int, int | None]] = field(default_factory=list)
    left: int | None = None

    async def wait_for(self, who: str, per_minute: int, at_once: int | None = None) -> float:
        self.asked.append((who, per_minute, at_once))
        if self.left is not None:
            self.left -= 1
            return 1.0 if self.left < 0 else 0.0
        return self.waits.get(who, 0.0)
