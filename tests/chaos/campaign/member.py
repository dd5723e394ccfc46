"""Runs a part of the product as a process of the campaign, with raised rates and, if asked, a planted fault.

Usage: python -m tests.chaos.campaign.member PART [PLANT [FILE]]. A file gets the number of tasks.

The product keeps to rates of the platforms that would stretch ten thousand conversations over a day. They are raised
here, and nothing else: the stand-ins answer 429 when the plan says so.
"""

import sys
from pathlib import Path

from adapters.discord import rates as discord_rates
from adapters.slack import rates as slack_rates
from bot import person_limits
from tests.chaos.campaign.leaks import LEAKS
from tests.chaos.campaign.plants import PLANTS
from tests.soak.gauge import count_tasks


def raise_rates() -> None:
    """Let the product send as fast as it can."""
    for name in ("POSTS", "POSTS_TOGETHER", "EDITS", "READS"):
        setattr(slack_rates, name, (600_000, 10_000))
    for name in ("TOGETHER", "TICKETS"):
        setattr(discord_rates, name, (600_000, 10_000))
    person_limits.MOST = dict.fromkeys(person_limits.MOST, 1000)  # type: ignore[misc]  # a constant elsewhere


def main(part: str, plant: str = "", gauge: str = "") -> None:
    """Run the part as its command does."""
    from bot.__main__ import main as run

    raise_rates()
    if plant:
        {**PLANTS, **LEAKS}[plant]()
    if gauge:
        count_tasks(Path(gauge))
    sys.argv = ["troubletree", part]
    run()


if __name__ == "__main__":
    main(*sys.argv[1:])
