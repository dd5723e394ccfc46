"""A test that asks for `server`, `store` or `other` runs once per server, for `place` once per place."""

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from adapters.storage.store import Store
from tests.contracts.support.agents_places import PLACES, AgentsPlaces, Place
from tests.contracts.support.servers import SERVERS, Server

PREFIXES = (f"t{number}" for number in itertools.count())
"""Each test has keys of its own, so that one server serves them all."""


@pytest.fixture(scope="session")
def running() -> Iterator[Callable[[str], Server]]:
    """Servers by name, each started when it is first asked for."""
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
    """For what a stand-in cannot tell: memory, and the load of many at once."""
    return running(request.param)


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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def agents_places() -> AsyncIterator[AgentsPlaces]:
    """Slack, Discord and the desk, each opened once."""
    async with AsyncExitStack() as stack:
        yield AgentsPlaces(stack)


@pytest_asyncio.fixture(params=PLACES, loop_scope="session")
async def place(request: pytest.FixtureRequest, agents_places: AgentsPlaces) -> AsyncIterator[Place]:
    """An agents' place with a customer of this test's own, to whom no note was sent."""
    opened = await agents_places.place(request.param)
    yield opened
    await opened.no_note_was_sent()
