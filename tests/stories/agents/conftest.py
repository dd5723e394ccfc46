"""Provides an agents' channel in Slack."""

from collections.abc import AsyncIterator

import pytest

from tests.stories.agents.support.slack_room import Room, open_room


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """Run a product where Ana asks for help, and Max and Kim are agents."""
    async with open_room() as opened:
        yield opened
