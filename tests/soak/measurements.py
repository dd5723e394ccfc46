"""Measures the processes of the product from outside, and the store's keys without an expiry."""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from adapters.storage.keys import SHARDS
from bot.ports import StoreDown
from tests.chaos.campaign.script import PARTS
from tests.chaos.campaign.town import Town
from tests.soak.judgment import Sample

PAGE_MB: Final = 4096 / 1_048_576
AT_ONCE: Final = 500
"""Keys that are looked at in one request."""


class Measurements:
    """Collects series of measurements by who and what. `folder` holds the counts of tasks.

    Of the keys without an expiry, those count of whose kind there are more than one a shard: the others are made when
    their shard is used first.
    """

    def __init__(self, town: Town, folder: Path) -> None:
        self.town, self.folder = town, folder
        self.series: dict[tuple[str, str], list[Sample]] = defaultdict(list)
        self.store_mb: list[Sample] = []
        self.kinds: Counter[str] = Counter()
        self._began = time.monotonic()

    async def measure(self) -> None:
        """Measure everything once."""
        now = time.monotonic() - self._began
        for number, member in self.town.members.items():
            who, proc = f"{PARTS[number]} {number}", Path(f"/proc/{member.pid}")
            with suppress(OSError, ValueError):
                pages = int((proc / "statm").read_text().split()[1])
                self.series[who, "memory"].append(Sample(now, pages * PAGE_MB))
                handles = sum(1 for _ in (proc / "fd").iterdir())
                self.series[who, "descriptors"].append(Sample(now, handles))
                tasks = int((self.folder / str(number)).read_text())
                self.series[who, "tasks"].append(Sample(now, tasks))
        with suppress(StoreDown):
            (info,) = await self.town.store.wire.infos()
            self.store_mb.append(Sample(now, int(info["used_memory"]) / 1_048_576))
            self.kinds = await forever(self.town)
            several = sum(count for count in self.kinds.values() if count > SHARDS)
            self.series["the store", "keys"].append(Sample(now, several))


async def forever(town: Town) -> Counter[str]:
    """Count the store's keys without an expiry, by kind."""
    found: Counter[str] = Counter()
    ask = town.store.wire.ask
    cursor = "0"
    while True:
        cursor, keys = await ask("SCAN", cursor, "COUNT", AT_ONCE)
        lives: Sequence[int] = await town.store.wire.ask_all([("PTTL", key) for key in keys]) if keys else ()
        found.update(_kind(key) for key, left in zip(keys, lives, strict=True) if left == -1)
        if str(cursor) == "0":
            return found


def _kind(key: str) -> str:
    """Return the kind of a key: its name without shard, conversation and channel."""
    stem = key.split("}", 1)[-1] if "}" in key else key.split(":", 1)[-1]
    return stem.split(":", 1)[0]
