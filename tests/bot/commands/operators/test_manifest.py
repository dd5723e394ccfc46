"""Tests the manifest to paste into Slack, and the link that invites the bot to a Discord server."""

import json

import pytest

from adapters.discord.api.manifest import PERMISSIONS, invite
from adapters.slack.api.manifest import manifest
from tests.bot.commands.support.shell import Shell


def test_the_manifest_for_socket_mode_is_printed_as_json(shell: Shell) -> None:
    result = shell.run("manifest", "slack")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == manifest()


def test_the_manifest_for_http_has_the_address(shell: Shell) -> None:
    result = shell.run("manifest", "slack", "--http", "https://help.example.com/")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == manifest(url="https://help.example.com")


def test_the_invite_link_of_discord_is_printed_with_why_each_permission(shell: Shell) -> None:
    result = shell.run("manifest", "discord", DISCORD_TOKEN="MTAwMDAwMDAwMDAwMDAwMDAwMA.hidden.hidden")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == invite("1000000000000000000")
    assert all(
        f"{name} " in result.stdout and why in result.stdout for name, (_bit, why) in PERMISSIONS.items()
    )
    assert "Message Content" in result.stdout
    assert "hidden" not in result.output


def test_an_application_can_be_named_before_there_is_a_token(shell: Shell) -> None:
    result = shell.run("manifest", "discord", "--application", "1234567890123456789")
    assert result.stdout.splitlines()[0] == invite("1234567890123456789")


@pytest.mark.parametrize(
    "words",
    [
        ("teams",),
        ("discord",),
        ("discord", "--application", "Troubletree"),
        ("slack", "--http", "help.example.com"),
        ("slack", "--http", "http://help.example.com"),
        ("slack", "--http", "https://"),
        ("slack", "--http", "https://[help"),
        ("slack", "--http", "https://help.example.com?a=b"),
    ],
)
def test_who_calls_it_wrongly_is_told_how_in_one_line(shell: Shell, words: tuple[str, ...]) -> None:
    result = shell.run("manifest", *words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
