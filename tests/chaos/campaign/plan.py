"""Draws from a seed what befalls the product, and when. Pure."""

import random
from dataclasses import dataclass
from typing import Final

from tests.chaos.campaign.script import PARTS

WEIGHTS: Final = {
    "kill": 20,
    "stop": 10,
    "store-kill": 5,
    "store-freeze": 5,
    "store-full": 3,
    "slack-cut": 4,
    "slack-away": 3,
    "slack-429": 5,
    "slack-500": 5,
    "slack-silent": 5,
    "slack-late": 4,
    "slack-twice": 5,
    "slack-reordered": 4,
    "slack-delayed": 3,
    "discord-cut": 4,
    "discord-away": 3,
    "discord-forgets": 2,
    "discord-429": 5,
    "discord-500": 5,
    "discord-silent": 5,
    "discord-late": 4,
}
"""The kinds of faults, and how often each comes."""

SECONDS: Final = {
    "stop": (3.5, 8.0),
    "store-freeze": (0.5, 5.0),
    "store-full": (1.5, 4.0),
    "slack-away": (1.0, 4.0),
    "slack-late": (1.0, 4.5),
    "slack-delayed": (0.2, 3.0),
    "discord-away": (1.0, 4.0),
    "discord-late": (0.5, 4.0),
}
"""How long a fault lasts, at least and at most. A stopped process sleeps longer than its leases last (3 s)."""

TIMES: Final = (1, 6)
"""How many calls or events a fault strikes, at least and at most."""


@dataclass(frozen=True)
class Fault:
    """One fault. It comes once `after` conversations are over, or when nothing has been over for long."""

    after: float
    kind: str
    part: int = 0
    seconds: float = 0.0
    times: int = 1

    def __str__(self) -> str:
        """Say what befalls whom."""
        whom = f" {PARTS[self.part]} {self.part}" if self.kind in ("kill", "stop") else ""
        lasting = f" for {self.seconds:.1f} s" if self.seconds else ""
        struck = f" {self.times} times" if self.kind.startswith(("slack", "discord")) else ""
        return f"{self.kind}{whom}{lasting}{struck}"


def drawn(seed: int, conversations: int, faults: int, only: tuple[str, ...] = ()) -> tuple[Fault, ...]:
    """Draw so many faults over so many conversations: one of each kind first, as far as they go.

    `only` are the kinds to draw from; all, if there are none.
    """
    chance = random.Random(f"plan/{seed}")
    weights = {kind: weight for kind, weight in WEIGHTS.items() if not only or kind in only}
    kinds = list(weights)
    chance.shuffle(kinds)
    kinds = kinds[:faults]
    kinds += chance.choices(list(weights), list(weights.values()), k=faults - len(kinds))
    chance.shuffle(kinds)
    found = []
    for number, kind in enumerate(kinds):
        after = conversations * (number + chance.random()) / max(1, faults)
        seconds = chance.uniform(*SECONDS[kind]) if kind in SECONDS else 0.0
        found.append(Fault(after, kind, chance.randrange(len(PARTS)), seconds, chance.randint(*TIMES)))
    return tuple(found)
