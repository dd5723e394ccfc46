"""Tests that a disk which is full again and again costs the embedded store nothing that it acknowledged."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from adapters.storage.store import Store, open_store
from bot.ports import StoreDown
from tests.chaos.campaign.weather import small_disk
from tests.conftest import need
from tests.fakes.wait import until

pytestmark = pytest.mark.chaos

TAIL = 4096
"""Bytes that are left on a full disk, so that the server writes a part of what it should."""


@contextmanager
def full(data: Path) -> Iterator[None]:
    """Leave nearly no room on the file system."""
    free = os.statvfs(data)
    ballast = data / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize - TAIL)
    yield
    ballast.unlink()


class Writer:
    """Writes keys, and knows which the store acknowledged."""

    def __init__(self, store: Store) -> None:
        self.store, self.count = store, 0
        self.acknowledged: list[str] = []

    async def write(self) -> bool:
        """Write the next key. Return whether it was acknowledged."""
        self.count += 1
        with suppress(StoreDown):
            await self.store.wire.ask("SET", f"k{self.count}", "x" * 200)
            self.acknowledged.append(f"k{self.count}")
            return True
        return False

    async def refused(self) -> bool:
        return not await self.write()

    async def missing(self) -> list[str] | None:
        """Return the acknowledged keys that are gone, or None while the store does not answer."""
        with suppress(StoreDown):
            there = await self.store.wire.ask_all([("EXISTS", key) for key in self.acknowledged])
            return [key for key, known in zip(self.acknowledged, there, strict=True) if not known]
        return None


async def test_a_disk_that_is_full_twice_costs_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with small_disk(data, 24) as mounted:
        need("a file system of its own", mounted, "mounting one needs root")
        store = await open_store(None, data)
        files, writer = data / "store" / "appendonlydir", Writer(store)

        async def written_anew() -> bool:
            return not any(path in before for path in files.glob("*.incr.aof"))

        await writer.write()
        before = {*files.iterdir()}
        await store.wire.ask("BGREWRITEAOF")  # from here on, the server does not append to its file
        await until(written_anew)
        for _ in range(2):
            before = {*files.iterdir()}
            with full(data):
                await until(writer.refused)
            await until(writer.write)
            await until(written_anew)
            await until(writer.write)
        os.kill(int((data / "store" / "store.pid").read_text()), signal.SIGKILL)

        async def looked() -> bool:
            return await writer.missing() is not None

        await until(looked)
        assert await writer.missing() == []
        await store.close()
