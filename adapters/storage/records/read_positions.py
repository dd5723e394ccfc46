"""How far customers have seen their conversations: a number for each, which only grows."""

from typing import Final

from adapters.storage.wire import Wire

CUSTOMER: Final = "customer"


class RedisReadPositions:
    """The port ReadPositions. A sorted set of one member, because Redis can be told never to lower its score."""

    def __init__(self, wire: Wire) -> None:
        """Everything goes over that wire."""
        self._wire = wire

    async def saw(self, conversation_id: str, version: int) -> None:
        """They looked at it as of that version."""
        key = self._wire.keys.viewed(conversation_id)
        await self._wire.ask_all(
            [("ZADD", key, "GT", version, CUSTOMER), ("EXPIRE", key, self._wire.keep)],
        )

    async def seen(self, conversation_id: str) -> int:
        """The greatest version they looked at."""
        found = await self._wire.ask("ZSCORE", self._wire.keys.viewed(conversation_id), CUSTOMER)
        return int(float(found)) if found is not None else 0
