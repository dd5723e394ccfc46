"""Defines the ports of metrics: what each process counted, and what the store holds."""

from collections.abc import Mapping
from typing import Protocol

from flows.values import Frozen


class ProcessMetrics(Frozen):
    """What a living process counted, in Prometheus's text format. `process` is its role and a short id."""

    process: str
    text: str


class SharedMetrics(Protocol):
    """Shares what each process counted, so that one page shows all of them. Every method raises StoreDown."""

    async def publish(self, metrics: ProcessMetrics) -> None:
        """Replace what the process shared before."""

    async def collect(self) -> tuple[ProcessMetrics, ...]:
        """Return what the processes shared within the last minute, sorted by name."""


class RequestMeter(Protocol):
    """Counts the requests of the page."""

    def answered(self, status: int) -> None:
        """Count a response with that HTTP status."""

    def streamed(self, change: int) -> None:
        """Count a stream that opened (1) or closed (-1)."""


class StoreFigures(Frozen):
    """What the store holds that a person may have to look at. Times are in ms, sizes in bytes.

    `waiting` counts the lanes with effects to send by channel, and `oldest` is how long the longest of them has had
    any. `late_timers` counts the timers that should have rung, and `latest_timer` is how long ago the first of them
    should have. `memory_limit` is 0 without a limit.
    """

    memory: int = 0
    memory_limit: int = 0
    waiting: Mapping[str, int] = {}
    oldest: Mapping[str, int] = {}
    dead_letters: int = 0
    quarantined: int = 0
    late_timers: int = 0
    latest_timer: int = 0


class Figures(Protocol):
    """Measures the store."""

    async def figures(self) -> StoreFigures:
        """Return what the store holds now. Raises StoreDown."""
