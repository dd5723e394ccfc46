"""Tests that page and REST API say truly who answers a ticket: our agents, or a team that the customer emails."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.web.api.responses import state
from flows.acts import Claimed
from flows.flow import Team
from tests.adapters.web.support.site import Place, open_place
from tests.adapters.web.support.visitor import Browser
from tests.fakes.flows import lamp

SEES = "so you won't have to repeat yourself"
EMAIL = "help@lamps.example"


@pytest.fixture
async def shop() -> AsyncIterator[Place]:
    """Serve three lamps: of our own team, of an external team, and of an external team without an address."""
    teams = {
        "own": Team(id="maker", name="the lamp maker"),
        "external": Team(id="maker", name="the lamp maker", email=EMAIL, external=True),
        "unaddressed": Team(id="maker", name="the lamp maker", external=True),
    }
    flows = [
        lamp().model_copy(update={"id": name, "title": name, "start": (), "teams": (team,)})
        for name, team in teams.items()
    ]
    async with open_place(*flows) as opened:
        yield opened


async def asked(shop: Place, flow: str) -> Browser:
    """Return the page of a customer of that lamp who has asked for a person at the first step."""
    browser = await Browser(shop.client()).open("/")
    return await (await browser.press(f"flow:{flow}")).press("escalate")


async def ticket(shop: Place, browser: Browser) -> dict[str, Any]:
    """Return the ticket as a program gets it."""
    screen = await shop.app.look(browser.path.rpartition("/")[2])
    assert screen is not None
    shown = state(screen).ticket
    assert shown is not None
    return shown.model_dump()


async def agent_comes(shop: Place, browser: Browser) -> None:
    claimed = Claimed(actor="desk:max", name="Max", key="claim", conversation=browser.path.rpartition("/")[2])
    outcome = await shop.app.receive(claimed)
    assert outcome is not None
    assert outcome.refusal is None
    await browser.open(browser.path)


async def test_our_own_agents_reply_in_the_conversation(shop: Place) -> None:
    browser = await asked(shop, "own")
    assert "The lamp maker will reply here. They can see this conversation" in browser.text
    assert "can't see" not in browser.text
    assert not (await ticket(shop, browser))["external"]


async def test_an_external_team_is_emailed_until_an_agent_is_assigned(shop: Place) -> None:
    browser = await asked(shop, "external")
    assert (
        f"This ticket is for the lamp maker. They can't see this conversation, so email {EMAIL}"
        in browser.text
    )
    assert SEES not in browser.text
    assert "will reply here" not in browser.text
    assert (await ticket(shop, browser))["external"]
    assert (await ticket(shop, browser))["email"] == EMAIL
    await agent_comes(shop, browser)
    assert "You're talking to Max" in browser.text
    assert f"mailto:{EMAIL}" not in browser.page
    assert not (await ticket(shop, browser))["external"]
    assert (await ticket(shop, browser))["email"] == ""


async def test_an_external_team_without_an_address_is_stood_in_for_by_our_own(shop: Place) -> None:
    browser = await asked(shop, "unaddressed")
    assert (
        "Our support team will reply here, because I have no email address for the lamp maker."
        in browser.text
    )
    assert (await ticket(shop, browser))["email"] == ""
    assert not (await ticket(shop, browser))["external"]


async def test_nothing_is_called_tried_before_an_answer(shop: Place) -> None:
    browser = await asked(shop, "own")
    await agent_comes(shop, browser)
    assert "Earlier in this conversation" in browser.text
    assert "tried so far" not in browser.text


async def test_without_a_step_the_ticket_does_not_speak_of_one(browser: Browser) -> None:
    await browser.press("person")
    assert "While you wait, you can choose your problem below and try its guide." in browser.text
    assert "the step below" not in browser.text
