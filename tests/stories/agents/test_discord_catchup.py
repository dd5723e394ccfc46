"""Tests that agents' messages in Discord while no process ran are read afterwards, in order and once."""

import fakeredis

from tests.adapters.discord.support.workspace import workshop
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in
from tests.stories.agents.support.discord_room import Desk, open_desk

__all__ = ["stand_in"]


async def test_what_was_typed_meanwhile_is_done_in_order_and_marked_once(stand_in: Discord) -> None:
    server = fakeredis.FakeServer(version=(7,))
    async with open_desk(stand_in, server=server) as before:
        theirs = await before.asked()
        heard = await before.write(before.max, "! I am looking at it")
        rooms = {"DESK_ROOM": f"discord:{before.room.id}"}
        thread = before.thread
    typed = [await before.max.writes(thread, words) for words in ("! First", "she sounds cross", "! Second")]
    for _time in range(2):
        async with workshop(stand_in, server, **rooms) as shop:
            desk = Desk(shop)
            await stand_in.until(lambda: all(line.reactions for line in typed))
            await desk.quiet()
            said = [one.text for one in stand_in.messages(theirs) if one.text.startswith("**Max**")]
            assert said == ["**Max**\nI am looking at it", "**Max**\nFirst", "**Max**\nSecond"]
            assert [list(line.reactions) for line in (heard, *typed)] == [["✅"], ["✅"], ["🔒"], ["✅"]]
            assert "cross" not in desk.shown_to_ana(theirs)


async def test_a_thread_that_was_opened_while_nobody_heard_is_read_from_its_beginning(
    stand_in: Discord,
) -> None:
    server = fakeredis.FakeServer(version=(7,))
    async with open_desk(stand_in, server=server) as before:
        at = await before.asked_on_the_page()
        rooms = {"DESK_ROOM": f"discord:{before.room.id}"}
        thread = before.thread
        await before.shop.app.store.bookmarks.remove("discord/threads", str(thread.id))
    line = await before.max.writes(thread, "! Hello Eve")
    async with workshop(stand_in, server, **rooms) as shop:
        await stand_in.until(lambda: line.reactions)
        assert list(line.reactions) == ["✅"]
        screen = await shop.app.look(at)
        assert screen is not None
        assert "Hello Eve" in str(screen.messages)
