"""Tests a platform that is down for a minute, for every pair with one: everything arrives once and in order."""

import pytest

from flows.conversation import Status
from tests.stories.pairs.support.customer import in_order
from tests.stories.pairs.support.pairs import PAIRS, open_pair
from tests.stories.pairs.support.product import CHATS

WORDS = ("first of all", "and then", "at last")


@pytest.mark.parametrize(("customer", "agent"), [pair for pair in PAIRS if pair[1] in CHATS])
async def test_what_the_customer_says_while_the_agents_platform_is_down(customer: str, agent: str) -> None:
    async with open_pair(customer, agent) as pair:
        await pair.customer.asks_for_a_person()
        await pair.agent.claims()
        async with pair.product.down(agent):
            for words in WORDS:
                async with pair.customer.records():
                    await pair.customer.say(words)
        await pair.agent.sees(*WORDS)
        in_order(await pair.agent.lines(), *WORDS)
        await pair.agent.replies("I read all of it")
        await pair.customer.sees("I read all of it")


@pytest.mark.parametrize("customer", ["web", "discord"])
async def test_a_ticket_that_is_opened_while_slack_is_down_has_one_thread_with_all_in_it(
    customer: str,
) -> None:
    await _opened_late(customer, "slack")


@pytest.mark.parametrize("customer", ["web", "slack"])
async def test_a_ticket_that_is_opened_while_discord_is_down_has_one_thread_with_all_in_it(
    customer: str,
) -> None:
    await _opened_late(customer, "discord")


async def _opened_late(customer: str, agent: str) -> None:
    async with open_pair(customer, agent) as pair:
        await pair.customer.comes()
        async with pair.product.down(agent):
            async with pair.customer.records():
                await pair.customer.press("Talk to a person")
            for words in WORDS:
                async with pair.customer.records():
                    await pair.customer.say(words)
        await pair.agent.sees(*WORDS)
        shown = await pair.agent.lines()
        assert "\n".join(shown[1:]).count(WORDS[-1]) <= 1
        assert (await pair.agent.head()).count("The lamp stays dark") == 1


@pytest.mark.parametrize(("customer", "agent"), [pair for pair in PAIRS if pair[0] in CHATS])
async def test_what_an_agent_replies_while_the_customers_platform_is_down(customer: str, agent: str) -> None:
    async with open_pair(customer, agent) as pair:
        await pair.customer.asks_for_a_person()
        await pair.agent.claims()
        sent = []
        async with pair.product.down(customer):
            for words in WORDS:
                async with pair.customer.records():
                    sent.append(await pair.agent.reply(words))
        await pair.customer.sees(*WORDS)
        in_order(await pair.customer.messages(), *WORDS)
        for line in sent:
            await pair.agent.sees_mark(line, "delivered")


@pytest.mark.parametrize(("customer", "agent"), [pair for pair in PAIRS if pair[0] in CHATS])
async def test_a_step_that_waits_to_be_sent_is_not_sent_once_an_agent_has_claimed(
    customer: str, agent: str
) -> None:
    async with open_pair(customer, agent) as pair:
        await pair.customer.asks_for_a_person()
        await pair.agent.claims()
        await pair.agent.hands_back("plug")
        await pair.customer.may_press("Still failing")
        async with pair.product.down(customer):
            async with pair.customer.records():
                await pair.customer.say("start over")
            async with pair.customer.records():
                await pair.agent.claim_by_word()
        await pair.customer.is_at(Status.WITH_AGENT, held_by=pair.agent.name)
        await pair.customer.may_press_nothing("Still failing", "Fixed it", "Talk to a person")
