"""Tests an agent who writes in the customer's own place: a claim in private, a pause of the guide elsewhere."""

from collections.abc import Awaitable, Callable
from itertools import product as every

import pytest

from flows.conversation import Status
from tests.stories.pairs.support.agent import Agent
from tests.stories.pairs.support.customer import Customer
from tests.stories.pairs.support.customers import HELP, InAPost, InDiscord, InSlack
from tests.stories.pairs.support.pairs import AGENTS
from tests.stories.pairs.support.product import CHATS, Product, open_product

PRIVATE: dict[str, type[InSlack | InDiscord]] = {
    "a private channel in Slack": InSlack,
    "a private thread in Discord": InDiscord,
}
PUBLIC: dict[str, type[InSlack | InDiscord]] = {
    "a public channel in Slack": InSlack,
    "a post": InAPost,
}

Write = Callable[[str], Awaitable[object]]


def coming_along(customer: Customer, *, private: bool) -> Write:
    """Max, who is an agent, sees the customer's place and writes there."""
    if isinstance(customer, InSlack):
        person = customer.slack.person("U9MAX", name="Max")
        customer.slack.workspace.channels[HELP].is_private = private
        return lambda text: person.writes(HELP, text, thread=customer.thread)
    assert isinstance(customer, InDiscord)
    max_ = next(one for one in customer.discord.world.people.values() if one.name == "Max")
    return lambda text: max_.writes(customer.place, text)


def watching(product: Product, customer: Customer, agents: str) -> Agent:
    """Kim, in the room of the team."""
    return AGENTS[agents](product, customer, "Kim")


@pytest.mark.parametrize(("place", "agents"), tuple(every(PRIVATE, AGENTS)))
async def test_it_is_a_claim_and_a_reply_and_the_bot_is_silent_until_it_is_handed_back(
    place: str, agents: str
) -> None:
    here = PRIVATE[place]
    rooms = {"": agents} if agents in CHATS else {}
    async with open_product({here.platform, agents}, rooms=rooms) as product:
        customer = here(product)
        kim = watching(product, customer, agents)
        await customer.asks_for_a_person()
        await kim.sees("Plug it in")
        writes = coming_along(customer, private=True)
        async with customer.happens():
            await writes("I am next door and come over")
        await customer.is_at(Status.WITH_AGENT)
        holder = (await customer.at()).holder_name
        assert holder.lower() == "max"
        await kim.sees("I am next door and come over", holder)
        await customer.may_press_nothing("It works now", "Whole", "Talk to a person")
        before = await customer.messages()
        async with customer.happens():
            await writes("!not a command here, and no note either")
        await customer.says("lamp is dark, still")
        await kim.sees("no note either", "lamp is dark, still")
        assert await customer.messages() == before
        await takes_over(kim)
        await kim.hands_back("switch")
        await customer.is_at(Status.GUIDING, "switch")
        await customer.presses("Fixed it")
        await customer.is_at(Status.RESOLVED)


async def takes_over(agent: Agent) -> None:
    """What another has, an agent takes knowingly."""
    async with agent.customer.happens():
        await agent.claim()
        await agent.is_told("is assigned to")
        await agent.take_over()


@pytest.mark.parametrize("place", PRIVATE)
async def test_while_the_bot_still_guides_it_is_a_claim_too_and_opens_a_ticket(place: str) -> None:
    here = PRIVATE[place]
    agents = "discord" if here.platform == "slack" else "slack"
    async with open_product(CHATS, rooms={"": agents}) as product:
        customer = here(product)
        kim = watching(product, customer, agents)
        await customer.comes()
        assert await kim.lines() == []
        writes = coming_along(customer, private=True)
        async with customer.happens():
            await writes("Let me look at it")
        await customer.is_at(Status.WITH_AGENT)
        assert (await customer.at()).ticket_open
        await customer.may_press_nothing("Still failing", "Fixed it", "Talk to a person")
        await kim.sees("Let me look at it")


@pytest.mark.parametrize("place", PUBLIC)
async def test_where_anyone_can_write_it_pauses_the_guide_once_and_claims_nothing(place: str) -> None:
    here = PUBLIC[place]
    async with open_product(CHATS, rooms={"": here.platform}) as product:
        customer = here(product)
        kim = watching(product, customer, here.platform)
        await customer.comes()
        await customer.presses("Still failing")
        writes = coming_along(customer, private=False)
        async with customer.happens():
            await writes("Same here.")
        await customer.is_at(Status.GUIDING, "bulb")
        assert (await customer.at()).holder == ""
        assert "is writing here" in (await customer.messages())[-1]
        await customer.may_press_nothing("Whole", "Broken")
        silent = await customer.messages()
        async with customer.happens():
            await writes("Mine too!")
        assert await customer.messages() == silent
        await customer.presses("Continue the guide")
        await customer.is_at(Status.GUIDING, "bulb")
        silent = await customer.messages()
        async with customer.happens():
            await writes("And mine.")
        assert await customer.messages() == silent, "who continued the guide is not interrupted again"
        await customer.presses("Whole")
        await customer.presses(customer.for_a_person)
        await kim.sees("Look at the bulb")
        async with customer.happens():
            await writes("It may be the fuse.")
        await customer.is_at(Status.WAITING)
        await kim.sees("It may be the fuse.")
        await kim.sees_at_its_head("Needs reply")
        await kim.replies("I'll send you a new lamp.")
        await customer.is_at(Status.WITH_AGENT, held_by=kim.name)
        await kim.sees_at_its_head("Waiting on customer")
