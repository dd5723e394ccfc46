"""Remembers which files an effect brought to Slack, so that no other attempt or process shares them twice."""

from typing import Final

from bot.ports import Bookmarks
from flows.events import File
from flows.values import Frozen

SHELF: Final = "slack files"
NAME: Final = "sharing"


class Sharing(Frozen):
    """What became of an effect's files: their ids in Slack with their titles, and the ids of those that failed.

    Without `done`, an attempt to share the uploaded files began, and may have arrived.
    """

    uploaded: tuple[tuple[str, str], ...] = ()
    failed: tuple[str, ...] = ()
    done: bool = False


class SharedFiles:
    """Stores an effect's Sharing, if a store was attached."""

    def __init__(self) -> None:
        self._bookmarks: Bookmarks | None = None

    def attach(self, bookmarks: Bookmarks) -> None:
        """Keep what was shared in a store, where every process finds it."""
        self._bookmarks = bookmarks

    async def of(self, effect: str) -> Sharing | None:
        """Return what an earlier attempt recorded. Raises StoreDown."""
        if self._bookmarks is None:
            return None
        found = (await self._bookmarks.all(f"{SHELF} {effect}")).get(NAME)
        return None if found is None else Sharing.model_validate_json(found)

    async def missing(self, effect: str, files: tuple[File, ...]) -> tuple[File, ...]:
        """Return those of the effect's files that were not shared, once its text was posted. Raises StoreDown."""
        if self._bookmarks is None:
            return ()
        sharing = await self.of(effect)
        if sharing is None or not sharing.done:
            return files
        return tuple(file for file in files if file.id in sharing.failed)

    async def record(self, effect: str, sharing: Sharing) -> None:
        """Record what was uploaded or shared. Raises StoreDown."""
        if self._bookmarks is not None:
            await self._bookmarks.put(f"{SHELF} {effect}", NAME, sharing.model_dump_json())
