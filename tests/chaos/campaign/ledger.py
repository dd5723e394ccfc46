"""Writes down what people did, and what they were told about it, for the audit."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from tests.chaos.campaign.script import Script

Answer = Literal["", "taken", "later", "outdated", "refused", "sorry"]
"""What came back: nothing in time, an acknowledgement, one that promises nothing yet, the answer to an earlier button,
a refusal, or a request to try again."""


@dataclass
class Act:
    """One thing that a person did. `text` is what they wrote, unique in the campaign; `turn` is the one they saw.

    `settled` says that the person saw its effect. `repeats` counts the same act sent again under the same key.
    """

    at: float
    what: str
    text: str = ""
    turn: int = -1
    answer: Answer = ""
    settled: bool = False
    repeats: int = 0
    says: str = ""


@dataclass
class Case:
    """One conversation as its people lived it.

    `troubles` are contradictions that they noticed themselves, `marks` the marks that agents' messages should have.
    """

    script: Script
    began: float = field(default_factory=time.time)
    conversation: str = ""
    contact: str = ""
    acts: list[Act] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    over: bool = False
    seen: list[str] = field(default_factory=list)
    marks: list[tuple[str, str]] = field(default_factory=list)
    texts: int = 0

    def act(self, what: str, text: str = "", turn: int = -1) -> Act:
        """Write down an act before it is done."""
        made = Act(time.time(), what, text, turn)
        self.acts.append(made)
        return made

    def words(self, kind: str) -> str:
        """Return a text that no one else writes."""
        self.texts += 1
        return f"Here is {kind} number {self.script.number}x{self.texts}, thank you"


@dataclass
class Ledger:
    """All conversations of a campaign, and what befell the product."""

    seed: int
    cases: list[Case] = field(default_factory=list)
    faults: list[tuple[float, str]] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def befell(self, fault: str) -> None:
        """Write down a fault."""
        self.faults.append((time.time(), fault))
        self.counts[fault.split(" ", maxsplit=1)[0]] += 1
