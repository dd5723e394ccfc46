"""Provides a customer in one place and two agents in another, for every pair of places."""

from collections.abc import AsyncIterator

import pytest

from tests.stories.pairs.support.pairs import PAIRS, Pair, joined, open_pair


@pytest.fixture(params=PAIRS, ids=joined)
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    """Open a product for a story of two places."""
    async with open_pair(*request.param) as opened:
        yield opened


@pytest.fixture(params=PAIRS, ids=joined)
async def pair_and_safety(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    """Open a product with another team, whose channel is on another platform and which is alerted second."""
    customer, agent = request.param
    elsewhere = "discord" if agent == "slack" else "slack"
    async with open_pair(customer, agent, elsewhere, FALLBACK_TEAM="safety") as opened:
        yield opened
