"""Provides an issuer, and a site that trusts it."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.web.support.oidc_agent import trusting
from tests.adapters.web.support.site import Place
from tests.fakes.issuer import FakeIssuer, issuing


@pytest.fixture
async def acme() -> AsyncIterator[FakeIssuer]:
    async with issuing() as running:
        yield running


@pytest.fixture
async def place(acme: FakeIssuer) -> AsyncIterator[Place]:
    async with trusting(acme) as opened:
        yield opened
