"""Sends a few random inputs to every door; `make fuzz` sends a million."""

import random
from typing import Final

import pytest

from tests.fuzz.table import FEEDS, SHARES

FEW: Final = 60
"""Inputs of a door here; of slow doors a sixth."""

SLOW: Final = ("mails", "masking", "reader", "requests", "scripts", "webhooks")

DOORS: Final = sorted(set(FEEDS) - {"api"})
"""All but the slowest to set up, which `tests/adapters/web/api/test_random_requests.py` stands for."""


@pytest.mark.parametrize("door", DOORS)
def test_random_input_is_taken_or_refused(door: str) -> None:
    seed = random.randrange(10**6)  # the runner's seed repeats it
    result = FEEDS[door](range(FEW // 6 if door in SLOW else FEW), seed)
    assert not result.failures, "\n".join(result.failures.values())
    assert result.inputs > 0


def test_the_shares_of_the_doors_are_thousandths() -> None:
    assert sum(SHARES.values()) == 1000
