"""Tests two teams with their own rooms, on one platform or two, and a room that the bot cannot reach."""

import asyncio
from itertools import product as every

import pytest

from bot.ports import Letter
from flows.conversation import Status
from tests.stories.pairs.support.customers import OnThePage
from tests.stories.pairs.support.desks import AtTheDesk
from tests.stories.pairs.support.product import CHATS, TEAM_ROOMS, Product, eventually, open_product
from tests.stories.pairs.support.rooms import InDiscord, InSlack

ROOMS: dict[str, type[InSlack | InDiscord]] = {"slack": InSlack, "discord": InDiscord}


class AtTheFire(OnThePage):
    """Somebody else, whose problem is of another team."""

    flow, begins = "fire", "Unplug it"


@pytest.mark.parametrize(("default", "safety"), tuple(every(CHATS, CHATS)))
async def test_each_team_has_its_own_tickets_and_no_other(default: str, safety: str) -> None:
    async with open_product({default, safety}, rooms={"": default, "safety": safety}) as product:
        ana, eve = OnThePage(product), AtTheFire(product)
        max_ = ROOMS[default](product, ana, "Max")
        kim = ROOMS[safety](product, eve, "Kim", room=1)
        await ana.comes()
        await eve.comes()
        async with ana.happens(), eve.happens():
            await asyncio.gather(ana.press("Talk to a person"), eve.press("Talk to a person"))
        await max_.sees_at_a_glance("The lamp stays dark")
        await kim.sees_at_a_glance("It smells of smoke")
        await asyncio.gather(max_.replies("Is it plugged in?"), kim.replies("Leave the house"))
        await ana.sees("Is it plugged in?")
        await eve.sees("Leave the house")
        await asyncio.gather(ana.says("It is, in fact"), eve.says("I am outside"))
        await max_.sees("It is, in fact")
        await kim.sees("I am outside")
        assert len(max_.heads) == len(kim.heads) == 1
        assert "smoke" not in "\n".join([await max_.head(), *await max_.lines()])
        assert "lamp" not in "\n".join([await kim.head(), *await kim.lines()])
        assert "Leave the house" not in await ana.sent()
        assert "Is it plugged in?" not in await eve.sent()


@pytest.mark.parametrize("platform", CHATS)
async def test_a_room_that_cannot_be_reached_keeps_nobody_from_being_helped(platform: str) -> None:
    async with open_product({platform}, rooms={"": platform, "safety": platform}) as product:
        lock_out(product, platform)
        ana, eve = OnThePage(product), AtTheFire(product)
        max_ = ROOMS[platform](product, ana, "Max")
        await eve.comes()
        await eve.presses("Talk to a person")
        await eve.is_at(Status.WAITING, team="safety")
        await eve.sees("Ticket")
        (dead,) = await buried(product)
        assert dead.conversation == eve.conversation
        await ana.comes()
        await ana.presses("Talk to a person")
        await max_.replies("Your team is there")
        await ana.sees("Your team is there")
        at_the_desk = AtTheDesk(product, eve, "Kim")
        await at_the_desk.replies("So is somebody at the desk")
        await eve.sees("So is somebody at the desk")


def lock_out(product: Product, platform: str) -> None:
    """The bot is not in the room of Safety, or does not see it."""
    if platform == "slack":
        assert product.slack is not None
        workspace = product.slack.workspace
        workspace.channels[TEAM_ROOMS["slack"][1]].members.discard(workspace.bot_user)
        return
    assert product.discord is not None
    product.discord.removes(product.discord.world.channels[int(product.rooms["discord"][1])])


async def buried(product: Product) -> tuple[Letter, ...]:
    """The dead letters, once there are some."""

    async def some() -> object:
        return await product.app.store.backlog.buried()

    await eventually(some, product.app.store.backlog.waiting)
    return await product.app.store.backlog.buried()
