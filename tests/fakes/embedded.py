"""Attaches a test to the embedded server of a folder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.storage.server.embedded import Embedded
from adapters.storage.server.file_locks import held


@asynccontextmanager
async def attached(data: Path) -> AsyncIterator[Embedded]:
    server = await Embedded.attach(data)
    try:
        yield server
    finally:
        await server.release()


def running(data: Path) -> bool:
    """Return whether a server uses that folder."""
    return held(data / "store" / "running.lock")
