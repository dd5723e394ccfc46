"""What an operator pastes where Slack's apps are made."""

import json

import pytest

from adapters.slack.manifest import manifest
from tests.bot.commands.shell import Shell


def test_the_manifest_for_socket_mode_is_printed_as_json(shell: Shell) -> None:
    result = shell.run("manifest", "slack")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == manifest()


def test_the_manifest_for_http_has_the_address(shell: Shell) -> None:
    result = shell.run("manifest", "slack", "--http", "https://help.example.com/")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == manifest(url="https://help.example.com")


@pytest.mark.parametrize(
    "words",
    [
        ("teams",),
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
