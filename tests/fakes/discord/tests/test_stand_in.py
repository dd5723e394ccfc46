"""Tests the stand-in for Discord with the real client library."""

import discord
import pytest
from discord import ui

from tests.fakes.discord import Channel, Discord, Person
from tests.fakes.discord.client_address import stand_in
from tests.fakes.discord.tests.support.client import Bot, online, step

__all__ = ["stand_in"]


async def test_a_client_logs_in_and_sees_its_guild(stand_in: Discord) -> None:
    stand_in.guild("Workshop").text("help")
    bot = Bot()
    async with online(stand_in.token, bot):
        assert [one.name for one in bot.guilds] == ["Workshop"]
        assert [one.name for one in bot.guilds[0].text_channels] == ["help"]
        assert bot.guilds[0].me.guild_permissions.manage_threads
        assert {one["name"] for one in stand_in.commands()} == {"fix", "Troubleshoot this"}
        assert (await bot.application_info()).flags.gateway_message_content_limited


async def test_a_written_message_is_heard_and_answered(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        await ana.writes(room, "my router is broken", files=[("log.txt", b"no carrier")])
        await stand_in.until(lambda: bot.heard)
        heard = bot.heard[0]
        assert (heard.content, heard.author.display_name) == ("my router is broken", "Ana")
        assert await heard.attachments[0].read() == b"no carrier"
        await heard.reply("restart it")
        assert [one.text for one in stand_in.messages(room)] == ["my router is broken", "restart it"]
        assert stand_in.messages(room)[1].pinged == {ana.id}


async def test_a_command_is_answered_and_a_click_changes_the_message(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana", locale="de"), Bot()
    async with online(stand_in.token, bot):
        assert await ana.types_into("fix", "problem", "conn") == [("connection", "connection")]
        asked = await ana.runs("fix", problem="Router")
        assert asked.text == "## Router"
        clicked = await ana.presses(stand_in.messages(room)[0], "Press step:1")
        assert [one.type for one in clicked.answers] == [7]
        assert [one.text for one in stand_in.messages(room)] == ["## Restart it"]
        stale = await ana.presses(stand_in.messages(room)[0], "Press step:1", version=0)
        assert stale.payload["locale"] == "de"
        assert bot.pressed == ["step:1", "step:1"]


async def test_a_menu_on_a_message_shows_its_words_and_answers_one_person(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bo, bot = guild.text("help"), guild.member("Ana"), guild.member("Bo"), Bot()
    async with online(stand_in.token, bot):
        said = await ana.writes(room, "it beeps")
        await bo.uses_on_message("Troubleshoot this", said)
        assert [one.text for one in stand_in.shown_to(bo)] == ["about: it beeps"]
        assert stand_in.shown_to(ana) == []
        assert stand_in.messages(room) == [said]


async def test_a_form_is_shown_filled_in_and_answered(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        await bot.get_partial_messageable(room.id).send(view=step("Stuck?", "ask"))
        asked = await ana.presses(stand_in.messages(room)[0], "Press ask")
        assert stand_in.modal_of(asked)["title"] == "A person will look"
        with pytest.raises(AssertionError, match="must be filled in"):
            await ana.submits(asked, {})
        sent = await ana.submits(asked, {"What happened?": "smoke", "Pictures": [("a.png", b"png")]})
        assert sent.text == "thank you"
        words, files = (one["component"] for one in bot.submitted["components"])
        assert words["value"] == "smoke"
        assert bot.submitted["resolved"]["attachments"][files["values"][0]]["filename"] == "a.png"


async def test_an_answer_thought_about_takes_the_place_of_the_thinking(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        await bot.get_partial_messageable(room.id).send(view=step("Wait", "later"))
        asked = await ana.presses(stand_in.messages(room)[0], "Press later")
        await stand_in.until(lambda: asked.text)
        assert asked.answers[0].type == 5
        assert [one.text for one in stand_in.shown_to(ana)] == ["here it is"]


async def test_direct_messages_go_both_ways_and_can_be_closed(stand_in: Discord) -> None:
    guild = stand_in.guild()
    ana, bot = guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        await ana.dms("hello")
        await stand_in.until(lambda: bot.heard)
        assert bot.heard[0].guild is None
        user = await bot.fetch_user(ana.id)
        await user.send("hello yourself")
        assert [one.text for one in stand_in.messages(ana)] == ["hello", "hello yourself"]
        await ana.closes_dms()
        with pytest.raises(discord.Forbidden) as refused:
            await user.send("still there?")
        assert refused.value.code == 50007


async def test_without_the_intent_only_what_is_meant_for_the_bot_can_be_read(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana = guild.text("help"), guild.member("Ana")
    bot = Bot(discord.Intents(guilds=True, guild_messages=True, dm_messages=True))
    async with online(stand_in.token, bot):
        said = await bot.get_partial_messageable(room.id).send("yes?")
        await ana.writes(room, "among ourselves")
        await ana.mentions_bot(room, "help me")
        await ana.writes(room, "like this", reply_to=stand_in.messages(room)[0])
        await ana.writes(room, "quietly", reply_to=stand_in.messages(room)[0], ping=False)
        await ana.dms("in private")
        await stand_in.until(lambda: len(bot.heard) == 6)
        assert bot.heard[0].id == said.id
        assert [one.content for one in bot.heard[1:]] == [
            "",
            f"<@{stand_in.bot.id}> help me",
            "like this",
            "",
            "in private",
        ]


async def test_the_same_nonce_posts_once(stand_in: Discord) -> None:
    room, bot = stand_in.guild().text("help"), Bot()
    async with online(stand_in.token, bot):
        place = bot.get_partial_messageable(room.id)
        first, again = await place.send("one", nonce="c1:4"), await place.send("one", nonce="c1:4")
        assert first.id == again.id
        assert len(stand_in.messages(room)) == 1
        stand_in.passes(600)
        assert (await place.send("one", nonce="c1:4")).id != first.id


async def test_missed_messages_are_read_from_the_last_one_seen(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        said = [await ana.writes(room, str(number)) for number in range(5)]
        place = bot.get_partial_messageable(room.id)
        after = discord.Object(said[1].id)
        missed = [one.content async for one in place.history(after=after, oldest_first=True)]
        assert missed == ["2", "3", "4"]


async def test_everything_a_person_does_is_told_to_clients_that_asked_for_it(stand_in: Discord) -> None:
    guild = stand_in.guild(bot_lacks=("manage_threads",))
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot(discord.Intents.default())
    async with online(stand_in.token, bot):
        said = await ana.writes(room, "helo")
        await ana.edits(said, "hello")
        await ana.starts_typing(room)
        await ana.reacts(said, "👋")
        await ana.reacts(said, "👋", away=True)
        thread = await ana.starts_thread(room, "Hello", of=said)
        hidden = await ana.starts_thread(room, "Hidden", private=True)
        await ana.adds(hidden, stand_in.bot)
        await ana.opens(await archived(ana, thread))
        await ana.deletes(thread)
        await ana.deletes(said)
        stand_in.removes_bot(guild)
        await stand_in.until(lambda: "GUILD_DELETE" in bot.events)
        assert bot.events[bot.events.index("MESSAGE_CREATE") :] == [
            "MESSAGE_CREATE",
            "MESSAGE_UPDATE",
            "TYPING_START",
            "MESSAGE_REACTION_ADD",
            "MESSAGE_REACTION_REMOVE",
            "THREAD_CREATE",
            "THREAD_CREATE",
            "THREAD_MEMBERS_UPDATE",
            "THREAD_UPDATE",
            "THREAD_UPDATE",
            "THREAD_DELETE",
            "MESSAGE_DELETE",
            "GUILD_DELETE",
        ]


async def archived(who: Person, thread: Channel) -> Channel:
    """Archive the thread as that person, and return it."""
    await who.archives(thread)
    return thread


async def test_several_options_are_chosen_and_a_menu_is_used_on_a_person(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bo, bot = guild.text("help"), guild.member("Ana"), guild.member("Bo"), Bot()
    async with online(stand_in.token, bot):
        options = [discord.SelectOption(label=name, value=name.lower()) for name in ("Red", "Green", "Blue")]
        view = step("Which lights?", "again")
        view.add_item(ui.ActionRow(ui.Select(custom_id="lights", options=options, max_values=2)))
        view.stop()
        await bot.get_partial_messageable(room.id).send(view=view)
        chosen = await ana.chooses(stand_in.messages(room)[0], "Red", "Blue")
        assert chosen.payload["data"]["values"] == ["red", "blue"]
        with pytest.raises(AssertionError, match="nothing to press"):
            await ana.presses(stand_in.messages(room)[0], "Red")
        with pytest.raises(AssertionError, match="no command"):
            await ana.uses_on("Open a ticket for", bo)


async def test_people_read_before_they_write_unless_a_test_says_how_long_they_take(stand_in: Discord) -> None:
    room = stand_in.guild().text("help")
    ana = next(iter(stand_in.world.guilds.values())).member("Ana")
    bot = Bot()
    async with online(stand_in.token, bot):
        asked = await ana.runs("fix", problem="Router")
        step = stand_in.messages(room)[0]
        clicked = await ana.presses(step, "Press step:1")  # changes the step in place
        late = await ana.writes(room, "done")
        quick = await ana.writes(room, "still dark", after_s=1)
        later = await ana.presses(step, step.buttons[0], waits=False)
    ids = [asked.id, step.id, clicked.id, late.id, quick.id, later.id]
    assert ids == sorted(ids)
    assert (late.id >> 22) - (clicked.id >> 22) >= 5_000
    assert (quick.id >> 22) - (late.id >> 22) == 1_000
