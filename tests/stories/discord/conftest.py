"""Provides Discord's stand-in, with a bot that offers the lamp's guide."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.discord.support.workspace import Workshop, workshop
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in

__all__ = ["stand_in"]


@pytest.fixture
async def shop(stand_in: Discord) -> AsyncIterator[Workshop]:
    """Run a product where Ana is a member with a channel, Ben another member, and Max an agent."""
    async with workshop(stand_in) as opened:
        yield opened
