"""Tests REST calls as the bot, even in a process without a gateway: each call goes to the configured address."""

import aiohttp
import pytest

from adapters.discord.api.client import DiscordClient, user_agent
from tests.fakes.discord import Discord


async def test_logging_in_goes_where_all_calls_go_and_the_token_nowhere_else() -> None:
    async with Discord.running() as discord, aiohttp.ClientSession() as session:
        calls = DiscordClient(discord.token, session, discord.api)
        identity = await calls.identity()
        await calls.close()
        assert identity.bot == str(discord.bot.id)
        assert [call.path for call in discord.calls("GET", "**")][:2] == ["/users/@me", "/applications/@me"]


async def test_after_an_intent_was_refused_nobody_counts_on_reading_what_is_typed() -> None:
    async with Discord.running(message_content=True) as discord, aiohttp.ClientSession() as session:
        calls = DiscordClient(discord.token, session, discord.api)
        assert (await calls.identity()).content
        calls.enters(plain=True)
        assert not (await calls.identity()).content
        calls.enters(plain=False)
        assert (await calls.identity()).content
        discord.world.settings.message_content = False
        calls.enters(plain=False)
        assert not (await calls.identity()).content
        await calls.close()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://help.example/x", "DiscordBot (https://help.example/x, 0.1.0)"),
        ("https://a b)", "DiscordBot (https://a%20b%29, 0.1.0)"),
        ("", "DiscordBot (https://github.com/Rapptz/discord.py, 2.7.1)"),
        ("http://127.0.0.1:8000", "DiscordBot (https://github.com/Rapptz/discord.py, 2.7.1)"),
    ],
)
def test_every_request_names_the_bot_with_an_address_and_a_version(url: str, shown: str) -> None:
    assert user_agent(url) == shown
