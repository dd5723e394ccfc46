"""Tests `python -m bot slack`: one line for each problem, and a stop that loses nothing."""

import asyncio
import subprocess
from collections.abc import AsyncIterator

import pytest

from bot.commands.processes.lifetime import _slack_over_http
from bot.wiring.settings import load_settings
from tests.bot.commands.support.shell import Shell, lines_up_to
from tests.fakes.slack import Slack

TEXT = "Connection is not active"


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as running:
        running.channel("C1", "help")
        running.person("U1", name="Ana")
        yield running


def given(slack: Slack, **settings: str) -> dict[str, str]:
    """What an operator sets for it."""
    return {
        "SLACK_API_URL": slack.api,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_BOT_TOKEN": slack.token,
        "PORT": "0",
        **settings,
    }


async def answered(slack: Slack) -> str:
    """Ana mentions the bot and is answered; returns the thread."""
    thread = await slack.person("U1", name="Ana").mentions("C1", TEXT)
    await slack.until(lambda: slack.by_the_app("C1", thread))
    return thread


async def stopped(process: "subprocess.Popen[str]") -> str:
    """It is asked to stop, and ends well; returns what it said last. The stand-in goes on meanwhile."""
    process.terminate()
    said, errors = await asyncio.to_thread(process.communicate, timeout=30)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    return said


@pytest.mark.parametrize("missing", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_token_that_is_not_set_is_named(shell: Shell, missing: str) -> None:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    result = shell.run("slack", **{**tokens, missing: ""})
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [f"{missing} is not set. See docs/slack.md for where to find it."]


@pytest.mark.parametrize("command", ["slack", "run"])
@pytest.mark.parametrize(
    ("name", "token", "why"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-of-another", "is not valid"),
        ("SLACK_APP_TOKEN", "xapp-of-another", "is not valid"),
        ("SLACK_BOT_TOKEN", "of-another-form", "must start with xoxb-"),
        ("SLACK_APP_TOKEN", "of-another-form", "must start with xapp-"),
    ],
)
async def test_a_wrong_token_ends_it_with_one_line(
    shell: Shell, slack: Slack, command: str, name: str, token: str, why: str
) -> None:
    ended = await asyncio.to_thread(shell.process, command, **given(slack, **{name: token}))
    assert ended.returncode == 2, ended.stderr
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"{name} {why}")
    assert token not in ended.stdout + ended.stderr


async def test_everything_is_started_with_one_command_slack_included(shell: Shell, slack: Slack) -> None:
    with shell.running("run", **given(slack)) as process:
        said = await asyncio.to_thread(lines_up_to, process, "Slack")
        assert said[-1].split() == ["Slack", "connected"]
        await answered(slack)
        assert (await stopped(process)).endswith("Stopped. Nothing was lost.\n")


async def test_without_tokens_slack_is_left_alone(shell: Shell, slack: Slack) -> None:
    with shell.running("run", **given(slack, SLACK_BOT_TOKEN="", SLACK_APP_TOKEN="")) as process:
        await asyncio.to_thread(lines_up_to, process, "To stop")
        assert "Slack" not in await stopped(process)
    assert slack.calls() == []


async def test_who_is_asked_to_stop_finishes_what_is_under_way(shell: Shell, slack: Slack) -> None:
    with shell.running("slack", **given(slack)) as process:
        said = await asyncio.to_thread(lines_up_to, process, "Slack")
        assert said[0] == "Connecting to Slack. Start a worker as well."
        slack.faults.delay("chat.postMessage", 0.5)
        await answered(slack)
        assert (await stopped(process)).endswith("Stopped. Nothing was lost.\n")
    assert slack.sockets.open == []
    waiting = await asyncio.to_thread(shell.json, "outbox")
    assert waiting == {"waiting": [], "newer": [], "buried": [], "quarantined": []}


async def test_it_can_be_stopped_while_slack_is_away(shell: Shell, slack: Slack) -> None:
    slack.faults.answer("auth.test", 503, times=100)
    with shell.running("slack", **given(slack)) as process:
        await slack.until(lambda: slack.calls("auth.test"), 30)
        await stopped(process)


async def test_the_web_process_hears_slack_over_http(shell: Shell, slack: Slack) -> None:
    settings = given(slack, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=slack.signing_secret)
    with shell.running("web", **settings) as process:
        said = await asyncio.to_thread(lines_up_to, process, "To stop")
        page = next(line.split()[-1] for line in said if "http:" in line)
        slack.posts_to(f"{page.rstrip('/')}/slack/events")
        assert (await slack.verifies()).acked
        await answered(slack)
        forged = await slack.http.post(b"{}", {"Content-Type": "application/json"})
        assert forged.status == 401
        await stopped(process)
    assert slack.sockets.opened == 0


async def test_over_http_run_says_where_slack_sends_events(shell: Shell, slack: Slack) -> None:
    over_http = given(slack, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="s" * 32)
    with shell.running("run", **over_http, PUBLIC_URL="https://help.lamps.example") as process:
        said = await asyncio.to_thread(lines_up_to, process, "To stop")
        process.terminate()
        await asyncio.to_thread(process.communicate, timeout=30)
    assert any(
        "Slack      receives events at https://help.lamps.example/slack/events" in line for line in said
    )


def test_half_an_app_of_slack_is_said_and_sockets_are_said_later() -> None:
    page = "http://127.0.0.1:8000"
    assert _slack_over_http(load_settings({}), page) == ()
    assert _slack_over_http(load_settings({"SLACK_BOT_TOKEN": "b", "SLACK_APP_TOKEN": "a"}), page) == ()
    (said,) = _slack_over_http(load_settings({"SLACK_BOT_TOKEN": "b"}), page)
    assert "receives nothing: set SLACK_APP_TOKEN" in said
