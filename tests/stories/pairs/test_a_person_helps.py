"""Tours every pair of places: an agent claims, helps, hands back or resolves, and no note leaks."""

import pytest

from flows.conversation import Status
from tests.stories.pairs.support.agent import NOTE
from tests.stories.pairs.support.customer import in_order
from tests.stories.pairs.support.customers import CUSTOMERS
from tests.stories.pairs.support.pairs import EACH_ONCE, IN_CHATS, Pair, joined, open_pair


@pytest.mark.parametrize("pair", IN_CHATS, indirect=True, ids=joined)
async def test_from_asking_for_a_person_to_fixed_with_the_bot(pair: Pair) -> None:
    customer, agent = pair.customer, pair.agent
    await customer.asks_for_a_person()
    await customer.sees(f"#{(await customer.at()).ticket}")
    await agent.sees("Plug it in", "Still failing")
    await agent.claims()
    await customer.is_at(Status.WITH_AGENT, held_by=agent.name)
    await agent.sees_at_a_glance(customer.name, agent.name)
    await customer.may_press_nothing("Still failing", "Fixed it", "Whole", "It works now")
    await agent.replies("Is the <plug> *in*?")
    await customer.sees(agent.name, "plug")
    await agent.notes("forgets the plug")
    await customer.says("Yes, it is in")
    await agent.sees("Yes, it is in")
    await agent.hands_back("switch", "bulb")
    await customer.is_at(Status.GUIDING, "switch")
    await customer.sees("Press the switch")
    await customer.presses("Fixed it")
    await customer.is_at(Status.RESOLVED)
    screen = await pair.product.app.look(customer.conversation)
    assert screen is not None
    assert [(row.step, row.answer, row.by) for row in screen.tried] == [
        ("plug", "Still failing", ""),
        ("bulb", "Done", agent.name),
        ("switch", "Fixed it", ""),
    ]
    await agent.sees(NOTE)


@pytest.mark.parametrize("pair", IN_CHATS, indirect=True, ids=joined)
async def test_an_agent_solves_it_and_what_is_for_the_record_stays_there(pair: Pair) -> None:
    customer, agent = pair.customer, pair.agent
    await customer.asks_for_a_person()
    await agent.replies("One moment")
    await customer.is_at(Status.WITH_AGENT, held_by=agent.name)
    for number in range(3):
        await agent.notes(f"between the lines {number}")
        await agent.replies(f"Line {number}")
    in_order(await customer.messages(), "One moment", "Line 0", "Line 1", "Line 2")
    await agent.resolves(text=f"{NOTE} on record")
    await customer.is_at(Status.RESOLVED)
    assert (await customer.at()).concluded == "Answered a question"
    await customer.may_press("It's happening again")
    await agent.sees(f"{NOTE} on record")


@pytest.mark.parametrize("pair", EACH_ONCE, indirect=True, ids=joined)
async def test_in_the_middle_of_guiding_an_agent_claims_and_an_old_button_says_who_it_is(pair: Pair) -> None:
    customer, agent = pair.customer, pair.agent
    await customer.asks_for_a_person()
    await agent.claims()
    await agent.hands_back("plug")
    await customer.presses("Still failing")
    await customer.is_at(Status.GUIDING, "bulb")
    kept = await customer.keeps("Whole")
    await agent.claims()
    await customer.may_press_nothing("Whole", "Broken", "Talk to a person")
    before = await customer.at()
    await customer.presses_kept(kept, "Whole")
    await customer.is_told(f"You're talking to {agent.name}")
    assert await customer.at() == before


@pytest.mark.parametrize("place", CUSTOMERS)
async def test_the_desk_claims_while_nobody_has_asked_for_a_person(place: str) -> None:
    async with open_pair(place, "desk") as pair:
        customer, agent = pair.customer, pair.agent
        await customer.comes()
        kept = await customer.keeps("Still failing")
        await agent.claims()
        await customer.is_at(Status.WITH_AGENT, held_by="Max")
        await customer.may_press_nothing("Still failing", "Talk to a person")
        await customer.presses_kept(kept, "Still failing")
        await customer.is_told("You're talking to Max")
        await agent.replies("I saw you were stuck")
        await customer.sees("I saw you were stuck")
