"""Tests the gateway with the real client and a stand-in: which events arrive, in which order, despite faults."""

import asyncio
from typing import Any

import pytest
from discord.http import HTTPClient

from adapters.discord import gateway_app
from adapters.discord.api.gateway import GatewayClient, aimed
from adapters.discord.api.gateway_queue import GatewayQueue, Json, Kind, Patience
from adapters.discord.api.preflight import PreflightRefused
from bot.ports import StoreDown
from tests.adapters.discord.support.recording_handler import client_of, running
from tests.fakes.discord import Discord, identify_pause
from tests.fakes.discord.client_address import stand_in
from tests.fakes.discord.tests.support.client import step
from tests.fakes.wait import until
from tests.fakes.world import store_in_memory

__all__ = ["stand_in"]

CONTENT, MEMBERS = 1 << 15, 1 << 1


async def test_what_happens_is_heard_as_discord_sent_it(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, forum, ana = guild.text("help"), guild.forum("support"), guild.member("Ana")
    async with running(stand_in) as at:
        await stand_in.until(stand_in.commands)
        said = await ana.writes(room, "no light")
        post = await ana.posts(forum, "Lamp", "It stays dark")
        await ana.runs("fix", room, waits=False, problem="lamp")
        await stand_in.until(lambda: len(at.ear.heard) >= 4)
        assert at.ear.heard[0][1]["id"] == str(said.id)
        assert at.ear.words() == ["no light", "It stays dark"]
        assert ("thread", str(post.id)) in [(kind, data["id"]) for kind, data in at.ear.heard]
        (command,) = [data for kind, data in at.ear.heard if kind == "interaction"]
        assert (command["data"]["name"], command["guild_id"]) == ("fix", str(guild.id))


async def test_messages_of_a_place_are_heard_one_after_the_other(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, other, ana = guild.text("help"), guild.text("other"), guild.member("Ana")
    async with running(stand_in) as at:
        at.ear.gate = asyncio.Event()
        for word in ("one", "two", "three"):
            await ana.writes(room, word)
        await at.ear.entered.wait()
        at.ear.gate.set()
        await ana.writes(other, "elsewhere")
        await stand_in.until(lambda: len(at.ear.heard) == 4)
        assert [word for word in at.ear.words() if word != "elsewhere"] == ["one", "two", "three"]


async def test_a_message_is_heard_again_until_the_store_is_back(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana = guild.text("help"), guild.member("Ana")
    async with running(stand_in) as at:
        at.ear.fails = [StoreDown("away"), StoreDown("away")]
        await ana.writes(room, "one")
        await ana.writes(room, "two")
        await stand_in.until(lambda: len(at.ear.heard) == 2)
        assert at.ear.words() == ["one", "two"]


async def test_what_cannot_be_heard_at_all_stops_nothing(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana = guild.text("help"), guild.member("Ana")
    async with running(stand_in) as at:
        at.ear.fails = [KeyError("author")]
        await ana.writes(room, "one")
        await ana.writes(room, "two")
        await stand_in.until(lambda: at.ear.heard)
        assert at.ear.words() == ["two"]


@pytest.mark.parametrize(
    "name", ["MESSAGE_CREATE", "INTERACTION_CREATE", "THREAD_CREATE", "GUILD_CREATE", "NEWS"]
)
@pytest.mark.parametrize("data", [None, 7, "text", [], {}, {"id": {}}, {"id": "1", "channel_id": []}])
async def test_an_event_of_an_unexpected_form_does_not_end_the_client(
    stand_in: Discord, name: str, data: object
) -> None:
    guild = stand_in.guild()
    room, ana = guild.text("help"), guild.member("Ana")
    async with running(stand_in) as at:
        stand_in.gateway.send(name, data)
        await ana.writes(room, "still there?")
        await stand_in.until(lambda: at.ear.words())
        assert len(stand_in.gateway.identified) == 1


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"op": 0, "t": "READY", "s": 5, "d": {}}'])
async def test_a_client_that_ends_is_followed_by_another(stand_in: Discord, text: str) -> None:
    guild = stand_in.guild()
    room, ana = guild.text("help"), guild.member("Ana")
    async with running(stand_in) as at:
        await identify_pause.passed(stand_in, at.store)
        stand_in.gateway.send_text(text)
        await stand_in.until(lambda: len(stand_in.gateway.identified) == 2)
        await stand_in.connected()
        await ana.writes(room, "still there?")
        await stand_in.until(lambda: at.ear.words())


@pytest.mark.parametrize(
    ("setting", "on", "asked"), [("auto", True, True), ("auto", False, False), ("off", True, False)]
)
async def test_only_intents_that_are_switched_on_are_asked_for(setting: str, on: bool, asked: bool) -> None:
    async with Discord.running(message_content=on, members=on) as discord:
        with aimed(discord.api, discord.gateway_url):
            async with running(discord, content=setting):
                (one,) = discord.gateway.identified
                assert bool(one.intents & CONTENT) is asked
                assert bool(one.intents & MEMBERS) is on


@pytest.mark.parametrize("token", ["nonsense", "MTAwMDAwMDAwMDAwMDAwMDAwMQ.wrong.wrong"])
async def test_a_refused_token_is_said_in_one_line(stand_in: Discord, token: str) -> None:
    async with running(stand_in, connected=False, token=token) as at:
        with pytest.raises(PreflightRefused, match="DISCORD_TOKEN") as refused:
            await asyncio.wait_for(at.task, 30)
        assert "\n" not in str(refused.value)
        assert stand_in.gateway.identified == []


async def test_an_intent_that_is_refused_after_all_is_asked_for_no_more(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async with Discord.running(message_content=True) as discord:
        guild = discord.guild()
        room, ana = guild.text("help"), guild.member("Ana")
        with aimed(discord.api, discord.gateway_url):
            async with running(discord) as at:
                discord.gateway.close(4014)
                await discord.until(lambda: len(discord.gateway.identified) == 2)
                await discord.connected()
                assert [bool(one.intents & CONTENT) for one in discord.gateway.identified] == [True, False]
                await ana.mentions_bot(room, "still there?")
                await discord.until(lambda: at.ear.heard)
    assert "Message Content" in "".join(capfd.readouterr()) + caplog.text


async def test_shards_that_do_not_fit_are_said_in_one_line(stand_in: Discord) -> None:
    async with running(stand_in, connected=False, shard_ids=(3,), shard_count=2) as at:
        with pytest.raises(PreflightRefused, match="DISCORD_SHARD_IDS"):
            await asyncio.wait_for(at.task, 30)


async def test_only_the_shards_named_are_heard(stand_in: Discord) -> None:
    guilds = [stand_in.guild(f"G{number}", shard=number, of=2) for number in range(2)]
    rooms = [guild.text("help") for guild in guilds]
    async with running(stand_in, shard_ids=(1,), shard_count=2) as at:
        for guild, room in zip(guilds, rooms, strict=True):
            await guild.member("Ana").writes(room, guild.name)
        await stand_in.until(lambda: at.ear.words())
        assert at.ear.words() == ["G1"]
        assert at.shards == [1]


async def test_discord_is_asked_again_until_it_can_be_reached(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana = guild.text("help"), guild.member("Ana")
    stand_in.goes_away()
    async with running(stand_in, connected=False) as at:
        await asyncio.sleep(0)
        stand_in.comes_back()
        await stand_in.connected()
        await ana.writes(room, "hello")
        await stand_in.until(lambda: at.ear.words())


async def test_no_session_is_opened_where_none_is_left_for_today() -> None:
    async with Discord.running(sessions_a_day=0) as discord:
        with aimed(discord.api, discord.gateway_url):
            async with running(discord, connected=False):
                await discord.until(lambda: len(discord.calls("GET", "/gateway/bot")) >= 1)
            assert discord.gateway.identified == []


async def test_stopping_takes_nothing_more_and_lets_what_is_under_way_finish(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana = guild.text("help"), guild.member("Ana")
    async with running(stand_in) as at:
        at.ear.gate = asyncio.Event()
        await ana.writes(room, "one")
        await at.ear.entered.wait()
        at.stop.set()
        await asyncio.sleep(0)
        assert stand_in.gateway.sessions[0].connected
        at.ear.gate.set()
        await at.task
        assert at.ear.words() == ["one"]
        await stand_in.until(lambda: not stand_in.gateway.sessions)


async def test_a_place_of_which_too_much_came_is_read_again_from_before_that() -> None:
    gate, heard, marked = asyncio.Event(), list[str](), list[str]()

    async def hear(kind: Kind, data: Json) -> None:
        assert kind == "message"
        await gate.wait()
        heard.append(str(data["id"]))

    async def mark(kind: Kind, data: Json) -> None:
        assert kind == "message"
        marked.append(str(data["id"]))

    hearing = GatewayQueue(hear, mark, Patience(waiting=2))
    for message, place in (("1", "10"), ("2", "20"), ("3", "10")):
        hearing.take("MESSAGE_CREATE", {"id": message, "channel_id": place})
    assert (len(hearing), hearing.missed) == (2, 1)

    async def both() -> bool:
        return heard == ["1", "2"]

    gate.set()
    await until(both)
    hearing.take("MESSAGE_CREATE", {"id": "4", "channel_id": "10"})
    await hearing.finish(5)
    assert (heard, marked) == (["1", "2", "4"], ["2"])


async def test_nothing_is_remembered_of_what_was_heard(
    stand_in: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[GatewayClient] = []
    monkeypatch.setattr(gateway_app, "GatewayClient", client_of(made))
    guild = stand_in.guild()
    room, ana = guild.text("help"), guild.member("Ana")
    async with running(stand_in) as at:
        message = await made[0].get_partial_messageable(room.id).send(view=step("Restart it", "again"))
        del message
        for _ in range(20):
            await ana.presses(stand_in.messages(room)[0], "Press again", waits=False)
            await ana.writes(room, "words")
        await stand_in.until(lambda: len(at.ear.heard) >= 40)
        state = made[0]._connection
        assert (len(made[0].guilds), len(made[0].cached_messages), len(state._view_store._views)) == (0, 0, 0)
        assert (len(state._private_channels), len(made[0].users), len(made[0].hearing)) == (0, 1, 0)


async def test_the_library_is_pointed_back_at_discord(stand_in: Discord) -> None:
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    with aimed("http://127.0.0.1:1/api/", "ws://127.0.0.1:1/gateway"):
        assert Route("GET", "/users/@me").url == "http://127.0.0.1:1/api/users/@me"
    assert before[0] == Route.BASE
    assert before[1] == DiscordWebSocket.DEFAULT_GATEWAY


async def test_a_gateway_that_was_set_is_the_one_whatever_the_api_says(
    stand_in: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = HTTPClient.get_bot_gateway

    async def elsewhere(http: HTTPClient) -> tuple[int, str, Any]:
        shards, _, limits = await asked(http)
        return shards, "ws://127.0.0.1:9/", limits

    monkeypatch.setattr(HTTPClient, "get_bot_gateway", elsewhere)
    async with running(stand_in):
        assert len(stand_in.gateway.identified) == 1


async def test_processes_that_start_together_share_the_sessions_of_a_day(stand_in: Discord) -> None:
    store = store_in_memory()
    async with running(stand_in, store=store), running(stand_in, store=store, connected=False):
        await stand_in.until(lambda: len(stand_in.calls("GET", "/gateway/bot")) >= 3)
        assert len(stand_in.gateway.identified) == 1
    await store.close()
