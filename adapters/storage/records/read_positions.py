"""Stores customers' read positions in Redis: one version per conversation, which only grows."""

from typing import Final

from adapters.storage.wire import Wire

CUSTOMER: Final = "customer"


class RedisReadPositions:
    """Implements the port ReadPositions: a sorted set with one member, because ZADD GT never lowers a score."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def saw(self, conversation_id: str, version: int) -> None:
        """Record that the customer has seen the conversation as of that version."""
        key = self._wire.keys.viewed(conversation_id)
        keep = self._wire.keep if version > 1 else self._wire.keep_unanswered
        await self._wire.ask_all([("ZADD", key, "GT", version, CUSTOMER), ("EXPIRE", key, keep)])

    async def seen(self, conversation_id: str) -> int:
        """Return the highest version that the customer has seen; 0 for none."""
        score = await self._wire.ask("ZSCORE", self._wire.keys.viewed(conversation_id), CUSTOMER)
        return int(float(score)) if score is not None else 0
