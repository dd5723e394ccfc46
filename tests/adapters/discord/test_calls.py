"""REST as the bot, also in a process that hears no gateway: every call goes to the address that is set."""

import aiohttp

from adapters.discord.calls import Calls
from tests.fakes.discord import Discord


async def test_logging_in_goes_where_all_calls_go_and_the_token_nowhere_else() -> None:
    async with Discord.running() as discord, aiohttp.ClientSession() as session:
        calls = Calls(discord.token, session, discord.api)
        identity = await calls.identity()
        await calls.close()
        assert identity.bot == str(discord.bot.id)
        assert [call.path for call in discord.calls("GET", "**")][:2] == ["/users/@me", "/applications/@me"]
