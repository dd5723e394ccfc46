"""Tests silence on either side, once for each place: no agent claims, or the customer leaves, and timers ring."""

import pytest

from flows.conversation import Status
from tests.stories.pairs.support.pairs import EACH_ONCE, Pair, joined


@pytest.mark.parametrize("pair_and_safety", EACH_ONCE, indirect=True, ids=joined)
async def test_nobody_comes_so_they_are_called_again_then_others_every_day_until_someone_answers(
    pair_and_safety: Pair,
) -> None:
    pair = pair_and_safety
    customer, agent, another = pair.customer, pair.agent, pair.another
    await customer.asks_for_a_person()
    await agent.sees("Plug it in")
    assert await another.lines() == []
    await pair.product.later()
    await agent.sees("has claimed ticket")
    await pair.product.later()
    await customer.is_at(Status.WAITING, team="safety")
    await another.sees("Plug it in")
    for _day in range(2):
        await pair.product.later()
        await customer.is_at(Status.WAITING, team="safety")
    await another.sees("remind you every day")
    await another.replies("Here I am")
    await customer.sees(another.name, "Here I am")


@pytest.mark.parametrize("pair", EACH_ONCE, indirect=True, ids=joined)
async def test_the_customer_leaves_an_agent_and_is_asked_closed_kindly_and_has_them_back(pair: Pair) -> None:
    customer, agent = pair.customer, pair.agent
    await customer.asks_for_a_person()
    await agent.replies("Did it help?")
    await agent.sees_at_its_head("Waiting on customer")
    await pair.product.later()
    await customer.sees("is waiting for your answer")
    await customer.is_at(Status.WITH_AGENT, held_by=agent.name)
    await pair.product.later()
    await customer.is_at(Status.CLOSED)
    await agent.sees("stayed quiet")
    await customer.presses("It's happening again")
    await customer.is_at(Status.WITH_AGENT, held_by=agent.name)
    await agent.replies("So it did not")
    await customer.sees("So it did not")


@pytest.mark.parametrize("pair", EACH_ONCE, indirect=True, ids=joined)
async def test_the_customer_leaves_the_bot_and_goes_on_where_they_were(pair: Pair) -> None:
    customer, agent = pair.customer, pair.agent
    await customer.asks_for_a_person()
    await agent.claims()
    await agent.hands_back("switch")
    await pair.product.later()
    await customer.sees("How's it going? You stopped at")
    await pair.product.later()
    await customer.is_at(Status.CLOSED)
    await customer.sees("It's been quiet")
    await customer.presses("It's happening again")
    await customer.is_at(Status.GUIDING, "switch")
    await customer.presses("Fixed it")
    await customer.is_at(Status.RESOLVED)
