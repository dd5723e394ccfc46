"""Runs a test once per server if it uses `server`, `store` or `other`, and once per place if it uses `place`."""

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from adapters.storage.store import Store
from tests.contracts.support.agents_places import PLACES, AgentsPlaces, Place
from tests.contracts.support.servers import SERVERS, Server

PREFIXES = (f"t{number}" for number in itertools.count())
"""Prefixes of keys, one per test, so that one server serves all tests."""


@pytest.fixture(scope="session")
def running() -> Iterator[Callable[[str], Server]]:
    """Return servers by name, each started on first use."""
    started: dict[str, Server] = {}

    def named(name: str) -> Server:
        if name not in started:
            started[name] = SERVERS[name]()
        return started[name]

    yield named
    for server in started.values():
        server.stop()


@pytest.fixture(scope="session", params=SERVERS)
def server(request: pytest.FixtureRequest, running: Callable[[str], Server]) -> Server:
    return running(request.param)


@pytest.fixture(scope="session", params=["valkey", "redis"])
def real(request: pytest.FixtureRequest, running: Callable[[str], Server]) -> Server:
    """Return a real server, for what a stand-in cannot show: memory, and the load of many clients."""
    return running(request.param)


@pytest.fixture
def prefix() -> str:
    return next(PREFIXES)


@pytest.fixture
async def store(server: Server, prefix: str) -> AsyncIterator[Store]:
    """Return a prepared store, as one process has it."""
    opened = server.store(prefix)
    await opened.prepare()
    yield opened
    await opened.close()


@pytest.fixture
async def other(server: Server, prefix: str) -> AsyncIterator[Store]:
    """Return the same store as another process has it."""
    opened = server.store(prefix)
    await opened.prepare()
    yield opened
    await opened.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def agents_places() -> AsyncIterator[AgentsPlaces]:
    """Open Slack, Discord and the desk once each."""
    async with AsyncExitStack() as stack:
        yield AgentsPlaces(stack)


@pytest_asyncio.fixture(params=PLACES, loop_scope="session")
async def place(request: pytest.FixtureRequest, agents_places: AgentsPlaces) -> AsyncIterator[Place]:
    """Return an agents' place with a new customer, and check at the end that the customer got no note."""
    opened = await agents_places.place(request.param)
    yield opened
    await opened.no_note_was_sent()
