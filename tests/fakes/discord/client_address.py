"""Points the real client library at a stand-in, and back."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import discord as library
import pytest_asyncio
import yarl
from discord.gateway import DiscordWebSocket

from tests.fakes.discord.whole import Discord


@contextmanager
def pointed_at(api: str, gateway_url: str) -> Iterator[None]:
    """Let discord.py in this process use a stand-in instead of discord.com."""
    base, gateway = library.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    library.http.Route.BASE = api
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    try:
        yield
    finally:
        library.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest_asyncio.fixture
async def stand_in() -> AsyncIterator[Discord]:
    """Run a stand-in and point discord.py at it. The intent for content is on, that for members is off."""
    async with Discord.running() as discord:
        with pointed_at(discord.api, discord.gateway_url):
            yield discord
