"""Tests that an agent's message stays visible on the page, whoever is assigned and whatever the agent allowed."""

from adapters.web.page.history import past
from tests.adapters.web.support.agent import Agent, Customer
from tests.adapters.web.support.site import Place


async def test_what_the_agent_said_stays_in_sight(
    place: Place, ana: Agent, ben: Agent, maria: Customer
) -> None:
    """Another card of the same kind does not move the message into the history."""
    await ana.do(await maria.at(), "claim")
    await ana.do(await maria.at(), "reply", text="Is it plugged in?")
    await ana.do(await maria.at(), "allow")
    await ben.do(await maria.at(), "transfer", to=f"agent:{ben.account.id}")
    await ben.do(await maria.at(), "reply", text="And switched on?")
    screen = await place.app.look(maria.id)
    assert screen is not None
    shown = past(screen)
    agents = [str(said.words) for said in shown.since if said.who == "agent"]
    assert agents == ["<p>Is it plugged in?</p>", "<p>And switched on?</p>"]
    assert not any(said.who == "agent" for part in shown.parts for said in part.lines)
    assert [part.title for part in shown.parts][-1:] != ["You're talking to Ben"]
