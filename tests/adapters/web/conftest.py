"""What most of these tests begin with: a site, and somebody who asks."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.adapters.web.support.site import Place, open_place
from tests.adapters.web.support.visitor import Browser


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """A site on a store in memory."""
    async with open_place() as opened:
        yield opened


@pytest.fixture
async def client(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    """A program that asks it."""
    async with place.client() as opened:
        yield opened


@pytest.fixture
async def browser(client: httpx.AsyncClient) -> Browser:
    """A browser on its front page."""
    return await Browser(client).open("/")
