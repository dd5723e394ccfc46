"""Defines the port for texts of customers that matched no guide: how often each came, and when last."""

from typing import Final, Protocol

from flows.values import Frozen

MOST_UNMATCHED: Final = 500
"""Texts that are kept; of more, those that came longest ago are deleted."""


class UnmatchedText(Frozen):
    """A masked text that matched no guide; `last_at` is in ms of the store's clock.

    Texts that differ only in case or in punctuation at their end count as one.
    """

    sample: str
    count: int
    last_at: int


class UnmatchedTexts(Protocol):
    """Counts texts that matched no guide, for as long as conversations are kept."""

    async def count(self, sample: str) -> None:
        """Count a text, which has been masked. Raises StoreDown."""

    async def all(self) -> tuple[UnmatchedText, ...]:
        """Return all texts, the most frequent first, then the latest. Raises StoreDown."""
