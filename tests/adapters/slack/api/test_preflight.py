"""Tests the check of both tokens at the start: a definite refusal is one line, other failures may pass."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from adapters.slack.api.manifest import SCOPES
from adapters.slack.api.preflight import DEFINITE, Identity, PreflightRefused, check_app_token, identify
from tests.adapters.slack.support.recording_handler import client
from tests.fakes.slack import Slack


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as slack:
        yield slack


async def test_a_good_bot_token_says_whose_it_is(slack: Slack) -> None:
    who = await identify(client(slack), slack.token)
    at = slack.workspace
    assert (who.token, who.team, who.bot_user, who.bot_id) == (slack.token, "T1", at.bot_user, at.bot_id)
    assert who.url.startswith("https://")
    assert len(slack.calls()) == 1


async def test_a_token_is_not_shown_with_its_identity() -> None:
    who = Identity(token="xoxb-secret", team="T1", bot_user="U0", bot_id="B0")
    assert "secret" not in f"{who} {who!r}"


async def test_a_good_app_token_is_good(slack: Slack) -> None:
    await check_app_token(client(slack), slack.app_token)
    assert [call.method for call in slack.calls()] == ["apps.connections.open"]


@pytest.mark.parametrize(
    "token", ["", "xapp-1-stand-in", "xoxp-1", "xoxe.xoxb-1", " xoxb-stand-in", "Bearer xoxb-1"]
)
async def test_what_is_no_bot_token_is_not_even_sent(slack: Slack, token: str) -> None:
    with pytest.raises(PreflightRefused, match=r"^SLACK_BOT_TOKEN must start with xoxb-"):
        await identify(client(slack), token)
    assert slack.calls() == []


@pytest.mark.parametrize("token", ["", "xoxb-stand-in", "xapp"])
async def test_what_is_no_app_token_is_not_even_sent(slack: Slack, token: str) -> None:
    with pytest.raises(PreflightRefused, match=r"^SLACK_APP_TOKEN must start with xapp-.*connections:write"):
        await check_app_token(client(slack), token)
    assert slack.calls() == []


async def test_tokens_of_nobody_are_refused(slack: Slack) -> None:
    with pytest.raises(PreflightRefused, match=r"^SLACK_BOT_TOKEN is not valid.*\(invalid_auth\)$"):
        await identify(client(slack), "xoxb-of-nobody")
    with pytest.raises(PreflightRefused, match=r"^SLACK_APP_TOKEN is not valid.*\(invalid_auth\)$"):
        await check_app_token(client(slack), "xapp-of-nobody")


@pytest.mark.parametrize("error", sorted(DEFINITE))
async def test_a_definite_no_is_one_line_that_names_the_setting(slack: Slack, error: str) -> None:
    slack.faults.refuse("*", error, times=2)
    for asked, setting in (
        (identify(client(slack), slack.token), "SLACK_BOT_TOKEN"),
        (check_app_token(client(slack), slack.app_token), "SLACK_APP_TOKEN"),
    ):
        with pytest.raises(PreflightRefused) as refused:
            await asked
        told = str(refused.value)
        assert told.startswith(setting)
        assert told.endswith(f"({error})")
        assert "\n" not in told
        assert "stand-in" not in told


async def test_scopes_that_are_missing_are_named(slack: Slack) -> None:
    slack.web.scopes -= {"files:read", "commands", "reactions:write"}
    with pytest.raises(
        PreflightRefused, match=r"^SLACK_BOT_TOKEN lacks scopes \(commands, files:read\); add them"
    ):
        await identify(client(slack), slack.token)


async def test_a_token_of_a_whole_organization_is_refused(slack: Slack) -> None:
    slack.grid("E1", "T1", "T2")
    assert (await identify(client(slack), slack.token)).enterprise == "E1"
    slack.workspace.org_wide = True
    with pytest.raises(
        PreflightRefused, match=r"^SLACK_BOT_TOKEN belongs to an organization-wide installation; "
    ):
        await identify(client(slack), slack.token)


async def test_the_scopes_of_the_manifest_are_enough(slack: Slack) -> None:
    slack.web.scopes = set(SCOPES)
    assert (await identify(client(slack), slack.token)).team == "T1"


@pytest.mark.parametrize("error", ["ratelimited", "internal_error", "fatal_error", "service_unavailable"])
async def test_a_slack_that_is_busy_or_broken_refuses_nothing(slack: Slack, error: str) -> None:
    slack.faults.refuse("*", error, times=2)
    with pytest.raises(SlackApiError, match=error):
        await identify(client(slack), slack.token)
    with pytest.raises(SlackApiError, match=error):
        await check_app_token(client(slack), slack.app_token)


async def test_a_network_that_fails_or_answers_nonsense_refuses_nothing(slack: Slack) -> None:
    slack.faults.lose_answer("*", times=2)
    for asked in (identify(client(slack), slack.token), check_app_token(client(slack), slack.app_token)):
        with pytest.raises(aiohttp.ClientError):
            await asked
    for status in (200, 502):
        slack.faults.html("*", status, times=2)
        for asked in (identify(client(slack), slack.token), check_app_token(client(slack), slack.app_token)):
            with pytest.raises(SlackApiError):
                await asked
    await slack.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await identify(client(slack), slack.token)
