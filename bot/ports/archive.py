"""Defines the port Archive: everything that a store holds, as units that another store can take in."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal, Protocol

from flows.values import Frozen


class ArchiveHead(Frozen):
    """Describes an archive. `layout` is the number of the archive's own layout, `format` that of the stored data.

    `made` is when the export began, in ms of the store's clock; `id` tells archives apart.
    """

    layout: int
    format: int
    shards: int
    made: int
    id: str


ArchiveUnit = Mapping[str, Any]
"""A part of an archive, as plain JSON: one whole conversation, or a piece of another key."""

Restored = Literal["restored", "kept", "expired"]
"""What became of a unit: written; left out, because the store has it at least as new; or over since the export."""


class Archive(Protocol):
    """Reads a store out and writes it into another, whatever kind of server each of the two is."""

    async def head(self) -> ArchiveHead:
        """Describe what `units` reads. Raises StoreDown."""

    def units(self, head: ArchiveHead) -> AsyncIterator[ArchiveUnit]:
        """Yield the whole store: first conversations, each as it is at one instant, then what they refer to.

        Raises FormatSwitched at the end if `head` no longer describes it.
        """

    async def begin(self, head: ArchiveHead, *, merge: bool) -> None:
        """Make the store ready for an archive's units; repeating an import that stopped half-way is allowed.

        Raises ImportRefused with the reason, also if the store is not empty, unless `merge` allows that.
        """

    async def restore(self, unit: ArchiveUnit) -> Restored:
        """Write a unit, all or nothing. Repeating changes nothing, and never replaces anything newer."""

    async def finish(self, head: ArchiveHead) -> None:
        """Open the store for processes after the archive's last unit."""
