"""Provides an office in Slack."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.slack.support.workspace import Office, open_office


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Run an office with Ana, Ben, Max and Cleo, and a bot that offers the lamp's guide."""
    async with open_office() as opened:
        yield opened
