"""Judges series of measurements by their slope after a warm-up: what grows without end is a leak. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WARM_UP: Final = 0.3
"""The part of a run in which caches fill, pools grow and modules are imported."""

FEWEST: Final = 6
"""Measurements after the warm-up that a judgment takes."""


@dataclass(frozen=True)
class Tolerance:
    """How much a measurement may grow from the warm-up to the end: a part of its mean, but at least `most`."""

    part: float
    most: float


TOLERANCES: Final[Mapping[str, Tolerance]] = {
    "memory": Tolerance(0.04, 6.0),
    "descriptors": Tolerance(0.25, 8.0),
    "tasks": Tolerance(0.25, 10.0),
    "keys": Tolerance(0.0, 24.0),
}
"""By what is measured: megabytes of memory, open descriptors, tasks, and keys without an expiry."""


@dataclass(frozen=True)
class Sample:
    """One measurement, so many seconds after the start."""

    at: float
    value: float


def slope(samples: Sequence[Sample]) -> float:
    """Return the growth a second of the straight line that fits the samples best."""
    count = len(samples)
    middle = sum(one.at for one in samples) / count
    mean = sum(one.value for one in samples) / count
    width = sum((one.at - middle) ** 2 for one in samples)
    if not width:
        return 0.0
    return sum((one.at - middle) * (one.value - mean) for one in samples) / width


def warm(samples: Sequence[Sample]) -> Sequence[Sample]:
    """Return the samples after the warm-up."""
    if not samples:
        return samples
    begin = samples[0].at + (samples[-1].at - samples[0].at) * WARM_UP
    return [one for one in samples if one.at >= begin]


def growth(samples: Sequence[Sample]) -> float:
    """Return how much the fitted line grows from the warm-up to the end."""
    left = warm(samples)
    return slope(left) * (left[-1].at - left[0].at) if len(left) > 1 else 0.0


def leaks(series: Mapping[tuple[str, str], Sequence[Sample]]) -> Iterator[str]:
    """Yield what grows without end. `series` are measurements by who and what."""
    for (who, what), samples in series.items():
        left = warm(samples)
        if len(left) < FEWEST:
            yield f"{what} of {who}: only {len(left)} measurements"
            continue
        mean = sum(one.value for one in left) / len(left)
        allowed = max(TOLERANCES[what].most, TOLERANCES[what].part * mean)
        if (grown := growth(samples)) > allowed:
            yield f"{what} of {who} grew by {grown:.1f} to {left[-1].value:.1f} ({allowed:.1f} allowed)"
