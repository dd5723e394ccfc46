"""What these stories begin with: a customer in one place and two agents in another, for every pair of places."""

from collections.abc import AsyncIterator

import pytest

from tests.stories.pairs.support.pairs import PAIRS, Pair, joined, open_pair


@pytest.fixture(params=PAIRS, ids=joined)
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    """All that is needed for a story of two places."""
    async with open_pair(*request.param) as opened:
        yield opened


@pytest.fixture(params=PAIRS, ids=joined)
async def pair_and_safety(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    """The same with another team, which has its room elsewhere and is called when nobody comes."""
    customer, agent = request.param
    elsewhere = "discord" if agent == "slack" else "slack"
    async with open_pair(customer, agent, elsewhere, FALLBACK_TEAM="safety") as opened:
        yield opened
