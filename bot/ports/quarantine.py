"""Defines the port Quarantine: damaged data that was set aside, so that everything behind it goes on."""

from typing import Protocol

from flows.values import Frozen


class Quarantined(Frozen):
    """One damaged entry of the store.

    `kind` says what it is ("timer", "lane entry", "record", ...), `place` the key and, if it is a part of one, which.
    `conversation` is '' if the entry does not say whose it is. `reason` says why it cannot be read, and `raw` is the
    beginning of its content. `moved` says that it was taken out of its place; otherwise it is only skipped there.
    `told` says that the conversation's people know of it.
    """

    id: str
    kind: str
    place: str
    reason: str
    raw: str = ""
    conversation: str = ""
    at: int = 0
    moved: bool = True
    told: bool = False


class Quarantine(Protocol):
    """Holds damaged entries until a person retries or discards them. Every method raises StoreDown."""

    async def entries(self) -> tuple[Quarantined, ...]:
        """Return all entries, oldest first."""

    async def mark_told(self, entry: Quarantined) -> None:
        """Record that the conversation's people know of the entry."""

    async def retry(self, entry_id: str) -> bool:
        """Put an entry back into its place. Returns False if there is no such entry, or its place is taken."""

    async def discard(self, entry_id: str) -> bool:
        """Delete an entry for good. Returns False if there is no such entry."""
