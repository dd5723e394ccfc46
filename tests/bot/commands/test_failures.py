"""Tests that expected failures print one line and set an exit code, without a traceback."""

import subprocess
import sys

import pytest

from tests.bot.commands.support.shell import Shell

COMMANDS = (
    "run",
    "web",
    "worker",
    "chat",
    "flows list",
    "flows check",
    "flows test",
    "tickets",
    "outbox",
    "unmatched",
    "doctor",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_wrong_setting_stops_it_with_its_name_and_what_is_expected(shell: Shell, command: str) -> None:
    result = shell.run(*command.split(), PORT="eighty")
    assert result.exit_code == 2
    assert "PORT: " in result.stderr
    assert "'eighty'" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "command", ["run", "worker", "chat", "tickets", "tickets 7", "outbox", "outbox retry x", "unmatched"]
)
def test_a_store_that_is_not_there_is_one_clear_line(shell: Shell, command: str) -> None:
    result = shell.run(*command.split(), REDIS_URL="redis://127.0.0.1:1/0")
    assert result.exit_code == 1
    assert result.stderr.startswith("Cannot reach the store: ")
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "command",
    ["", "run", "web", "worker", "chat", "play", "tickets", "outbox", "outbox retry", "unmatched"]
    + ["doctor", "flows", "store", "store accept"]
    + [f"flows {word}" for word in ("list", "check", "test", "schema")],
)
def test_every_command_has_a_help_worth_reading(shell: Shell, command: str) -> None:
    result = shell.run(*command.split(), "--help")
    assert result.exit_code == 0
    assert len(result.stdout.split()) > 20
    assert all(len(line) <= 100 for line in result.stdout.splitlines())


def test_an_unknown_command_is_a_wrong_call(shell: Shell) -> None:
    assert shell.run("rnu").exit_code == 2
    assert shell.run().exit_code == 2


def test_a_flow_nobody_knows_names_those_that_are_known(shell: Shell) -> None:
    result = shell.run("chat", "connection-not-activ")
    assert result.exit_code == 2
    assert "Did you mean connection-not-active?" in result.stderr


def test_a_flow_file_with_errors_tells_them_and_begins_nothing(shell: Shell) -> None:
    result = shell.run("chat", shell.write("lamp.yaml", "flow: lamp\n"))
    assert result.exit_code == 1
    assert result.stderr.startswith("lamp.yaml:1:1: ")
    assert "Fix them and try again." in result.stderr


def test_a_reader_that_has_read_enough_is_no_error(shell: Shell) -> None:
    begun = subprocess.run(
        f"{sys.executable} -m bot flows schema | head -n 1; exit ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        cwd=shell.here,
        env=shell.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert begun.stdout == "{\n"
    assert begun.stderr == ""


def test_help_is_there_at_once_since_nothing_heavy_is_imported(shell: Shell) -> None:
    heavy = "pydantic redis fastapi rich.console yaml structlog rapidfuzz transitions markdown_it"
    code = (
        "import sys, bot.__main__; bot.__main__.application();"
        f"print(*[name for name in {heavy.split()!r} if name in sys.modules])"
    )
    assert shell.process(code=code).stdout.strip() == ""
