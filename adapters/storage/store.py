"""Opens the store, with all its ports on one client: a server at an address, or an embedded server."""

from pathlib import Path

from adapters.storage.accounts import RedisAccounts
from adapters.storage.archive.progress import unfinished
from adapters.storage.backlog import RedisBacklog
from adapters.storage.budgets import RedisBudgets, RedisMemoryGauge
from adapters.storage.connections.clients import connect, connect_cluster, open_client
from adapters.storage.connections.transport import Client
from adapters.storage.erasure.people import RedisPeople
from adapters.storage.erasure.personal_data import RedisPersonalData
from adapters.storage.feed import RedisFeed
from adapters.storage.health import RedisHealth, StoreUnusable
from adapters.storage.identity import UNKNOWN
from adapters.storage.keys import SHARDS
from adapters.storage.known_stores import KnownStores
from adapters.storage.records.alarms import RedisAlarms
from adapters.storage.records.allowances import RedisAllowances
from adapters.storage.records.board import RedisBoard
from adapters.storage.records.confirmed_addresses import RedisConfirmedAddresses
from adapters.storage.records.deletions import ConversationsWithFiles
from adapters.storage.records.formats import RedisFormats
from adapters.storage.records.lookups import (
    RedisBookmarks,
    RedisIndex,
    RedisMarks,
    RedisPlaces,
    RedisRevisions,
)
from adapters.storage.records.metrics import RedisFigures, RedisSharedMetrics
from adapters.storage.records.outbox import RedisOutbox
from adapters.storage.records.processes import RedisProcesses
from adapters.storage.records.quarantine import RedisQuarantine
from adapters.storage.records.read_positions import RedisReadPositions
from adapters.storage.records.rebuild import Rebuild
from adapters.storage.records.unmatched import RedisUnmatched
from adapters.storage.server.embedded import Embedded
from adapters.storage.uploads import RedisUploads
from adapters.storage.vault import RedisLimiter, RedisVault
from adapters.storage.wire import Wire

__all__ = ["Store", "StoreUnusable", "connect", "connect_cluster", "open_store"]


class Store:
    """Holds all ports of the store. Call `prepare` before use, `close` after."""

    def __init__(
        self,
        client: Client,
        prefix: str = "tt",
        keep_days: int = 90,
        *,
        vouched: bool = False,
        embedded: Embedded | None = None,
        shards: int = SHARDS,
        known: KnownStores | None = None,
    ) -> None:
        """`vouched`: the operator has declared the server persistent, so persistence is not checked. `known`
        remembers which store this machine works on.
        """
        wire = Wire(client, prefix, keep_days, shards)
        self.kept = RedisUploads(wire)
        self.conversations = ConversationsWithFiles(wire, self.kept.drop)
        self.quarantine = RedisQuarantine(wire, Rebuild(wire))
        wire.mend = self.quarantine.keys_of
        self.outbox = RedisOutbox(wire)
        self.backlog = RedisBacklog(wire)
        self.alarms = RedisAlarms(wire)
        self.index = RedisIndex(wire)
        self.board = RedisBoard(wire)
        self.places = RedisPlaces(wire)
        self.marks = RedisMarks(wire)
        self.bookmarks = RedisBookmarks(wire)
        self.accounts = RedisAccounts(wire)
        self.revisions = RedisRevisions(wire)
        self.limiter = RedisLimiter(wire)
        self.budgets = RedisBudgets(wire)
        self.memory = RedisMemoryGauge(wire)
        self.allowances = RedisAllowances(wire)
        self.vault = RedisVault(wire)
        self.feed = RedisFeed(wire)
        self.views = RedisReadPositions(wire)
        self.unmatched = RedisUnmatched(wire)
        self.addresses = RedisConfirmedAddresses(wire)
        self.people = RedisPeople(wire)
        self.personal_data = RedisPersonalData(wire)
        self.processes = RedisProcesses(wire)
        self.formats = RedisFormats(wire)
        self.metrics = RedisSharedMetrics(wire)
        self.figures = RedisFigures(wire)
        self.health = RedisHealth(wire, vouched)
        self.wire = wire
        self._embedded = embedded
        self._known = known
        if known is not None:
            wire.identity.remember = known.write

    async def prepare(self) -> None:
        """Check that this version can use the store, and that it is the known one.

        Raises StoreUnusable, or StoreDown.
        """
        await self.health.prepare(self._known.read() if self._known is not None else UNKNOWN)
        if why := await unfinished(self.wire):
            raise StoreUnusable(why)

    async def close(self) -> None:
        """Close all connections. The last process attached to an embedded server stops the server."""
        await self.feed.close()
        await self.wire.identity.close()
        await self.wire.client.aclose()
        if self._embedded is not None:
            await self._embedded.release()


async def open_store(
    url: str | None,
    data_dir: Path,
    prefix: str = "tt",
    keep_days: int = 90,
    *,
    memory_mb: int = 512,
    vouched: bool = False,
    known: bool = True,
    keep_unanswered_days: int | None = None,
) -> Store:
    """Open the store at that address; without an address, start or join the embedded server of that folder.

    With `known`, it must be the store that this machine used before, if it used one. Raises StoreUnusable with what to
    do, or StoreDown if the server at the address does not answer.
    """
    store = await _attach(url, data_dir, prefix, keep_days, memory_mb, vouched)
    if keep_unanswered_days is not None:
        store.wire.keep_unanswered = min(store.wire.keep, keep_unanswered_days * 24 * 3600)
    try:
        await (store.prepare() if known else store.health.prepare())
    except BaseException:
        await store.close()
        raise
    return store


async def accept_store(url: str | None, data_dir: Path, prefix: str = "tt", *, memory_mb: int = 512) -> None:
    """Accept the store at that address as it is, also if it lost its data or is another one than before.

    Raises StoreUnusable if this version cannot use it, or StoreDown.
    """
    store = await _attach(url, data_dir, prefix, 90, memory_mb, vouched=False)
    try:
        await store.health.accept()
    finally:
        await store.close()


async def _attach(
    url: str | None, data_dir: Path, prefix: str, keep_days: int, memory_mb: int, vouched: bool
) -> Store:
    if url:
        embedded, client = None, await _opened(url)
    else:
        embedded = await Embedded.attach(data_dir, memory_mb)
        client = connect(f"unix://{embedded.socket}")
    known = KnownStores(data_dir, prefix)
    return Store(client, prefix, keep_days, vouched=vouched, embedded=embedded, known=known)


async def _opened(url: str) -> Client:
    try:
        return await open_client(url)
    except ValueError as wrong:
        raise StoreUnusable(f"REDIS_URL: {wrong}") from None
