"""Tests a short campaign: the whole bot as processes, people everywhere, one fault of each kind; then the audit."""

from pathlib import Path
from typing import Final

import pytest

from adapters.storage.keys import FOREVER
from tests.chaos.campaign.__main__ import complaint
from tests.chaos.campaign.campaign import Size, run
from tests.chaos.campaign.plan import WEIGHTS

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(290)]

SEED = 25
SHORT = Size(conversations=16, at_once=16, faults=len(WEIGHTS), disk_mb=64, acting=12, thinks_s=0.3)

AT_REST: Final = {"memory": 300, "descriptors": 45, "tasks": 25, "keys": 2000}
"""What a process may have at most when nothing is going on; each leak for an event or a conversation exceeds that."""

FOREVER_KINDS: Final = {*FOREVER, "accounts", "q", "revision", "secret"}
"""The kinds of keys without an expiry, as keys spell them."""


async def test_a_short_campaign_loses_and_doubles_nothing(tmp_path: Path) -> None:
    report = await run(SEED, SHORT, tmp_path)
    assert not report.violations, "\n".join(complaint(report))
    assert {case.script.place for case in report.ledger.cases} == {"page", "thread", "dm", "command", "chat"}
    assert len(report.ledger.faults) > len(WEIGHTS) / 2
    for (who, what), value in report.left.items():
        assert value <= AT_REST[what], f"{who} has {value:.0f} {what} left"
    assert report.kinds.keys() <= FOREVER_KINDS
