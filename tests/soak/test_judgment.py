"""Tests that a soak's judgment finds what grows without end, and nothing else."""

import random
from collections.abc import Callable

import pytest

from tests.soak.judgment import Sample, growth, leaks

MINUTES = 20


def series(value: Callable[[float], float]) -> list[Sample]:
    """Measure every ten seconds for twenty minutes."""
    return [Sample(at, value(at)) for at in range(0, MINUTES * 60, 10)]


def found(what: str, value: Callable[[float], float]) -> list[str]:
    return list(leaks({("web 0", what): series(value)}))


@pytest.mark.parametrize("what", ["memory", "descriptors", "tasks", "keys"])
def test_what_is_flat_is_no_leak(what: str) -> None:
    chance = random.Random(1)
    assert found(what, lambda _at: 100 + chance.uniform(-3, 3)) == []


def test_what_grows_while_it_warms_up_is_no_leak() -> None:
    assert found("memory", lambda at: 80 + min(at, 300) / 10) == []


def test_a_peak_that_passes_is_no_leak() -> None:
    assert found("tasks", lambda at: 150.0 if 700 < at < 760 else 20.0) == []


@pytest.mark.parametrize(
    ("what", "each_minute"), [("memory", 1.0), ("descriptors", 1.0), ("tasks", 1.0), ("keys", 3.0)]
)
def test_what_grows_to_the_end_is_a_leak(what: str, each_minute: float) -> None:
    chance = random.Random(2)
    told = found(what, lambda at: 30 + at / 60 * each_minute + chance.uniform(-1, 1))
    assert len(told) == 1
    assert what in told[0]
    assert "web 0" in told[0]


def test_the_growth_is_that_after_the_warm_up() -> None:
    assert growth(series(lambda at: at / 60)) == pytest.approx(MINUTES * 0.7, rel=0.02)


def test_too_few_measurements_are_no_judgment() -> None:
    assert "measurements" in next(leaks({("web 0", "memory"): [Sample(0, 1.0), Sample(1, 1.0)]}))
