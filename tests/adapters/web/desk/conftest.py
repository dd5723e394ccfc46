"""Provides two agents, an admin, and a customer who asked for a person."""

from collections.abc import AsyncIterator

import httpx
import pytest

from flows.events import Answered, Escalated
from tests.adapters.web.support.agent import Agent, Customer, signed_in
from tests.adapters.web.support.site import Place


@pytest.fixture
async def second(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    async with place.client() as opened:
        yield opened


@pytest.fixture
async def ana(place: Place, client: httpx.AsyncClient) -> Agent:
    return await signed_in(place, client, "Ana")


@pytest.fixture
async def ben(place: Place, second: httpx.AsyncClient) -> Agent:
    return await signed_in(place, second, "Ben")


@pytest.fixture
async def chief(place: Place, second: httpx.AsyncClient) -> Agent:
    return await signed_in(place, second, "Chief", "admin")


@pytest.fixture
async def maria(place: Place) -> Customer:
    """Let Maria try a step and wait for a person."""
    customer = Customer(place)
    await customer.come()
    await customer.does(Answered(choice="still-failing"))
    await customer.does(Escalated())
    return customer
