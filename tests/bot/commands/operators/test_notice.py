"""Tests notices and pauses from the command line."""

from tests.bot.commands.support.shell import Shell

FLOW = "connection-not-active"


def test_a_notice_is_set_listed_and_taken_back(shell: Shell) -> None:
    assert shell.run("notice", "list").stdout == "No notices and no paused flows.\n"
    done = shell.run("notice", "set", FLOW, "Syncing is slow\n today.")
    assert done.exit_code == 0, done.output
    assert shell.run("notice", "list").stdout == f"{FLOW}: Syncing is slow today.\n"
    assert shell.run("notice", "clear", FLOW).exit_code == 0
    assert shell.run("notice", "list").stdout == "No notices and no paused flows.\n"


def test_a_flow_is_paused_and_goes_on(shell: Shell) -> None:
    assert shell.run("flows", "pause", FLOW).exit_code == 0
    assert f"{FLOW} is paused" in shell.run("notice", "list").stdout
    assert shell.run("flows", "resume", FLOW).exit_code == 0
    assert shell.run("notice", "list").stdout == "No notices and no paused flows.\n"


def test_what_is_of_no_use_is_refused(shell: Shell) -> None:
    for words in (("notice", "set", "moon", "x"), ("flows", "pause", "moon")):
        result = shell.run(*words)
        assert result.exit_code == 2
        assert FLOW in result.output
    assert shell.run("notice", "set", FLOW, " ").exit_code == 2
    assert shell.run("notice", "set", FLOW, "x" * 301).exit_code == 2
