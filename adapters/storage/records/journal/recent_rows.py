"""Remembers journals that were read of late, so that one that grew is parsed only where it grew."""

import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from cachetools import TTLCache

from adapters.storage.records.journal.before import Before
from flows.effects import Change

LONG: Final = 32
"""Rows from which on a journal is remembered. A shorter one is parsed in less time than a screen is drawn."""

MOST: Final = 10_000
"""Rows of all journals that are remembered: some twenty megabytes."""

LASTING_S: Final = 15 * 60
"""Seconds for which a journal is remembered. Personal data stays no longer in memory than states do in the desk's."""


class _Journal(NamedTuple):
    lines: Sequence[str]
    changes: tuple[Change, ...]
    before: Before


class RecentRows:
    """Holds rows as they were stored, each with its change. Only rows that still are the same text count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns seconds."""
        self._journals: TTLCache[str, _Journal] = TTLCache(
            MOST, LASTING_S, timer=clock, getsizeof=lambda journal: len(journal.lines)
        )

    def parsed(self, conversation_id: str, lines: Sequence[str]) -> tuple[tuple[Change, ...], Before]:
        """Return the changes of the first of these rows, as many as are known, and what they establish."""
        known = self._journals.get(conversation_id)
        if known is None:
            return (), Before()
        if list(lines[: len(known.lines)]) != known.lines:  # a person was erased from it, or it was restored
            del self._journals[conversation_id]
            return (), Before()
        return known.changes, known.before

    def put(
        self, conversation_id: str, lines: Sequence[str], changes: Sequence[Change], before: Before
    ) -> None:
        """Remember a journal, each row of which was parsed. `before` is what the rows establish."""
        if LONG <= len(lines) <= MOST:
            self._journals[conversation_id] = _Journal(list(lines), tuple(changes), before)
