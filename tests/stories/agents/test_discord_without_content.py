"""Tests Discord without Message Content: customers and agents write to each other with buttons and forms alone."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.fakes.discord import Channel, Discord, Message
from tests.fakes.discord.client_address import stand_in
from tests.stories.agents.support.discord_room import Desk, open_desk

__all__ = ["stand_in"]

WRITE = "Write to Max"


@pytest.fixture
async def desk(stand_in: Discord) -> AsyncIterator[Desk]:
    """Ana asks for help, Max is an agent, and the bot reads only messages that mention it."""
    stand_in.world.settings.message_content = False
    async with open_desk(stand_in) as opened:
        yield opened


def writable(desk: Desk, place: Channel) -> list[Message]:
    """Return the messages below which Ana can write."""
    return [one for one in desk.discord.messages(place) if WRITE in one.buttons]


@pytest.mark.row("discord", "Message Content is off, and an agent replies")
async def test_below_the_newest_reply_stands_the_button_that_answers_it(desk: Desk) -> None:
    theirs = await desk.asked()
    await desk.fill(desk.max, "Reply", {"text": "Which lamp?", "files": [("lamps.png", b"all lamps")]})
    (first,) = writable(desk, theirs)
    assert "Which lamp?" in first.text
    assert [(one.name, one.content) for one in first.attachments] == [("1-lamps.png", b"all lamps")]
    await desk.fill(desk.max, "Reply", {"text": "The red one?"})
    (newest,) = writable(desk, theirs)
    assert "The red one?" in newest.text
    assert ("Which lamp?" in first.text, len(first.attachments)) == (True, 1)
    form = await desk.ana.presses(newest, WRITE)
    await desk.ana.submits(form, {"Your message": "yes, the red one", "files": [("lamp.png", b"picture")]})
    await desk.quiet()
    told = desk.discord.shown_to(desk.ana)[-1].text
    assert told == f"I added that to ticket #{(await desk.at()).ticket}."
    assert "**Ana**\nyes, the red one" in desk.lines[-1].text
    assert [(one.name, one.content) for one in desk.lines[-1].attachments] == [("1-lamp.png", b"picture")]
    assert writable(desk, theirs) == [newest]


@pytest.mark.row("discord", "Someone types where the bot can't read messages")
async def test_words_that_the_bot_cannot_read_bring_the_button_below_them(desk: Desk) -> None:
    theirs = await desk.asked()
    shop = desk.shop
    written = await desk.ana.writes(theirs, "are you there?")
    await desk.discord.until(lambda: desk.discord.messages(theirs)[-1].reference is written)
    waiting = desk.discord.messages(theirs)[-1]
    assert "press **Send a message** below" in waiting.text
    assert waiting.buttons == ["Send a message"]
    await desk.press(desk.max, "Claim")
    card = desk.discord.messages(theirs)[-1]
    assert "To write to our team, press **Send a message**" in card.text
    assert [one for one in desk.discord.messages(theirs) if "Send a message" in one.buttons] == [card]
    await desk.fill(desk.max, "Reply", {"text": "Which lamp?"})
    assert writable(desk, theirs) == [desk.discord.messages(theirs)[-1]]
    await shop.app.store.marks.clear(f"discord/hint/{(await desk.at()).id}")  # ten minutes later
    again = await desk.ana.writes(theirs, "hello??")
    await desk.discord.until(lambda: desk.discord.messages(theirs)[-1].reference is again)
    assert f"press **{WRITE}** below" in desk.discord.messages(theirs)[-1].text
    assert writable(desk, theirs) == [desk.discord.messages(theirs)[-1]]
    line = await desk.max.writes(desk.thread, "! yes, I am")
    await desk.discord.until(lambda: desk.lines[-1].reference is line)
    assert "Message Content is off). Write to the customer with **Reply** or `/reply`" in desk.lines[-1].text


async def test_an_edited_reply_keeps_its_button(desk: Desk) -> None:
    theirs = await desk.asked()
    bot = desk.discord.bot.mention
    line = await desk.write(desk.max, f"{bot} ! Press the red one")
    (reply,) = writable(desk, theirs)
    await desk.max.edits(line, f"{bot} ! Press the green one")
    await desk.discord.until(lambda: "green" in reply.text)
    assert writable(desk, theirs) == [reply]
    await desk.max.edits(line, f"{bot} ! " + "Press the blue one, then wait. " * 50)
    await desk.discord.until(lambda: "blue" in reply.text)
    await desk.quiet()
    assert writable(desk, theirs) == [reply]


@pytest.mark.row("discord", "Someone's form was not recorded because storage is unavailable")
async def test_four_thousand_characters_reach_both_sides_whole(desk: Desk) -> None:
    theirs = await desk.asked()
    words = (
        "\n".join(f"{number}. snake_case *and* `code` {'here ' * 60}" for number in range(20))[:3999].strip()
        + "!"
    )
    await desk.fill(desk.max, "Reply", {"text": words})
    (newest,) = writable(desk, theirs)
    assert newest is desk.discord.messages(theirs)[-1]
    assert written(desk, theirs) == [f"{number}." for number in range(numbers(words))]
    before = len(desk.lines)
    await desk.ana.submits(await desk.ana.presses(newest, WRITE), {"Your message": words})
    await desk.quiet()
    assert written(desk, desk.thread, before) == [f"{number}." for number in range(numbers(words))]
    assert "Cut off" not in "".join(one.text for one in desk.lines)
    form, told = await desk.ana.presses(newest, WRITE), len(desk.discord.shown_to(desk.ana))
    with desk.shop.store_down():
        await desk.ana.submits(form, {"Your message": words})
        await desk.discord.until(lambda: len(desk.discord.shown_to(desk.ana)) >= told + 4)
    sorry, *again = desk.discord.shown_to(desk.ana)[told:]
    assert "help@lamps.example" in sorry.text
    assert "".join(one.text.removeprefix("```\n").removesuffix("\n```") for one in again) == words


def numbers(words: str) -> int:
    return words.count("snake")


def written(desk: Desk, place: Channel, start: int = 0) -> list[str]:
    """Return the numbers that lead the lines of the messages there, in order."""
    text = "\n".join(
        one.text for one in desk.discord.messages(place)[start:] if one.author is desk.discord.bot
    )
    return re.findall(r"^\d+\.(?= snake)", text.replace("\\", ""), re.MULTILINE)
