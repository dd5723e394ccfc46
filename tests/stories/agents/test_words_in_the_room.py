"""Tells agents who write `!words` beside the tickets' threads where such words work, and keeps it in sight."""

import pytest

from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in
from tests.stories.agents.support.discord_room import open_desk
from tests.stories.agents.support.slack_room import DESK, Room

__all__ = ["stand_in"]

WHERE = (
    "Nothing was sent or changed. Replies and commands work in a ticket's thread: open the ticket's line here, and"
    " write there."
)


@pytest.mark.row("slack", "An agent writes `!words` in the agents' channel, outside a ticket's thread")
async def test_in_slack_words_for_a_ticket_outside_its_thread_are_answered_below_them(room: Room) -> None:
    await room.asked()
    ts = await room.office.write(room.max, "!Is it plugged in?", channel=DESK)
    assert room.office.said(DESK, ts) == [WHERE]
    await room.office.write(room.max, "!claim", ts, DESK)
    assert room.office.said(DESK, ts) == [WHERE, WHERE]
    talk = await room.office.write(room.max, "Lunch?", channel=DESK)
    stranger = await room.office.write(room.ana, "!hello", channel=DESK)
    assert room.office.said(DESK, talk) == room.office.said(DESK, stranger) == []


@pytest.mark.row("discord", "An agent writes `!words` in the agents' channel, outside a ticket's thread")
async def test_in_discord_words_for_a_ticket_outside_its_thread_are_answered(stand_in: Discord) -> None:
    async with open_desk(stand_in) as desk:
        await desk.asked()
        line = await desk.max.writes(desk.room, "!Is it plugged in?")
        await desk.discord.until(lambda: desk.discord.messages(desk.room)[-1].reference is line)
        assert desk.discord.messages(desk.room)[-1].text == WHERE
        await desk.ana.writes(desk.room, "!hello")
        await desk.max.writes(desk.room, "Lunch?")
        await desk.quiet()
        assert [one.text for one in desk.discord.messages(desk.room)][-2:] == ["!hello", "Lunch?"]
