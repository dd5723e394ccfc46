"""Time and ids as Discord gives them: a clock that tests may set forward, and snowflakes that carry it."""

import time
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000
"""The first second of 2015, where Discord's ids begin."""


class Clock:
    """The time of the stand-in: that of the machine, and what was passed on command."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead

    def stamp(self, at: float | None = None) -> str:
        """A time as it stands in payloads."""
        return datetime.fromtimestamp(self.now() if at is None else at, UTC).isoformat()


class Ids:
    """Snowflakes: growing, never given twice, and their time can be read from them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._count = 0

    def next(self) -> int:
        """The id of something that comes to be now."""
        at = int(self._clock.now() * 1000) - EPOCH_MS
        self._last = max(self._last + 1, at << 22)
        return self._last

    def on_shard(self, shard: int, of: int) -> int:
        """The id of a guild that Discord serves on that shard."""
        at = (int(self._clock.now() * 1000) - EPOCH_MS) // of * of + shard
        self._count += 1
        return ((at - of * 1000) << 22) + self._count
