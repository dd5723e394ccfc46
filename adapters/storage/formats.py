"""Numbers the formats of stored data: what each number added, and what older releases are given to read.

One number covers everything that is stored. A release reads every format up to its newest, and writes the one that the
store names, which grows once every live process reads it (`adapters/storage/records/formats.py`).
"""

from collections.abc import Mapping
from typing import Final

from bot.ports import Commit
from flows.effects import Brief, Effect, Packet

FORMATS: Final[Mapping[int, str]] = {
    1: "everything that releases stored until 30 November 2026",
    2: "an agents' thread is opened by two effects: a packet that is `briefed`, and a brief;"
    " the journal's row of a plain answer is one text",
}
"""What each format added to the one before."""

NEWEST: Final = max(FORMATS)
"""The newest format that this release reads."""

TWO_EFFECTS: Final = 2
"""The first format in which a packet and its brief are two effects."""


BRIEF_ROWS: Final = 2
"""The first format in which a plain answer is a brief row; see `adapters/storage/records/journal/rows.py`."""


def readable(commit: Commit, writes: int) -> Commit:
    """Return the commit as it is stored in a store of format `writes`: older releases know nothing newer."""
    if writes >= TWO_EFFECTS or not any(isinstance(effect, Brief) for effect in commit.change.effects):
        return commit
    effects = tuple(_one(effect) for effect in commit.change.effects if not isinstance(effect, Brief))
    queued = tuple(
        each.model_copy(update={"effect": _one(each.effect)})
        for each in commit.queued
        if not isinstance(each.effect, Brief)
    )
    change = commit.change.model_copy(update={"effects": effects})
    return commit.model_copy(update={"change": change, "queued": queued})


def _one(effect: Effect) -> Effect:
    """Return a packet that does the work of its brief, too; any other effect as it is."""
    return effect.model_copy(update={"briefed": False}) if isinstance(effect, Packet) else effect
