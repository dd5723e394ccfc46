"""Tests the names of roles and channels in a message: read once, and left out where Discord does not tell them."""

import aiohttp
import pytest

from adapters.discord.api.client import DiscordClient
from adapters.discord.mention_names import NAME_KEPT_S, MentionNames
from tests.fakes.discord import Discord


@pytest.mark.row("discord", "Someone mentions a role or channel whose name the bot can't read")
async def test_each_name_is_asked_for_once_an_hour_and_may_be_missing() -> None:
    async with Discord.running() as discord, aiohttp.ClientSession() as session:
        client = DiscordClient(discord.token, session, discord.api)
        guild = discord.guild("Acme")
        role, help_ = guild.role("Agents"), guild.text("help")
        now = [1000.0]
        names = MentionNames(client, lambda: now[0])
        message = {"guild_id": str(guild.id), "content": f"<@&{role.id}> <#{help_.id}> <@&5> <#6>"}
        told = {str(role.id): "Agents", str(help_.id): "help", "6": ""}
        assert await names.of(message) == told
        assert await names.of(message | {"author": {"bot": True}}) == {}
        assert await names.of({"content": "no one"}) == {}
        asked = _asked(discord)
        assert await names.of({"content": f"<#{help_.id}> <#6>"}) == {str(help_.id): "help", "6": ""}
        assert _asked(discord) == asked
        now[0] += NAME_KEPT_S + 1
        forward = {"message_snapshots": [{"message": {"content": f"<#{help_.id}>"}}]}
        assert await names.of(forward) == {str(help_.id): "help"}
        assert _asked(discord) == asked + 1
        await client.close()


def _asked(discord: Discord) -> int:
    return len(discord.calls("GET", "/channels/*"))
