"""Tests the assignee for every place of agents: two claim at once, or another team has the ticket in its own room."""

import asyncio

import pytest

from flows.conversation import Status
from tests.stories.pairs.support.pairs import ON_THE_PAGE, Pair, joined


@pytest.mark.parametrize("pair", ON_THE_PAGE, indirect=True, ids=joined)
async def test_of_two_claims_at_once_one_wins_and_the_other_is_told_who(pair: Pair) -> None:
    customer, agent, colleague = pair.customer, pair.agent, pair.colleague
    await customer.asks_for_a_person()
    await agent.sees("Plug it in")
    async with customer.happens():
        await asyncio.gather(agent.claim(), colleague.claim())
    held = await customer.at()
    winner, loser = (agent, colleague) if held.holder_name == agent.name else (colleague, agent)
    await customer.is_at(Status.WITH_AGENT, held_by=winner.name)
    await loser.is_told(f"is assigned to {winner.name}")
    assert winner.name not in await winner.told()
    await winner.sees_at_a_glance(winner.name)


@pytest.mark.parametrize("pair_and_safety", ON_THE_PAGE, indirect=True, ids=joined)
async def test_another_team_has_it_in_its_own_room_on_another_platform(pair_and_safety: Pair) -> None:
    pair = pair_and_safety
    customer, agent, another = pair.customer, pair.agent, pair.another
    await customer.asks_for_a_person()
    await agent.replies("This is for others")
    await agent.notes("smells of smoke")
    await agent.transfers_to_team("safety")
    await customer.is_at(Status.WAITING, team="safety")
    await another.sees("Plug it in", "This is for others", "smells of smoke")
    if agent.platform != "desk":
        await agent.sees_at_a_glance("➡️")
    await another.claims()
    await customer.says("It smells by now")
    await another.sees("It smells by now")
    assert agent.platform == "desk" or "It smells by now" not in "\n".join(await agent.lines())
    await another.replies("Unplug it, please")
    await customer.sees(another.name, "Unplug it, please")
    await another.resolves()
    await customer.is_at(Status.RESOLVED)
