"""The store: every port on one client, and opening it, by address or by starting our own server."""

from pathlib import Path
from typing import Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff

from adapters.storage.alarms import RedisAlarms
from adapters.storage.conversations import RedisConversations
from adapters.storage.embedded import Embedded
from adapters.storage.feed import RedisFeed
from adapters.storage.health import RedisHealth, StoreUnusable
from adapters.storage.lookups import RedisIndex, RedisRevisions
from adapters.storage.outbox import RedisBacklog, RedisOutbox
from adapters.storage.vault import RedisLimiter, RedisVault
from adapters.storage.wire import Client, Wire

__all__ = ["Store", "StoreUnusable", "connect", "open_store"]

CONNECTIONS: Final = 32
"""More than the server can use at once; further callers wait their turn."""

PATIENCE: Final = 20.0
"""Seconds a caller waits for a free connection before the store counts as down."""


class Store:
    """All ports of the store. `prepare` before use, `close` after."""

    def __init__(
        self,
        client: Client,
        prefix: str = "tt",
        keep_days: int = 90,
        *,
        vouched: bool = False,
        embedded: Embedded | None = None,
    ) -> None:
        """`vouched`: the operator says that the server keeps what it acknowledges, so it is not asked."""
        wire = Wire(client, prefix, keep_days)
        self.conversations = RedisConversations(wire)
        self.outbox = RedisOutbox(wire)
        self.backlog = RedisBacklog(wire)
        self.alarms = RedisAlarms(wire)
        self.index = RedisIndex(wire)
        self.revisions = RedisRevisions(wire)
        self.limiter = RedisLimiter(wire)
        self.vault = RedisVault(wire)
        self.feed = RedisFeed(wire)
        self.health = RedisHealth(wire, vouched)
        self.wire = wire
        self._embedded = embedded

    async def prepare(self) -> None:
        """Check that this store is ours to use. Raises StoreUnusable, or StoreDown."""
        await self.health.prepare()

    async def close(self) -> None:
        """Let go of everything; the last process attached to an embedded server stops it."""
        await self.feed.close()
        await self.wire.client.aclose()
        if self._embedded is not None:
            await self._embedded.release()


def connect(url: str) -> Redis:
    """A client that waits for a free connection instead of failing, and asks once more after a lost answer.

    A repeated question is safe: commits carry the event's key, leases their token.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=PATIENCE,
        decode_responses=True,
        protocol=2,
        socket_timeout=5,
        socket_connect_timeout=5,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 2),
    )
    return Redis.from_pool(pool)


async def open_store(
    url: str | None,
    data_dir: Path,
    prefix: str = "tt",
    keep_days: int = 90,
    *,
    memory_mb: int = 512,
    vouched: bool = False,
) -> Store:
    """The store at that address; without one, the embedded server of that folder, started or joined.

    Raises StoreUnusable with what to do about it, StoreDown when nobody answers at the address.
    """
    embedded = None if url else await Embedded.attach(data_dir, memory_mb)
    client: Client = connect(url or f"unix://{embedded.socket if embedded else ''}")
    store = Store(client, prefix, keep_days, vouched=vouched, embedded=embedded)
    try:
        await store.prepare()
    except BaseException:
        await store.close()
        raise
    return store
