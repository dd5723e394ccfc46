"""Shows the counts of all processes and what the store holds as one page in Prometheus's text format."""

from collections.abc import Iterable, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics.meters import PREFIX, Meters
from bot.ports import Board, Figures, OpenTicket, ProcessMetrics, SharedMetrics, StoreDown, StoreFigures

SHARE_S: Final = 5.0
"""Seconds between two times that a process shares its counts: a scrape is at most that old."""


class Exposition:
    """Shares this process's counts, and draws the page of all processes."""

    def __init__(
        self, meters: Meters, process: str, shared: SharedMetrics, figures: Figures, board: Board
    ) -> None:
        """`process` is the role and the id of this process."""
        self._meters = meters
        self._process = process
        self._shared = shared
        self._figures = figures
        self._board = board

    async def share(self) -> None:
        """Share what this process has counted so far. Raises StoreDown."""
        await self._shared.publish(self._own())

    async def page(self, now: int) -> str:
        """Return the page; `now` is in ms. While the store is down, it has this process's counts alone."""
        try:
            processes = {each.process: each for each in await self._shared.collect()}
            store = _store(await self._figures.figures())
            tickets = _tickets((await self._board.look()).open, now)
        except StoreDown:
            processes, store, tickets = {}, [], []
        up = GaugeMetricFamily(f"{PREFIX}_store_up", "1 if the store answers.", value=1 if store else 0)
        counted = _merged((processes | {self._process: self._own()}).values())
        return _drawn((up, *store, *tickets, *counted))

    def _own(self) -> ProcessMetrics:
        return ProcessMetrics(process=self._process, text=self._meters.text())


def _merged(processes: Iterable[ProcessMetrics]) -> list[Metric]:
    """Return the families of all processes; each sample has its process as a label. Damaged text is left out."""
    families: dict[str, Metric] = {}
    for each in processes:
        try:
            found = list(text_string_to_metric_families(each.text))
        except ValueError:
            continue
        for family in found:
            if family.name.endswith("_created"):
                continue
            known = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            for sample in family.samples:
                known.add_sample(sample.name, {**sample.labels, "process": each.process}, sample.value)
    return list(families.values())


def _store(found: StoreFigures) -> list[Metric]:
    return [
        _gauge("store_memory_bytes", "Memory that the store uses.", found.memory),
        _gauge(
            "store_memory_limit_bytes",
            "Memory that the store may use; 0 without a limit.",
            found.memory_limit,
        ),
        _by_channel("deliveries_waiting", "Lanes with effects to send.", found.waiting),
        _by_channel(
            "oldest_delivery_seconds",
            "Seconds for which the longest-waiting lane has had effects to send.",
            {channel: age / 1000 for channel, age in found.oldest.items()},
        ),
        _gauge("dead_letters", "Effects that were given up and wait for a person.", found.dead_letters),
        _gauge("quarantined", "Damaged entries that were set aside.", found.quarantined),
        _gauge("late_timers", "Timers that should have rung already.", found.late_timers),
        _gauge(
            "latest_timer_seconds", "Seconds by which the latest timer is late.", found.latest_timer / 1000
        ),
    ]


def _tickets(tickets: Iterable[OpenTicket], now: int) -> list[Metric]:
    waiting = [each for each in tickets if not each.holder and not each.customers_turn]
    longest = max((now - each.since for each in waiting), default=0)
    return [
        _gauge("open_tickets", "Open tickets.", len(tuple(tickets))),
        _gauge("unassigned_tickets", "Open tickets that no agent has.", len(waiting)),
        _gauge(
            "longest_wait_seconds",
            "Seconds that the first of the unassigned tickets has waited.",
            longest / 1000,
        ),
    ]


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}_{name}", text, value=value)


def _by_channel(name: str, text: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", text, labels=("channel",))
    for channel, value in sorted(values.items()):
        family.add_metric((channel,), value)
    return family


class _Families:
    """Gives finished families to a registry, which alone writes the text format."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = tuple(families)

    def collect(self) -> Iterable[Metric]:
        return self._families

    def describe(self) -> Iterable[Metric]:
        return ()


def _drawn(families: Iterable[Metric]) -> str:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(families))
    return generate_latest(registry).decode()
