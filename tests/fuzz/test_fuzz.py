"""Sends a few random inputs to every door; `make fuzz` sends a million."""

import random

import pytest

from tests.fuzz.table import FEEDS, SHARES

FEW = 120
"""Inputs of a door here; of slow doors a quarter."""

SLOW = ("api", "reader", "requests", "scripts", "webhooks")


@pytest.mark.parametrize("door", sorted(FEEDS))
def test_random_input_is_taken_or_refused(door: str) -> None:
    seed = random.randrange(10**6)  # the runner's seed repeats it
    result = FEEDS[door](range(FEW // 4 if door in SLOW else FEW), seed)
    assert not result.failures, "\n".join(result.failures.values())
    assert result.inputs > 0


def test_the_shares_of_the_doors_are_thousandths() -> None:
    assert sum(SHARES.values()) == 1000
