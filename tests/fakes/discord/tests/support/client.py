"""Provides a small client of discord.py for the tests of the stand-in itself."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import discord
from discord import app_commands, ui

from tests.fakes.discord.client_address import pointed_at

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=True)


class Bot(discord.AutoShardedClient):
    """A client with `/fix`, a message command, buttons that lead on, one that opens a form, and a log of all events."""

    def __init__(self, intents: discord.Intents = INTENTS, **options: Any) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.01, max_messages=None, **options)
        self.started: asyncio.Task[None]
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.events: list[str] = []
        self.pressed: list[str] = []
        self.failures: list[int] = []
        self.submitted: dict[str, Any] = {}
        self._commands()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Skip the five seconds before each further IDENTIFY."""

    def _commands(self) -> None:
        @self.tree.command(name="fix", description="Fix it")
        async def fix(interaction: discord.Interaction, problem: str) -> None:
            await interaction.response.send_message(view=step(problem, "step:1"))

        @fix.autocomplete("problem")
        async def offer(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{typed}ection", value="connection")]

        @self.tree.context_menu(name="Troubleshoot this")
        async def this(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"about: {message.content}", ephemeral=True)

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_socket_event_type(self, name: str) -> None:
        self.events.append(name)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        data: Any = interaction.data
        if interaction.type is discord.InteractionType.modal_submit:
            self.submitted = data
            await interaction.response.send_message("thank you", ephemeral=True)
        if interaction.type is not discord.InteractionType.component:
            return
        self.pressed.append(str(interaction.custom_id))
        try:
            await self._press(interaction, str(interaction.custom_id))
        except discord.HTTPException as refused:
            self.failures.append(refused.code)

    async def _press(self, interaction: discord.Interaction, pressed: str) -> None:
        if pressed == "ask":
            await interaction.response.send_modal(Question())
        elif pressed == "later":
            await interaction.response.defer(thinking=True, ephemeral=True)
            await interaction.edit_original_response(content="here it is")
        else:
            await interaction.response.edit_message(view=step("Restart it", "step:2"))


class Question(ui.Modal):
    """A form with a text field and files."""

    def __init__(self) -> None:
        super().__init__(title="A person will look", custom_id="question")
        words: ui.TextInput[Question] = ui.TextInput(custom_id="words", style=discord.TextStyle.paragraph)
        self.add_item(ui.Label(text="What happened?", component=words))
        files: ui.FileUpload[Question] = ui.FileUpload(custom_id="files", required=False)
        self.add_item(ui.Label(text="Pictures", component=files))
        self.stop()


def step(title: str, *custom_ids: str) -> ui.LayoutView:
    """Make a card with buttons, about which nothing is remembered."""
    view = ui.LayoutView(timeout=None)
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for custom_id in custom_ids:
        row.add_item(ui.Button(label=f"Press {custom_id}", custom_id=custom_id))
    view.add_item(ui.Container(ui.TextDisplay(f"## {title}"), row))
    view.stop()
    return view


@asynccontextmanager
async def online(token: str, *bots: Bot) -> AsyncIterator[tuple[Bot, ...]]:
    """Connect these clients and register their commands, until the end."""
    async with AsyncExitStack() as stack:
        for bot in bots:
            await stack.enter_async_context(bot)
            await bot.login(token)
            # The library names itself in no response to an interaction.
            bot.http._HTTPClient__session.headers["User-Agent"] = bot.http.user_agent  # type: ignore[attr-defined]  # no public name
            bot.started = asyncio.create_task(bot.connect())
            stack.callback(bot.started.cancel)
            await asyncio.wait_for(bot.wait_until_ready(), 5)
            await bot.tree.sync()
        yield bots


async def alone(api: str, gateway_url: str, token: str) -> None:
    """Run a client in its own process until it is killed."""
    with pointed_at(api, gateway_url):
        async with online(token, Bot()) as (bot,):
            await bot.started


if __name__ == "__main__":
    asyncio.run(alone(*sys.argv[1:]))
