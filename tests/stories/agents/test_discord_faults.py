"""Agents in Discord where something is in the way: closed messages, changed words, a customer elsewhere, haste."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from flows.conversation import Status
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in
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


async def test_a_note_that_is_changed_goes_nowhere(desk: Desk) -> None:
    theirs = await desk.asked()
    note = await desk.write(desk.max, "she sounds cross")
    await desk.max.edits(note, "!she sounds very cross")
    await desk.shop.eventually(lambda words: "!she sounds very cross" in words, (await desk.at()).id)
    await desk.quiet()
    assert "cross" not in desk.shown_to_ana(theirs)


async def test_a_customer_on_the_page_is_helped_from_discord(desk: Desk) -> None:
    at = await desk.asked_on_the_page()
    assert "**Customer:** Eve · Web page" in desk.packet.text
    await desk.press(desk.max, "Claim")
    line = await desk.write(desk.max, "! Hello Eve")
    assert list(line.reactions) == ["✅"]
    await desk.write(desk.kim, "a regular")
    screen = await desk.shop.app.look(at)
    assert screen is not None
    shown = str(screen)
    assert "Hello Eve" in shown
    assert "a regular" not in shown
    await desk.fill(desk.max, "Snooze…", {"until": "reply"})
    assert "Snoozed until the customer writes" in desk.heads[0].text
    await desk.press(desk.max, "Unsnooze", desk.heads[0])
    assert "Snoozed" not in desk.heads[0].text
    assert "Unsnooze" not in desk.heads[0].buttons
    await desk.fill(desk.max, "Snooze…", {"until": "hour"})
    await desk.max.writes(desk.thread, "!wake")
    await desk.discord.until(lambda: "Snoozed" not in desk.heads[0].text, 30)
    await desk.fill(desk.max, "Send a step…", {"step": "switch"})
    screen = await desk.shop.app.look(at)
    assert "Press it." in str(screen)


async def test_an_agent_starts_another_guide_and_gives_it_back_by_that(desk: Desk) -> None:
    theirs = await desk.asked()
    await desk.press(desk.max, "Claim")
    asked = await desk.fill(desk.max, "Start a guide…", {"guide": "fire"})
    assert "Where should “It smells of smoke” start?" in asked
    assert (await desk.at()).flow == "lamp"
    pressed = await desk.max.presses(desk.discord.shown_to(desk.max)[-1], "Choose the step…")
    await desk.max.submits(pressed, {"step": "unplug"})
    await desk.quiet()
    at = await desk.at()
    assert (at.status, at.flow, at.step) == (Status.GUIDING, "fire", "unplug")
    assert "Unplug it" in (await desk.shop.live(theirs)).text


async def test_a_note_is_sent_after_all_once_by_its_menu(desk: Desk) -> None:
    theirs = await desk.asked()
    line = await desk.write(desk.max, "It is the plug")
    assert "It is the plug" not in desk.shown_to_ana(theirs)
    before = len(desk.discord.shown_to(desk.ben))
    await desk.ben.uses_on_message("Send to the customer", line)
    await desk.quiet()
    assert "Only agents" in desk.discord.shown_to(desk.ben)[before:][0].text
    await desk.kim.uses_on_message("Send to the customer", line)
    await desk.discord.until(lambda: "It is the plug" in desk.shown_to_ana(theirs), 30)
    await desk.quiet()
    await desk.kim.uses_on_message("Send to the customer", line)
    assert "already sent" in desk.discord.shown_to(desk.kim)[-1].text
    assert desk.shown_to_ana(theirs).count("**Kim**") == 1


async def test_it_is_handed_to_another_agent_and_to_nobody_else(desk: Desk) -> None:
    await desk.asked()
    await desk.press(desk.max, "Claim")
    assert "isn't an agent" in await desk.fill(desk.max, "Transfer…", {"agent": str(desk.ben.id)})
    assert (await desk.at()).holder_name == "Max"
    assert await desk.fill(desk.max, "Transfer…", {"agent": str(desk.kim.id)}) == ""
    at = await desk.at()
    assert (at.holder, at.holder_name) == (f"discord:{desk.kim.id}", "Kim")


async def test_another_team_gets_it_in_its_room(desk: Desk) -> None:
    await desk.asked()
    await desk.fill(desk.max, "Transfer…", {"team": "safety"})
    at = await desk.at()
    assert (at.status, at.team) == (Status.WAITING, "safety")


async def test_what_is_written_before_it_is_known_whose_the_thread_is_is_heard_after(desk: Desk) -> None:
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
    await desk.discord.until(lambda: desk.discord.calls("GET", f"/channels/{desk.thread.id}"))
    assert not note.reactions
    held[0].release()
    await asking
    await desk.discord.until(lambda: "🔒" in note.reactions)
    await desk.shop.eventually(lambda words: "mine" in words, (await desk.at()).id)


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


async def test_a_reply_is_changed_and_taken_back_on_the_page(desk: Desk) -> None:
    at = await desk.asked_on_the_page()
    line = await desk.write(desk.max, "! Press the red one")
    await desk.max.edits(line, "! Press the green one")
    await desk.shop.eventually(lambda words: "Press the green one" in words, at)
    screen = await desk.shop.app.look(at)
    assert screen is not None
    (message,) = [one for one in screen.messages if one.who == "agent"]
    assert message.changed
    await desk.max.deletes(line)
    await desk.shop.eventually(lambda words: "Press" not in str(words), at)
    screen = await desk.shop.app.look(at)
    assert screen is not None
    assert not [one for one in screen.messages if one.who == "agent"]
    assert desk.lines == [desk.packet]


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
