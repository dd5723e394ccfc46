"""The stand-in for Discord as the real client library meets it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import discord
from discord import app_commands, ui

from tests.fakes.discord import Discord
from tests.fakes.discord.pointing import stand_in

__all__ = ["stand_in"]

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=True)


class Bot(discord.Client):
    """A small bot with `/fix`, a button that moves on, and an ear for messages."""

    def __init__(self, intents: discord.Intents = INTENTS, **options: Any) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.01, max_messages=None, **options)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.pressed: list[str] = []
        self.posts: list[str] = []
        self.resumed = 0

        @self.tree.command(name="fix", description="Fix it")
        @app_commands.describe(problem="What is broken")
        async def fix(interaction: discord.Interaction, problem: str) -> None:
            await interaction.response.send_message(view=step(problem, "step:1"))

        @fix.autocomplete("problem")
        async def offer(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{typed}ection", value="connection")]

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_thread_create(self, thread: discord.Thread) -> None:
        self.posts.append(thread.name)

    async def on_resumed(self) -> None:
        self.resumed += 1

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            self.pressed.append(str(interaction.custom_id))
            await interaction.response.edit_message(view=step("Restart it", "step:2"))


def step(title: str, custom_id: str) -> ui.LayoutView:
    """A card with one button, that nothing is remembered of."""
    view = ui.LayoutView(timeout=None)
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow(ui.Button(label="Fixed it", custom_id=custom_id))
    view.add_item(ui.Container(ui.TextDisplay(f"## {title}"), row))
    view.stop()
    return view


@asynccontextmanager
async def online(stand_in: Discord, *bots: discord.Client) -> AsyncIterator[None]:
    """These clients connected, until the end."""
    tasks = [asyncio.create_task(bot.start(stand_in.token)) for bot in bots]
    async with AsyncExitStack() as stack:
        for task in tasks:
            stack.callback(task.cancel)
        for bot in bots:
            stack.push_async_callback(bot.close)
        await asyncio.gather(*(asyncio.wait_for(bot.wait_until_ready(), 5) for bot in bots))
        yield


async def test_a_client_logs_in_and_sees_its_guild(stand_in: Discord) -> None:
    guild = stand_in.guild("Workshop")
    guild.text("help")
    bot = Bot()
    async with online(stand_in, bot):
        assert [one.name for one in bot.guilds] == ["Workshop"]
        assert [one.name for one in bot.guilds[0].text_channels] == ["help"]
        assert bot.guilds[0].me.guild_permissions.manage_threads
        assert [one["name"] for one in stand_in.commands()] == ["fix"]


async def test_a_written_message_is_heard_and_answered(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room = guild.text("help")
    ana = guild.member("Ana")
    bot = Bot()
    async with online(stand_in, bot):
        await ana.writes(room, "my router is broken")
        await stand_in.until(lambda: bot.heard)
        assert bot.heard[0].content == "my router is broken"
        assert bot.heard[0].author.display_name == "Ana"
        await bot.heard[0].reply("restart it")
        assert [one.text for one in stand_in.messages(room)] == ["my router is broken", "restart it"]


async def test_a_command_is_answered_and_a_click_changes_the_message(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room = guild.text("help")
    ana = guild.member("Ana", locale="de")
    bot = Bot()
    async with online(stand_in, bot):
        assert await ana.types_into("fix", "problem", "conn") == [("connection", "connection")]
        asked = await ana.runs("fix", problem="Router")
        assert asked.text == "## Router"
        clicked = await ana.presses(stand_in.messages(room)[0], "Fixed it")
        assert [one.type for one in clicked.answers] == [7]
        assert [one.text for one in stand_in.messages(room)] == ["## Restart it"]
        assert bot.pressed == ["step:1"]
