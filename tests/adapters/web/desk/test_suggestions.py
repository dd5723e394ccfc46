"""Tests that agents see on the desk what the bot asks a customer, and later that it was asked."""

from collections.abc import AsyncIterator

import pytest

from flows.events import Dismissed, Said
from tests.adapters.web.desk.test_replay import screen
from tests.adapters.web.support.agent import Agent, Customer
from tests.adapters.web.support.site import Place, open_place
from tests.fakes.encoder import WordEncoder

QUESTION = "Sounds like it&#39;s working now. Is it fixed?"


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """Make a site that measures what words likely mean."""
    async with open_place(encoder=WordEncoder()) as opened:
        yield opened


async def test_the_customers_screen_has_the_open_question_without_working_buttons(
    ana: Agent, maria: Customer
) -> None:
    at = await maria.at()
    await maria.does(Said(text="we are sailing again", turn=at.turn))
    await ana.open(f"/desk/c/{maria.id}")
    shown = screen(ana.page)
    assert QUESTION in shown
    assert "Yes, fixed" in shown
    await maria.does(Dismissed(turn=at.turn))
    assert QUESTION not in screen((await ana.open(f"/desk/c/{maria.id}")).page)
    last = (await maria.at()).version
    assert QUESTION in screen((await ana.open(f"/desk/c/{maria.id}/path?at={last - 1}")).page)
