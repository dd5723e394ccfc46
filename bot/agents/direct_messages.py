"""Keeps which agents want direct messages about their tickets, for every process."""

from bot.ports import Marks


class DirectMessageChoices:
    """Implements the port `DirectMessages` over the store's marks. Without a choice an agent gets none."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    async def wanted(self, actor: str) -> bool:
        """Return whether that agent wants direct messages."""
        return await self._marks.marked(_mark(actor))

    async def choose(self, actor: str, wanted: bool) -> None:
        """Turn direct messages on or off for that agent."""
        if wanted:
            await self._marks.put(_mark(actor))
        else:
            await self._marks.clear(_mark(actor))


def _mark(actor: str) -> str:
    return f"direct/{actor}"
