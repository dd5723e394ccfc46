"""What these stories begin with: a room in Slack where agents talk."""

from collections.abc import AsyncIterator

import pytest

from tests.stories.agents.support.slack_room import Room, open_room


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """Ana asks for help, Max and Kim are agents."""
    async with open_room() as opened:
        yield opened
