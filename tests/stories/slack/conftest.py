"""What these stories begin with: an office in Slack."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.slack.support.workspace import Office, open_office


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Ana, Ben, Max and Cleo, and a bot that knows of lamps."""
    async with open_office() as opened:
        yield opened
