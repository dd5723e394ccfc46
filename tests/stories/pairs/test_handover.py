"""Who has it, for every pair of places: two at once, released, handed on to a colleague or to another team's room."""

import asyncio

from flows.conversation import Status
from tests.stories.pairs.support.pairs import Pair


async def test_of_two_claims_at_once_one_wins_and_the_other_is_told_who(pair: Pair) -> None:
    customer, agent, colleague = pair.customer, pair.agent, pair.colleague
    await customer.asks_for_a_person()
    await agent.sees("Plug it in")
    async with customer.happens():
        await asyncio.gather(agent.claim(), colleague.claim())
    held = await customer.at()
    winner, loser = (agent, colleague) if held.held_by == agent.name else (colleague, agent)
    await customer.is_at(Status.WITH_AGENT, held_by=winner.name)
    await loser.is_told(f"is assigned to {winner.name}")
    assert winner.name not in await winner.told()
    await winner.sees_at_a_glance(winner.name)


async def test_released_it_waits_for_anybody_and_is_handed_to_a_colleague(pair: Pair) -> None:
    customer, agent, colleague = pair.customer, pair.agent, pair.colleague
    await customer.asks_for_a_person()
    await agent.claims()
    await agent.releases()
    await customer.is_at(Status.WAITING, held_by="")
    await colleague.replies("I have taken it over")
    await customer.is_at(Status.WITH_AGENT, held_by=colleague.name)
    await colleague.transfers(agent)
    await customer.is_at(Status.WITH_AGENT, held_by=agent.name)
    await agent.replies("And I again")
    await customer.sees(colleague.name, "I have taken it over", agent.name, "And I again")


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
