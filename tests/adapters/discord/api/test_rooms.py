"""Tests what is said about agents' channels and forums in Discord: missing, hidden, of the wrong kind, too public."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.discord.api.client import DiscordClient
from adapters.discord.api.rooms import KEPT_S, Rooms
from bot.ports import PlatformCheck
from tests.fakes.discord import Discord
from tests.fakes.discord.guilds import Guild


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with Discord.running() as running:
        yield running


@pytest.fixture
def guild(discord: Discord) -> Guild:
    return discord.guild("Lamps")


async def checked(discord: Discord, rooms: list[int], forums: list[int] | None = None) -> list[PlatformCheck]:
    """Return what is said about the token and each channel."""
    async with aiohttp.ClientSession() as session:
        client = DiscordClient(discord.token, session, discord.api)
        found = await Rooms(client).checks(map(str, rooms), map(str, forums or ()))
        await client.close()
    return list(found)


@pytest.mark.row(
    "discord",
    "A channel of the settings doesn't exist, or the bot lacks a permission there",
)
async def test_channels_that_the_bot_cannot_use_are_named_with_what_to_do(
    discord: Discord, guild: Guild
) -> None:
    desk = guild.text("desk", hidden_from=[guild.everyone])
    guild.allows(discord.bot, desk, "view_channel")
    forum, hidden = guild.forum("support"), guild.text("hidden", hidden_from=[guild.everyone])
    token, *found = await checked(discord, [desk.id, hidden.id, forum.id, 404], [forum.id, desk.id])
    assert token == PlatformCheck(what="token")
    said = {each.what: each.problem for each in found[:4]}
    assert said[f"channel #desk ({desk.id})"] == ""
    assert said[f"channel {hidden.id}"].startswith("cannot be seen by the bot; give its role")
    assert said[f"channel #support ({forum.id})"].startswith("is not a text channel")
    assert said["channel 404"].startswith("does not exist")
    assert [each.problem.partition(";")[0] for each in found[4:]] == ["is not a forum", ""]
    assert not any(each.advice for each in found)


async def test_a_missing_permission_has_a_name(discord: Discord, guild: Guild) -> None:
    desk = guild.text("desk")
    guild.denies(guild.everyone, desk, "create_public_threads", "read_message_history")
    guild.denies(discord.bot, desk, "send_messages_in_threads")
    _, check = await checked(discord, [desk.id])
    names = "Create Public Threads, Send Messages In Threads, Read Message History"
    assert check.problem == f"lacks permissions for the bot ({names}); give them to its role there"


async def test_a_good_answer_is_kept_for_a_minute_and_a_problem_is_not(
    discord: Discord, guild: Guild
) -> None:
    desk, now = guild.text("desk"), [1000.0]
    async with aiohttp.ClientSession() as session:
        client = DiscordClient(discord.token, session, discord.api)
        rooms = Rooms(client, lambda: now[0])
        for later_s, problem in ((0.0, False), (KEPT_S - 1, False), (1.0, True)):
            now[0] += later_s
            assert bool((await rooms.checks([str(desk.id)], ()))[1].problem) is problem
            guild.denies(discord.bot, desk, "send_messages")
        guild.allows(discord.bot, desk, "send_messages")
        assert not (await rooms.checks([str(desk.id)], ()))[1].problem
        await client.close()


async def test_a_channel_that_everyone_sees_is_worth_a_word(discord: Discord, guild: Guild) -> None:
    _, check = await checked(discord, [guild.text("desk").id])
    assert check.problem == ""
    assert check.advice.startswith("can be seen by everyone on the server, and tickets with it")


async def test_a_refused_token_is_a_problem_and_silence_is_none(discord: Discord) -> None:
    async with aiohttp.ClientSession() as session:
        refused = DiscordClient("wrong", session, discord.api)
        (check,) = await Rooms(refused).checks((), ())
        assert check.problem.startswith("DISCORD_TOKEN is refused; in the developer portal")
        worked = DiscordClient(discord.token, session, discord.api)
        assert (await Rooms(worked).checks((), ()))[0].problem == ""
        discord.world.settings.token = "another"
        (check,) = await Rooms(worked).checks((), ())
        assert check.problem.startswith("DISCORD_TOKEN is refused; in the developer portal")
        discord.world.settings.token = discord.token
        await worked.close()
        away = DiscordClient(discord.token, session, "http://127.0.0.1:9/api/v10")
        (check,) = await Rooms(away).checks((), ())
        assert (check.problem, check.unchecked) == ("", "Discord does not answer")
