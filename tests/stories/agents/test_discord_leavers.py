"""Tests customers who leave the server: agents learn of it, and no mark says that a reply arrived."""

from collections.abc import AsyncIterator

import pytest

from flows.conversation import Status
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in
from tests.stories.agents.support.discord_room import Desk, open_desk
from tests.stories.agents.test_lost_places import acts

__all__ = ["stand_in"]

LEFT = "The customer left the server"


@pytest.fixture
async def desk(stand_in: Discord) -> AsyncIterator[Desk]:
    """Ana asks for help, Max and Kim are agents; the bot may not list members."""
    async with open_desk(stand_in) as opened:
        yield opened


@pytest.mark.row("discord", "The customer left the server")
async def test_a_reply_to_a_customer_who_left_gets_a_warning_until_they_are_back(desk: Desk) -> None:
    theirs = await desk.asked()
    assert list((await desk.write(desk.max, "! Which lamp?")).reactions) == ["✅"]
    await desk.ana.leaves()
    desk.shop.clock.ahead += 60
    for text in ("! Are you there?", "! Hello?"):
        line = await desk.max.writes(desk.thread, text)
        await desk.discord.until(lambda: line.reactions)  # noqa: B023  # awaited at once
        await desk.quiet()
        assert list(line.reactions) == ["⚠️"]
        assert "Max's reply didn't reach Ana: the customer left the server" in desk.lines[-1].text
    assert "Are you there" not in desk.shown_to_ana(theirs)
    assert len([one for one in await acts(desk) if one.startswith(LEFT)]) == 1
    desk.shop.guild.member(desk.ana)
    line = await desk.write(desk.max, "! Welcome back")
    assert list(line.reactions) == ["✅"]
    assert desk.ana.id in theirs.members
    await desk.ana.writes(theirs, "thanks")
    await desk.discord.until(lambda: "thanks" in desk.lines[-1].text)


async def test_agents_learn_at_once_that_a_customer_left_where_the_bot_may_list_members(
    stand_in: Discord,
) -> None:
    stand_in.world.settings.members = True
    async with open_desk(stand_in) as desk:
        await desk.asked()
        await desk.ana.leaves()
        await desk.discord.until(lambda: LEFT in desk.lines[-1].text)
        await desk.quiet()
        assert (await desk.at()).status is Status.WAITING


async def test_direct_messages_to_a_customer_who_left_say_that_they_left(desk: Desk) -> None:
    await desk.asked_directly()
    await desk.ana.leaves()
    line = await desk.max.writes(desk.thread, "! Are you there?")
    await desk.discord.until(lambda: line.reactions)
    await desk.quiet()
    assert list(line.reactions) == ["⚠️"]
    assert "the customer left the server" in desk.lines[-1].text
