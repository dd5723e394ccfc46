"""What these stories begin with: a stand-in for Discord, and a bot in it that knows of lamps."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.discord.support.workspace import Workshop, workshop
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in

__all__ = ["stand_in"]


@pytest.fixture
async def shop(stand_in: Discord) -> AsyncIterator[Workshop]:
    """Ana is a member with a room, and Ben is another; Max is an agent."""
    async with workshop(stand_in) as opened:
        yield opened
