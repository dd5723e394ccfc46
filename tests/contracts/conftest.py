"""Every test here runs once per server at hand."""

import itertools
from collections.abc import AsyncIterator, Iterator

import pytest

from adapters.storage.store import Store
from tests.contracts.servers import SERVERS, Server

PREFIXES = (f"t{number}" for number in itertools.count())
"""Each test has keys of its own, so that one server serves them all."""


@pytest.fixture(scope="session", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    running = SERVERS[request.param]()
    yield running
    running.stop()


@pytest.fixture
def prefix() -> str:
    return next(PREFIXES)


@pytest.fixture
async def store(server: Server, prefix: str) -> AsyncIterator[Store]:
    """A store that is prepared, as one process has it."""
    opened = server.store(prefix)
    await opened.prepare()
    yield opened
    await opened.close()


@pytest.fixture
async def other(server: Server, prefix: str) -> AsyncIterator[Store]:
    """The same store as another process has it."""
    opened = server.store(prefix)
    await opened.prepare()
    yield opened
    await opened.close()
