"""Tests files in both directions: from customers to agents' places, and from agents to customers' places."""

from typing import Any

import pytest

from adapters.discord.api.limits import LARGEST
from bot.views.reply_status import Arrivals
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in
from tests.stories.agents.support.discord_room import open_desk
from tests.stories.agents.support.slack_room import DESK, Room, open_room

__all__ = ["stand_in"]

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
LOG = b"a line\n" * 200


def brought(room: Room, channel: str, thread: str) -> dict[str, bytes]:
    """What the app itself shared in a thread, by name."""
    shared = [file for one in room.slack.by_the_app(channel, thread) for file in one.get("files") or ()]
    return {str(file["name"]): room.slack.workspace.files[file["id"]].content for file in shared}


async def test_in_slack_they_are_there_before_the_words_they_came_with(room: Room) -> None:
    thread = await room.asked()
    await room.office.write(room.ana, "like this", thread, files=[("screen.png", PICTURE)])
    assert brought(room, DESK, room.thread()) == {"screen.png": PICTURE}
    assert room.told()[-1] == "ana: like this"
    await room.write(room.max, "!try this", files=[("how to.txt", LOG, "text/plain")])
    assert brought(room, room.office.help, thread) == {"how to.txt": LOG}
    assert room.office.said(room.office.help, thread)[-1] == "max: try this"


async def test_a_file_on_a_note_stays_among_agents(room: Room) -> None:
    thread = await room.asked()
    await room.write(room.max, "look at this", files=[("zebra.png", PICTURE)])
    assert brought(room, room.office.help, thread) == {}
    assert "zebra" not in str(room.slack.thread(room.office.help, thread))


async def test_without_leave_to_bring_files_the_words_arrive_and_the_file_is_named() -> None:
    async with open_room() as room:
        room.slack.scopes.discard("files:write")
        thread = await room.asked()
        await room.write(room.max, "!try this", files=[("how.txt", LOG, "text/plain")])
        assert brought(room, room.office.help, thread) == {}
        assert "max's reply reached ana without how.txt" in str(
            room.slack.by_the_app(DESK, room.thread())[-1]
        )
        shown: Any = room.slack.by_the_app(room.office.help, thread)[-1]
        assert "try this" in str(shown["blocks"])
        assert "how.txt" in str(shown["blocks"])


async def test_in_discord_they_hang_on_the_words_they_came_with(stand_in: Discord) -> None:
    async with open_desk(stand_in) as desk:
        theirs = await desk.asked()
        await desk.ana.writes(theirs, "like this", files=[("my screen.png", PICTURE)])
        await desk.discord.until(lambda: desk.lines[-1].attachments)
        (hung,) = desk.lines[-1].attachments
        assert (hung.name, hung.content) == ("1-my_screen.png", PICTURE)
        line = await desk.max.writes(desk.thread, "!try this", files=[("how.txt", LOG)])
        await desk.discord.until(lambda: line.reactions)
        reply = desk.discord.messages(theirs)[-1]
        assert "try this" in reply.text
        assert [(one.name, one.content) for one in reply.attachments] == [("1-how.txt", LOG)]
        assert len({call.headers["user-agent"] for call in stand_in.calls()}) == 1


async def test_in_discord_a_file_that_is_gone_is_named(stand_in: Discord) -> None:
    async with open_desk(stand_in) as desk:
        theirs = await desk.asked()
        stand_in.world.files.clear()
        await desk.ana.writes(theirs, "like this", files=[("screen.png", b"")])
        await desk.discord.until(lambda: "screen.png" in desk.lines[-1].text)
        assert desk.lines[-1].attachments == []


async def test_in_discord_a_reply_of_a_form_that_lost_a_file_is_marked_once(stand_in: Discord) -> None:
    async with open_desk(stand_in) as desk:
        await desk.asked()
        await desk.fill(desk.max, "Reply", {"text": "try this", "files": [("empty.txt", b"")]})
        line, warning = desk.lines[-2:]
        assert (line.text.splitlines()[1], list(line.reactions)) == ("try this", ["⚠️"])
        assert "reached Ana without empty.txt" in warning.text
        store = desk.shop.app.store
        arrivals = Arrivals(
            store.conversations, store.outbox, store.backlog, (), store.views, store.addresses
        )
        (arrival,) = (await arrivals.of(await desk.at())).values()
        assert (arrival.state, arrival.without) == ("delivered", "empty.txt")


@pytest.mark.row("discord", "An agent's file is larger than Discord takes")
@pytest.mark.parametrize("refused", [True, False])
async def test_in_discord_an_agents_file_above_the_limit_is_named_to_both_sides(
    stand_in: Discord, refused: bool
) -> None:
    async with open_desk(stand_in) as desk:
        theirs = await desk.asked()
        desk.shop.guild.largest_file = 100 if refused else LARGEST
        dump = LOG if refused else bytes(LARGEST + 1)
        line = await desk.max.writes(desk.thread, "!try this", files=[("dump.zip", dump), ("a.txt", b"a")])
        await desk.discord.until(lambda: line.reactions and "dump.zip" in desk.lines[-1].text)
        reply = desk.discord.messages(theirs)[-1]
        assert reply.text.startswith("**Max**\ntry this\n")
        assert "📎 dump.zip: I couldn't attach this file" in reply.text
        assert list(line.reactions) == ["⚠️"]
        assert "reached Ana without dump.zip" in desk.lines[-1].text
        assert ("larger than 10 MB" in desk.lines[-1].text) is not refused
        assert [one.name for one in reply.attachments] == ([] if refused else ["2-a.txt"])
        await desk.ana.writes(theirs, "and this?", files=[("dump.zip", dump)])
        await desk.discord.until(lambda: "dump.zip: I couldn't attach" in desk.lines[-1].text)
