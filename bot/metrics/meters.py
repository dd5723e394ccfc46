"""Counts what this process does: events, commits, deliveries, what platforms refuse, sockets and requests."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

PREFIX: Final = "troubletree"

EVENT_BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds of the seconds in which an event is recorded: platforms wait three seconds at most."""

SEND_BUCKETS_S: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)
"""Upper bounds of the seconds that a platform needs for a delivery."""


class Meters:
    """Holds the counters of one process. Each has its own registry, so that tests share nothing."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(namespace=PREFIX, registry=self._registry)
        self.events = self._counter(
            "events", "Events by type and by what became of them.", ("type", "outcome")
        )
        self.event_seconds = Histogram(
            f"{PREFIX}_event_seconds",
            "Seconds from an event's arrival until it is recorded.",
            buckets=EVENT_BUCKETS_S,
            registry=self._registry,
        )
        self.commits = self._counter(
            "commits", "Commits by outcome; conflict: another process was faster.", ("outcome",)
        )
        self.deliveries = self._counter(
            "deliveries", "Attempts to carry out an effect, by channel and outcome.", ("channel", "outcome")
        )
        self.delivery_seconds = Histogram(
            f"{PREFIX}_delivery_seconds",
            "Seconds that a platform needed for a delivery that arrived.",
            ("channel",),
            buckets=SEND_BUCKETS_S,
            registry=self._registry,
        )
        self.retries = self._counter(
            "delivery_retries", "Effects taken up again after an attempt that settled nothing.", ("channel",)
        )
        self.buried = self._counter("buried", "Effects that became dead letters.", ("channel",))
        self.timers = self._counter("timers", "Timers that rang, by kind.", ("kind",))
        self.limits = self._counter(
            "platform_limits",
            "Times that a platform said to wait, by the rate that was used up.",
            ("platform", "rate"),
        )
        self.requests = self._counter("http_requests", "HTTP responses, by class of status.", ("status",))
        self.sockets = Gauge(
            f"{PREFIX}_sockets", "Open sockets to a platform.", ("platform",), registry=self._registry
        )
        self.streams = Gauge(f"{PREFIX}_streams", "Open streams of the page.", registry=self._registry)

    def _counter(self, name: str, text: str, labels: tuple[str, ...]) -> Counter:
        return Counter(f"{PREFIX}_{name}", text, labels, registry=self._registry)

    def answered(self, status: int) -> None:
        """Count a response with that HTTP status."""
        self.requests.labels(f"{status // 100}xx").inc()

    def streamed(self, change: int) -> None:
        """Count a stream that opened (1) or closed (-1)."""
        self.streams.inc(change)

    def text(self) -> str:
        """Return everything counted so far in Prometheus's text format."""
        return generate_latest(self._registry).decode()
