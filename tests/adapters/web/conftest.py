"""Provides a site, a client and a browser."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.adapters.web.support.site import Place, open_place
from tests.adapters.web.support.visitor import Browser


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """Make a site on a store in memory."""
    async with open_place() as opened:
        yield opened


@pytest.fixture
async def client(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    """Make a client of the site, as a program has it."""
    async with place.client() as opened:
        yield opened


@pytest.fixture
async def browser(client: httpx.AsyncClient) -> Browser:
    """Open a browser on the front page."""
    return await Browser(client).open("/")
