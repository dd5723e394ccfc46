"""Makes Discord's times and ids: a clock that tests can set forward, and snowflakes that contain the time."""

import time
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000
"""The first second of 2015, from which Discord's ids count."""

TO_WRITE_S = 5.0
"""Seconds that a person takes at least to read what is new and to write, unless a test says how many."""


class Clock:
    """The stand-in's clock: the machine's time plus what a test has added."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        """Return seconds since 1970."""
        return time.time() + self.ahead

    def stamp(self, at: float | None = None) -> str:
        """Return a time as written in payloads."""
        return datetime.fromtimestamp(self.now() if at is None else at, UTC).isoformat()


class Ids:
    """Makes snowflakes, which grow, are unique and contain their time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._count = 0

    def next(self) -> int:
        """Return the id of something created now."""
        return self._next(self._now())

    def written(self, newest: int, after_s: float | None) -> int:
        """Return the id of a person's message, `after_s` after the newest thing in its place, by that one's id.

        Ids are then ahead of the clock, and their time stands still until the clock has caught up.
        """
        if after_s is not None and newest:
            return self._next((newest >> 22) + int(after_s * 1000))
        return self._next(max(self._now(), (newest >> 22) + int(TO_WRITE_S * 1000)))

    def _now(self) -> int:
        return int(self._clock.now() * 1000) - EPOCH_MS

    def _next(self, milliseconds: int) -> int:
        self._last = max(self._last + 1, milliseconds << 22)
        return self._last

    def on_shard(self, shard: int, of: int) -> int:
        """Return the id of a guild that Discord serves on that shard."""
        at = self._now() // of * of + shard
        self._count += 1
        return ((at - of * 1000) << 22) + self._count
