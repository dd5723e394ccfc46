"""Runs a soak from the command line: `python -m tests.soak --help`."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.chaos.campaign.leaks import LEAKS
from tests.chaos.campaign.patience import ending_by_sigterm
from tests.soak.judgment import growth, warm
from tests.soak.soak import Length, Outcome, run


def figures(outcome: Outcome) -> Iterator[str]:
    """Yield what was measured, a line each."""
    yield (
        f"{outcome.conversations:,} conversations and {outcome.streams:,} streams of the desk"
        f" in {outcome.seconds:,.0f} s"
    )
    yield f"{'':24}{'after warm-up':>14}{'at the end':>12}{'growth':>10}"
    for (who, what), samples in outcome.series.items():
        left = warm(samples)
        yield (
            f"{f'{what} of {who}':24}{left[0].value:14.1f}{left[-1].value:12.1f}{growth(samples):10.1f}"
            if left
            else f"{what} of {who}: nothing"
        )
    if outcome.store_mb:
        first, last = warm(outcome.store_mb)[0], outcome.store_mb[-1]
        yield f"{'memory of the store':24}{first.value:14.1f}{last.value:12.1f}  (it keeps the conversations)"
    yield f"keys without an expiry: {dict(sorted(outcome.kinds.items()))}"
    yield f"troubles of people: {len(outcome.troubles)}"
    yield from (f"  {one}" for one in outcome.troubles[:20])
    yield f"leaks: {len(outcome.leaks) or 'none'}"
    yield from (f"  {one}" for one in outcome.leaks)


def main() -> int:
    """Read the arguments, soak, print the figures; return 1 if something leaks."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--every-s", type=float, default=10, help="seconds between two measurements")
    parser.add_argument("--at-once", type=int, default=24, help="conversations at the same time")
    parser.add_argument("--plant", default="", choices=["", *LEAKS], help="let the product leak on purpose")
    given = parser.parse_args()
    length = Length(given.minutes * 60, given.every_s, given.at_once)
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        outcome = asyncio.run(
            ending_by_sigterm(
                run(given.seed, length, Path(folder), given.plant, lambda line: print(line, flush=True))
            )
        )
    print("\n".join(figures(outcome)))
    return 1 if outcome.leaks or outcome.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
