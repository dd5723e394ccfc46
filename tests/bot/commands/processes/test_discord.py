"""Tests `python -m bot discord` as a process: it listens, is refused, stops; and finds platforms by their tokens."""

import asyncio
import re

import pytest

from bot.commands.processes.lifetime import _platforms
from bot.wiring.settings import load_settings
from tests.bot.commands.support.shell import Shell, lines_up_to
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in

__all__ = ["stand_in"]


def where(stand_in: Discord) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": stand_in.token,
        "DISCORD_API_URL": stand_in.api,
        "DISCORD_GATEWAY_URL": stand_in.gateway_url,
    }


def test_without_a_token_it_says_where_to_find_one(shell: Shell) -> None:
    result = shell.run("discord")
    assert result.exit_code == 2
    assert result.stderr == "DISCORD_TOKEN is not set. See docs/discord.md for where to find it.\n"


def test_run_hears_the_platforms_whose_tokens_are_set() -> None:
    assert _platforms(load_settings({})) == ()
    assert _platforms(load_settings({"DISCORD_TOKEN": "t"})) == ("discord",)
    both = {"DISCORD_TOKEN": "t", "SLACK_BOT_TOKEN": "b", "SLACK_APP_TOKEN": "a"}
    assert _platforms(load_settings(both)) == ("slack", "discord")


@pytest.mark.parametrize("command", ["discord", "run"])
async def test_it_is_heard_and_stops_when_asked(stand_in: Discord, shell: Shell, command: str) -> None:
    with shell.running(command, PORT="0", **where(stand_in)) as process:
        await stand_in.connected(seconds=30)
        await stand_in.until(stand_in.commands)
        heard = await asyncio.to_thread(lines_up_to, process, "Discord")
        process.terminate()
        said, errors = await asyncio.to_thread(process.communicate, timeout=30)
    assert process.returncode == 0, errors
    assert re.search(r"Discord +connected", heard[-1])
    assert said.endswith("Stopped. Nothing was lost.\n")
    assert "Traceback" not in errors
    assert stand_in.gateway.sessions == []


@pytest.mark.parametrize("command", ["discord", "run"])
async def test_a_refused_token_is_one_line_and_code_2(stand_in: Discord, shell: Shell, command: str) -> None:
    wrong = "MTAwMDAwMDAwMDAwMDAwMDAwMQ.wrong.hidden"
    settings = where(stand_in) | {"DISCORD_TOKEN": wrong}
    result = await asyncio.to_thread(shell.process, command, PORT="0", **settings)
    assert result.returncode == 2
    (line,) = [line for line in result.stderr.splitlines() if "DISCORD_TOKEN" in line]
    assert "Reset" in line or "reset" in line
    assert "Traceback" not in result.stderr
    assert "hidden" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"DISCORD_API_URL": "https://discord.com.evil.example/api"}, "DISCORD_API_URL"),
        ({"DISCORD_API_URL": "http://discord.com/api/v10"}, "DISCORD_API_URL"),
        ({"DISCORD_GATEWAY_URL": "wss://127.0.0.1@evil.example"}, "DISCORD_GATEWAY_URL"),
        ({"DISCORD_SHARD_IDS": "0,1"}, "DISCORD_SHARD_IDS"),
        ({"DISCORD_SHARD_IDS": "2", "DISCORD_SHARD_COUNT": "2"}, "DISCORD_SHARD_IDS"),
        ({"DISCORD_FORUMS": "support"}, "DISCORD_FORUMS"),
        ({"DISCORD_MESSAGE_CONTENT": "yes"}, "DISCORD_MESSAGE_CONTENT"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name(
    shell: Shell, settings: dict[str, str], name: str
) -> None:
    result = shell.run("discord", DISCORD_TOKEN="MTAwMDAwMDAwMDAwMDAwMDAwMA.hidden.hidden", **settings)
    assert result.exit_code == 2
    assert name in result.stderr
    assert "hidden" not in result.output
