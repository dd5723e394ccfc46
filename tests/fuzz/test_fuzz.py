"""Sends a few random inputs to every door; `make fuzz` sends a million."""

import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import pytest

from bot.telemetry import log
from tests.fuzz.doors import Door, Feed, feed_door
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


def _log_own() -> None:
    log("test").warning("failed", exc_info=ValueError("ours"))


def _log_of_library() -> None:
    logging.getLogger("a library").error("failed", exc_info=ValueError("theirs"))


def _raise() -> None:
    raise ValueError("raised")


def _do_nothing() -> None:
    """Take the input."""


@pytest.mark.parametrize(
    ("feeding", "closing", "failures"),
    [
        (_log_own, _do_nothing, 1),
        (_log_of_library, _do_nothing, 1),
        (_raise, _do_nothing, 1),
        (_do_nothing, _log_own, 1),
        (_do_nothing, _log_of_library, 1),
        (_do_nothing, _do_nothing, 0),
    ],
)
def test_each_traceback_is_a_failure(
    feeding: Callable[[], None], closing: Callable[[], None], failures: int
) -> None:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Feed]:
        yield lambda _draw: feeding()
        closing()

    assert len(feed_door(Door("test", 1, opened), range(3), seed=1).failures) == failures
