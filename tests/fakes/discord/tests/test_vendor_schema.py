"""Tests the stand-in's answers, and what it takes, against Discord's published API description."""

import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import ui

from tests.conftest import need
from tests.fakes.discord import Discord, api_description
from tests.fakes.discord.calls import Call
from tests.fakes.discord.client_address import stand_in
from tests.fakes.discord.tests.support.client import Bot, online, step

__all__ = ["stand_in"]

FOLDER = Path(__file__).parents[3] / "adapters" / "discord"

ANSWERS: dict[tuple[str, str], str] = {
    ("GET", "/users/@me"): "UserPIIResponse",
    ("GET", "/users/*"): "UserResponse",
    ("GET", "/oauth2/applications/@me"): "PrivateApplicationResponse",
    ("GET", "/gateway/bot"): "GatewayBotResponse",
    ("POST", "/interactions/**"): "InteractionCallbackResponse",
    ("PATCH", "/webhooks/**"): "MessageResponse",
    ("POST", "/channels/*/messages"): "MessageResponse",
    ("GET", "/channels/*/messages/*"): "MessageResponse",
    ("PATCH", "/channels/*/messages/*"): "MessageResponse",
    ("POST", "/channels/*/threads"): "CreatedThreadResponse",
    ("PATCH", "/channels/*"): "ThreadResponse",
    ("POST", "/users/@me/channels"): "PrivateChannelResponse",
    ("GET", "/guilds/*/members/*"): "GuildMemberResponse",
    ("GET", "/guilds/*"): "GuildWithCountsResponse",
    ("GET", "/guilds/*/threads/active"): "ThreadsResponse",
    ("POST", "/channels/*/webhooks"): "GuildIncomingWebhookResponse",
}
"""The name of each call's answer in Discord's description."""


@pytest.fixture(scope="session")
def against() -> Callable[[list[tuple[str, Any]]], list[str]]:
    """Return the faults of values by Discord's description, each value with its name there."""
    node = shutil.which("node")
    need("what npm brings for the tests of Discord", node and (FOLDER / "node_modules/.installed").is_file())

    def ask(values: list[tuple[str, Any]]) -> list[str]:
        asked = json.dumps([{"schema": schema, "value": value} for schema, value in values])
        command = [str(node), str(FOLDER / "judge_answers.mjs")]
        run = subprocess.run(command, check=False, input=asked, capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stderr
        found: list[str] = json.loads(run.stdout)
        return [f"{name}: {one}" for (name, _), one in zip(values, found, strict=True) if one]

    return ask


def everything() -> ui.LayoutView:
    """Make a card with every kind of component."""
    view = step("Look", "ask", "later")
    picture: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery(discord.MediaGalleryItem("attachment://a.png"))
    seen = ui.Thumbnail[ui.LayoutView]("https://example.org/a.png")
    options = [discord.SelectOption(label="Back"), discord.SelectOption(label="Later")]
    rows: list[Any] = [picture, ui.Section("beside it", accessory=seen), ui.Separator()]
    rows += [ui.File("attachment://a.png"), ui.ActionRow(ui.Select(custom_id="more", options=options))]
    for row in rows:
        view.add_item(row)
    return view


async def test_answers_are_what_discord_describes(
    stand_in: Discord, against: Callable[[list[tuple[str, Any]]], list[str]]
) -> None:
    guild = stand_in.guild()
    room, forum, ana, bot = guild.text("help"), guild.forum("f", tags=["solved"]), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        at: Any = bot.get_channel(room.id)
        said = await at.send(view=everything(), file=discord.File(io.BytesIO(b"png"), "a.png"))
        await said.add_reaction("✅")
        await at.fetch_message(said.id)
        plain = await ana.writes(room, "hello", reply_to=stand_in.messages(room)[0], files=[("a.txt", b"x")])
        await at.fetch_message(plain.id)
        await ana.presses(stand_in.messages(room)[0], "Press later")
        await ana.presses(stand_in.messages(room)[0], "Press ask")
        await ana.presses(stand_in.messages(room)[0], "Back")
        await ana.runs("fix", problem="x")
        await ana.uses_on_message("Troubleshoot this", plain)
        await (await at.create_thread(name="private", invitable=False)).edit(archived=True)
        posts: Any = bot.get_channel(forum.id)
        await posts.create_thread(name="post", content="x")
        await at.create_webhook(name="Relay")
        await (await bot.fetch_user(ana.id)).send("hello")
        await bot.guilds[0].fetch_member(ana.id)
        await bot.fetch_guild(guild.id, with_counts=False)
        await bot.guilds[0].active_threads()
    values = [
        (schema, call.answer)
        for (method, path), schema in ANSWERS.items()
        for call in stand_in.calls(method, path)
        if (call.path == "/users/@me") is (schema == "UserPIIResponse")
    ]
    values += [("ApplicationCommandResponse", one) for one in stand_in.commands()]
    values += [("MessageResponse", one.payload["message"]) for one in stand_in.interactions() if one.message]
    assert {name for name, _ in values} >= set(ANSWERS.values())
    assert against(values) == []


async def story(body: Any) -> None:
    """Run a story in which the stand-in takes a message with this body."""
    async with Discord.running() as discord:
        discord.server.calls.append(Call("POST", "/channels/1/messages", body, [], {}, {}, 0, status=200))


async def test_a_story_ends_with_what_discords_own_schemas_refuse() -> None:
    need("what npm brings for the tests of Discord", api_description.installed())
    await story({"content": "Plug it in.", "nonce": "c1.4"})
    with pytest.raises(AssertionError, match="Discord's own schemas refuse this"):
        await story({"content": "Plug it in.", "colour": 1})


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/channels/1/messages/2", {"content": "x" * 4001}),
        ("POST", "/channels/1/threads", {"name": "x" * 101, "type": 11}),
        ("PATCH", "/channels/1", {"archived": "yes"}),
        ("POST", "/webhooks/1/token", {"components": [{"type": 1, "components": []}]}),
        ("POST", "/interactions/1/token/callback", {"type": 9, "data": {"title": "Details"}}),
        ("PUT", "/applications/1/commands", [{"name": "x" * 33, "description": "Start"}]),
    ],
)
def test_every_kind_of_call_is_judged(method: str, path: str, body: Any) -> None:
    need("what npm brings for the tests of Discord", api_description.installed())
    call = Call(method, path, body, [], {}, {}, 0, status=200)
    assert list(api_description.faults_of_a_call(call))
