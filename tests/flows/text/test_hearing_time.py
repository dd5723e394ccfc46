"""Tests that hearing a text takes time in proportion to its length, even for hostile texts and for long logs."""

import time
from collections.abc import Callable
from typing import Final

import pytest

from flows.text.likely import excerpt
from flows.text.starts import recognise
from tests.flows.text.test_starts import LIBRARY

HOSTILE: Final = [
    "a", " ", "\n", "*a ", "_a ", "`a ", "||a ", "***a ", "a*", "a_", "_a_a", "* ", "**", "__", "``", "> a\n",
    "&amp;", "(", "how do ", "is the connection is not active? ", "printer offline mode ", "the connection is ",
]  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("hear", [excerpt, lambda text: recognise(LIBRARY, text)], ids=["excerpt", "start"])
def test_the_time_grows_with_the_length_and_no_faster(piece: str, hear: Callable[[str], object]) -> None:
    def seconds(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        began = time.process_time()
        hear(text)
        return time.process_time() - began

    seconds(1_000)
    # Four times the length: about four times the time. Quadratic would be sixteen, however slow the machine is.
    assert any(seconds(20_000) < 10 * seconds(5_000) for _ in range(5))


@pytest.mark.timeout(60)
def test_a_log_that_repeats_an_error_costs_no_more_than_its_first_mentions() -> None:
    def seconds(size: int) -> float:
        began = time.process_time()
        recognise(LIBRARY, "printer offline mode " * size)
        return time.process_time() - began

    seconds(20)
    assert any(seconds(1_000) < 10 * seconds(40) for _ in range(5))
