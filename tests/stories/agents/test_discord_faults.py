"""Tests agents in Discord with obstacles: closed messages, edits, a customer on another channel, quick clicks."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from flows.conversation import Status
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in
from tests.fakes.discord.world import Happening
from tests.stories.agents.support.discord_room import Desk, open_desk

__all__ = ["stand_in"]


@pytest.fixture
async def desk(stand_in: Discord) -> AsyncIterator[Desk]:
    """Ana asks for help, Max and Kim are agents."""
    async with open_desk(stand_in) as opened:
        yield opened


async def test_a_reply_that_cannot_arrive_says_why_and_what_to_do(desk: Desk) -> None:
    await desk.asked_directly()
    await desk.press(desk.max, "Claim")
    await desk.ana.closes_dms()
    line = await desk.max.writes(desk.thread, "! Are you there?")
    await desk.discord.until(lambda: "didn't reach Ana" in desk.lines[-1].text)
    assert "doesn't accept direct messages from this server" in desk.lines[-1].text
    assert list(line.reactions) == ["⚠️"]
    assert not desk.lines[-1].pinged


async def test_a_reply_that_is_changed_or_taken_back_is_so_where_the_customer_is(desk: Desk) -> None:
    theirs = await desk.asked()
    line = await desk.write(desk.max, "! Press the red one")
    said = desk.discord.messages(theirs)[-1]
    await desk.max.edits(line, "! Press the green one")
    await desk.discord.until(lambda: said.text == "**Max**\nPress the green one")
    await desk.max.deletes(line)
    await desk.discord.until(lambda: said.deleted)
    words = await desk.shop.app.store.conversations.words((await desk.at()).id)
    assert "Press" not in str(words)


async def test_a_note_is_sent_after_all_once_by_its_menu(desk: Desk) -> None:
    theirs = await desk.asked()
    line = await desk.write(desk.max, "It is the plug")
    assert "It is the plug" not in desk.shown_to_ana(theirs)
    before = len(desk.discord.shown_to(desk.ben))
    desk.shop.guild.allows(desk.ben, desk.room, "manage_messages")  # Discord shows him agents' commands
    await desk.ben.uses_on_message("Send to the customer", line)
    await desk.quiet()
    assert "Only agents" in desk.discord.shown_to(desk.ben)[before:][0].text
    await desk.kim.uses_on_message("Send to the customer", line)
    await desk.discord.until(lambda: "It is the plug" in desk.shown_to_ana(theirs), 30)
    await desk.quiet()
    await desk.kim.uses_on_message("Send to the customer", line)
    assert "already sent" in desk.discord.shown_to(desk.kim)[-1].text
    assert desk.shown_to_ana(theirs).count("**Kim**") == 1


async def test_what_is_written_before_the_facts_are_in_the_thread_is_heard_at_once(desk: Desk) -> None:
    faults, held = desk.discord.faults, []
    desk.discord.world.listeners.append(
        lambda told: (
            held.append(faults.hold("POST", f"/channels/{told.data['id']}/messages"))
            if told.name == "THREAD_CREATE" and told.data["parent_id"] == str(desk.room.id)
            else None
        )
    )
    asking = asyncio.create_task(desk.asked())
    await desk.discord.until(lambda: held and held[0].reached.is_set())
    note = await desk.max.writes(desk.thread, "mine")
    await desk.discord.until(lambda: "🔒" in note.reactions)
    held[0].release()
    await asking
    await desk.shop.eventually(lambda words: "mine" in words, (await desk.at()).id)


@pytest.mark.parametrize("format", [1, 2])
async def test_the_answers_about_the_line_and_the_facts_are_lost_and_each_is_there_once(
    desk: Desk, format: int
) -> None:
    desk.shop.app.store.wire.writes = format
    faults, told = desk.discord.faults, desk.discord.world.listeners
    faults.lose("POST", f"/channels/{desk.room.id}/messages")

    def lose_facts(event: Happening) -> None:
        if event.name == "THREAD_CREATE" and event.data["parent_id"] == str(desk.room.id):
            faults.lose("POST", f"/channels/{event.data['id']}/messages")

    told.append(lose_facts)
    await desk.asked()
    await desk.quiet()
    assert len(desk.heads) == 1
    assert [("Guide" in line.text, "Reply" in line.buttons) for line in desk.lines] == [(True, True)]


async def test_an_alert_that_is_meant_for_slack_holds_up_nothing(stand_in: Discord) -> None:
    async with open_desk(stand_in, DESK_PING="S0GROUP") as desk:
        await desk.asked()
        assert len(desk.heads) == 1
        assert not desk.heads[0].pinged
        assert "Reply" in desk.packet.buttons


async def test_what_the_customer_changes_is_changed_in_the_agents_thread(desk: Desk) -> None:
    theirs = await desk.asked()
    said = await desk.ana.writes(theirs, "the bleu one")
    await desk.discord.until(lambda: "the bleu one" in desk.lines[-1].text)
    count, line = len(desk.lines), desk.lines[-1]
    await desk.ana.edits(said, "the @everyone blue one")
    await desk.discord.until(lambda: "blue one" in line.text)
    assert "✏️ Edited" in line.text
    assert line.buttons[0] == "Reply"
    assert not line.pinged
    await desk.ana.deletes(said)
    await desk.discord.until(lambda: "deleted" in line.text)
    await desk.quiet()
    assert len(desk.lines) == count
    assert "blue" not in str([one.text for one in desk.lines])


async def test_a_reply_that_is_too_old_to_be_changed_stays_and_the_agent_is_told(desk: Desk) -> None:
    theirs = await desk.asked()
    line = await desk.write(desk.max, "! Press the red one")
    said = desk.discord.messages(theirs)[-1]
    desk.discord.removes(theirs)
    await desk.max.edits(line, "! Press the green one")
    await desk.discord.until(lambda: "still sees the original message" in desk.lines[-1].text)
    assert "red" in said.text


async def test_a_reply_that_becomes_a_command_or_a_note_is_not_sent_on(desk: Desk) -> None:
    theirs = await desk.asked()
    line = await desk.write(desk.max, "! Press the red one")
    await desk.max.edits(line, "she never listens")
    await desk.discord.until(lambda: "Your edit no longer starts with !" in desk.lines[-1].text)
    await desk.max.edits(line, "!close")
    await desk.max.edits(line, "! Press the green one")
    await desk.discord.until(lambda: desk.discord.messages(theirs)[-1].text == "**Max**\nPress the green one")
    assert "listens" not in desk.shown_to_ana(theirs)
    assert (await desk.at()).status is Status.WITH_AGENT
