"""Runs the long fuzzing: `python -m tests.fuzz` sends a million inputs and prints how many each door took.

`--seed` repeats a run, `--only` and `--at` repeat one door or one input of it.
"""

import argparse
import os
import secrets
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.fuzz.doors import Result
from tests.fuzz.table import BATCH, FEEDS, SHARES


def main() -> int:
    """Run every door, print the figures, and return the exit code."""
    asked = _arguments()
    seed = asked.seed if asked.seed is not None else secrets.randbelow(10**6)
    print(f"seed {seed}", flush=True)
    began = time.monotonic()
    batches = list(_batches(asked.inputs, asked.only, asked.at))
    results: dict[str, Result] = {}
    with ProcessPoolExecutor(asked.processes) as pool:
        for result in pool.map(partial(_run, seed), batches):
            _add(results.setdefault(result.door, Result(result.door)), result)
            print(f"{sum(each.inputs for each in results.values()):,}", end="\r", file=sys.stderr, flush=True)
    _print(results, seed, time.monotonic() - began)
    return 1 if any(each.failures for each in results.values()) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="inputs of all doors together")
    parser.add_argument("--seed", type=int, help="a number that an earlier run printed")
    parser.add_argument("--only", choices=sorted(FEEDS), help="one door")
    parser.add_argument("--at", type=int, help="one input of that door")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def _batches(inputs: int, only: str | None, at: int | None) -> Iterator[tuple[str, int, int]]:
    """Yield parts of the work: a door, and the numbers of its inputs from one to before another."""
    for name, share in SHARES.items():
        if only not in (None, name):
            continue
        if at is not None:
            yield name, at, at + 1
            continue
        count = inputs if only else -(-inputs * share // sum(SHARES.values()))
        for begin in range(0, count, BATCH):
            yield name, begin, min(begin + BATCH, count)


def _run(seed: int, batch: tuple[str, int, int]) -> Result:
    name, begin, end = batch
    os.environ["HEARING"] = "phrases"
    return FEEDS[name](range(begin, end), seed)


def _add(whole: Result, part: Result) -> None:
    whole.inputs += part.inputs
    whole.seconds += part.seconds
    whole.failures |= part.failures


def _print(results: dict[str, Result], seed: int, seconds: float) -> None:
    for each in results.values():
        for failure in each.failures.values():
            print(f"\n{failure}")
    print(f"\n{'door':<10} {'inputs':>9} {'seconds':>8} {'failures':>8}")
    for each in sorted(results.values(), key=lambda each: each.door):
        print(f"{each.door:<10} {each.inputs:>9,} {each.seconds:>8.0f} {len(each.failures):>8}")
    total = sum(each.inputs for each in results.values())
    failed = sum(len(each.failures) for each in results.values())
    print(f"{total:,} inputs in {seconds:.0f} s, {failed} failures, seed {seed}")


if __name__ == "__main__":
    sys.exit(main())
