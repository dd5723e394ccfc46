"""Runs a campaign from the command line: `python -m tests.chaos.campaign --help`."""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.chaos.campaign.campaign import Report, Size, run
from tests.chaos.campaign.patience import ending_by_sigterm
from tests.chaos.campaign.plan import WEIGHTS
from tests.chaos.campaign.plants import PLANTS
from tests.chaos.campaign.timeline import timeline

SHOWN: Final = 12
"""Conversations whose timelines are printed."""


def figures(report: Report) -> Iterator[str]:
    """Yield what the campaign was, in figures."""
    ledger, findings = report.ledger, report.findings
    acts = [act for case in ledger.cases for act in case.acts]
    rows = sum(len(one.journal) for one in findings.each)
    sent = Counter(s.platform for one in findings.each for s in (*one.customer, *one.agents) if s.effect)
    yield f"seed {ledger.seed}: {len(ledger.cases):,} conversations in {report.seconds:,.0f} s"
    yield f"  in {dict(Counter(case.script.place for case in ledger.cases))}"
    yield f"  {len(acts):,} acts of people, {sum(act.answer == 'taken' for act in acts):,} acknowledged,"
    sorry = sum(act.answer == "sorry" for act in acts)
    yield f"  {sum(act.repeats > 1 for act in acts):,} repeated, {sorry:,} asked to try again"
    yield f"  {rows:,} rows of journals replayed, messages kept by the platforms: {dict(sent)}"
    yield f"  {len(ledger.faults):,} faults: {dict(sorted(ledger.counts.items()))}"
    yield f"  copies that Slack has because it was asked too early: {_excused(report)}"
    yield f"  messages of agents without their mark: {sum(one.unmarked for one in findings.each)}"
    yield f"  given up by the outbox: {len(findings.buried)}, left waiting: {len(findings.waiting)}"
    yield f"  violations: {dict(Counter(one.law for one in report.violations)) or 'none'}"


def _excused(report: Report) -> int:
    """Count the second copies that the law allows."""
    each = report.findings.each
    ids = {sent.effect for one in each for sent in (*one.customer, *one.agents)}
    return len(ids & (each[0].excused if each else frozenset()))


def complaint(report: Report) -> Iterator[str]:
    """Yield every violation with its seed, and the timelines of the first conversations that have one."""
    for found in report.violations:
        yield f"seed {report.ledger.seed}, conversation {found.number}: {found.law}: {found.what}"
    numbers = list(dict.fromkeys(one.number for one in report.violations))[:SHOWN]
    for one in report.findings.each:
        if one.case.script.number in numbers:
            yield from ("", *timeline(one, report.ledger))


def main() -> int:
    """Read the arguments, run the campaign, print its figures; return 1 if there are violations."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.campaign", description=__doc__)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--at-once", type=int, default=300, help="conversations at the same time")
    parser.add_argument("--acting", type=int, default=20, help="people who act at the same moment")
    parser.add_argument("--thinks-s", type=float, default=3.0, help="seconds that a person thinks at most")
    parser.add_argument(
        "--minutes", type=float, default=60, help="begin no conversation after so many minutes"
    )
    parser.add_argument("--faults", type=int, default=0, help="by default one for 25 conversations")
    parser.add_argument("--disk-mb", type=int, default=1024, help="the size of the data folder's file system")
    parser.add_argument("--only", nargs="*", default=[], choices=[*WEIGHTS], help="draw these faults alone")
    parser.add_argument("--plant", default="", choices=["", *PLANTS], help="break the product on purpose")
    parser.add_argument("--keep-log", default="", help="a file for the logs of the product")
    given = parser.parse_args()
    size = Size(
        conversations=given.conversations,
        at_once=given.at_once,
        faults=given.faults or given.conversations // 25,
        disk_mb=given.disk_mb,
        acting=given.acting,
        thinks_s=given.thinks_s,
        only=tuple(given.only),
        minutes=given.minutes,
    )
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        report = asyncio.run(
            ending_by_sigterm(
                run(given.seed, size, Path(folder), given.plant, lambda line: print(line, flush=True))
            )
        )
    if given.keep_log:
        Path(given.keep_log).write_text(report.log)
    print("\n".join([*complaint(report), *figures(report)]))
    return 1 if report.violations else 0


if __name__ == "__main__":
    sys.exit(main())
