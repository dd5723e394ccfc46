"""Tests the stand-in's gateway: clients resume, identify again, share a shard, split guilds and meet an outage."""

from collections.abc import Callable

import aiohttp
import discord
import pytest

from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import pointed_at, stand_in
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.tests.support.client import Bot, online, step

__all__ = ["stand_in"]


async def test_a_client_whose_wire_was_cut_resumes_and_hears_what_it_missed(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        stand_in.gateway.drop()
        await ana.writes(room, "are you there?")
        await stand_in.until(lambda: bot.heard)
        assert bot.heard[0].content == "are you there?"
        assert len(stand_in.gateway.identified) == 1
        assert stand_in.gateway.sessions[0].resumes == 1


@pytest.mark.parametrize("asks", [Gateway.reconnect, lambda gateway: gateway.close(4000)])
async def test_a_client_asked_to_come_back_resumes(
    stand_in: Discord, asks: Callable[[Gateway], None]
) -> None:
    stand_in.guild()
    bot = Bot()
    async with online(stand_in.token, bot):
        asks(stand_in.gateway)
        await stand_in.until(lambda: "RESUMED" in bot.events)
        assert len(stand_in.gateway.identified) == 1


@pytest.mark.parametrize(("resumable", "identifies"), [(True, 1), (False, 2)])
async def test_a_session_called_invalid_is_resumed_or_made_anew(
    stand_in: Discord, resumable: bool, identifies: int
) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        stand_in.gateway.invalidate(resumable)
        name = "RESUMED" if resumable else "READY"
        await stand_in.until(lambda: bot.events[1:].count(name))
        await ana.writes(room, "back again?")
        await stand_in.until(lambda: bot.heard)
        assert len(stand_in.gateway.identified) == identifies


async def test_two_replicas_of_a_shard_both_get_everything_and_one_answers(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana = guild.text("help"), guild.member("Ana")
    one, two = Bot(), Bot()
    async with online(stand_in.token, one, two):
        await one.get_partial_messageable(room.id).send(view=step("Restart it", "again"))
        clicked = await ana.presses(stand_in.messages(room)[0], "Press again")
        await stand_in.until(lambda: one.failures + two.failures)
        assert one.pressed == two.pressed == ["again"]
        assert (one.failures + two.failures, clicked.refused) == ([40060], [40060])
        assert len(clicked.answers) == 1


async def test_each_shard_serves_its_guilds(stand_in: Discord) -> None:
    guilds = [stand_in.guild(f"G{number}", shard=number, of=2) for number in range(2)]
    rooms = [guild.text("help") for guild in guilds]
    whole, first = Bot(), Bot(shard_ids=[0], shard_count=2)
    async with online(stand_in.token, whole, first):
        assert whole.shard_count == 2
        assert [one.name for one in first.guilds] == ["G0"]
        for guild, room in zip(guilds, rooms, strict=True):
            await guild.member("Ana").writes(room, guild.name)
        await stand_in.until(lambda: len(whole.heard) == 2 and first.heard)
        assert {one.content for one in whole.heard} == {"G0", "G1"}
        assert [one.content for one in first.heard] == ["G0"]


@pytest.mark.parametrize(("token", "content", "code"), [("wrong", True, None), (None, False, 4014)])
async def test_a_wrong_token_or_an_intent_without_leave_ends_it(
    token: str | None, content: bool, code: int | None
) -> None:
    async with Discord.running(message_content=content) as stand_in:
        with pointed_at(stand_in.api, stand_in.gateway_url):
            bot = Bot()
            with pytest.raises((discord.LoginFailure, discord.PrivilegedIntentsRequired)):
                await bot.start(token or stand_in.token)
            await bot.close()
        assert stand_in.gateway.closed == ([code] if code else [])


async def test_a_malformed_event_reaches_the_client_as_it_is(stand_in: Discord) -> None:
    stand_in.guild()
    bot = Bot()
    async with online(stand_in.token, bot):
        stand_in.gateway.send("MESSAGE_CREATE", {"id": "1"})
        with pytest.raises(KeyError):
            await bot.started


async def test_an_interaction_repeated_arrives_twice(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        await bot.get_partial_messageable(room.id).send(view=step("Restart it", "again"))
        clicked = await ana.presses(stand_in.messages(room)[0], "Press again")
        stand_in.repeats(clicked)
        await stand_in.until(lambda: clicked.refused)
        assert bot.pressed == ["again", "again"]


async def test_during_an_outage_nothing_answers_and_after_it_the_client_resumes(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        with stand_in.away():
            await ana.writes(room, "meanwhile")
            with pytest.raises(aiohttp.ClientError):
                await bot.get_partial_messageable(room.id).send("hello?")
        await stand_in.until(lambda: bot.heard)
        assert bot.heard[0].content == "meanwhile"
