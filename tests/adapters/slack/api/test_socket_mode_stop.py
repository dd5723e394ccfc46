"""Tests sockets that are refused for good, and a process that stops: nothing stays open, nothing is lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from adapters.slack.api.preflight import PreflightRefused
from tests.adapters.slack.support.recording_handler import Ears
from tests.adapters.slack.support.socket_process import QUICK, Running, opens, running
from tests.fakes.slack import Person, Slack


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        slack.post.retry_after = (0.0, 0.0, 0.0)
        yield slack


@pytest.fixture
def ears(slack: Slack) -> Ears:
    return Ears(slack)


@pytest.fixture
def ana(slack: Slack) -> Person:
    return slack.person("U1", name="Ana")


# ---------------------------------------------------------------- being refused


@pytest.mark.parametrize("token", ["xapp-1-another", "xoxb-stand-in", ""])
async def test_a_wrong_app_token_ends_it_at_once_with_one_line(slack: Slack, ears: Ears, token: str) -> None:
    with capture_logs() as lines:
        process = Running(ears, app_token=token)
        with pytest.raises(PreflightRefused, match=r"^SLACK_APP_TOKEN [^\n]+$"):
            await process.task
    assert lines == []
    assert opens(slack) <= 2


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_an_app_token_that_is_refused_later_ends_it_too(
    slack: Slack, ears: Ears, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    process = Running(ears)
    await process.until(2)
    slack.faults.refuse("apps.connections.open", error)
    transport = slack.sockets.open[0].request.transport
    assert transport is not None
    transport.abort()
    with pytest.raises(PreflightRefused, match=error):
        await process.task
    await slack.until(lambda: not slack.sockets.open)
    assert opens(slack) == 3
    assert caplog.text == ""


# ---------------------------------------------------------------- stopping


async def test_who_stops_lets_what_is_being_heard_answer_and_takes_nothing_more(
    slack: Slack, ears: Ears, ana: Person
) -> None:
    process = Running(ears)
    await process.until(2)
    ears.held.clear()
    click = asyncio.create_task(ana.runs("/fix"))
    await slack.until(lambda: ears.begun)
    process.stop.set()
    await process.until(0)
    await ana.writes("C1", "too late")
    await slack.until(lambda: slack.deliveries[1].attempts)
    assert not process.task.done()
    ears.held.set()
    assert (await click).acked
    await process.task
    await slack.until(lambda: slack.sockets.open == [])
    assert len(ears.begun) == 1
    assert not slack.deliveries[1].acked
    async with running(ears):
        await slack.until(lambda: slack.deliveries[1].acked)
    assert ears.texts() == ["too late"]


async def test_who_stops_does_not_wait_for_ever(slack: Slack, ears: Ears, ana: Person) -> None:
    process = Running(ears, QUICK.model_copy(update={"drain": 0.05}))
    await process.until(2)
    ears.held.clear()
    await ana.writes("C1", "hello")
    await slack.until(lambda: ears.begun)
    with capture_logs() as lines:
        await process.stopped()
    assert any("was being handled" in line["event"] for line in lines)
    await slack.until(lambda: slack.sockets.open == [])
    assert not slack.deliveries[0].acked
    ears.held.set()


async def test_it_can_be_stopped_while_slack_is_away(slack: Slack, ears: Ears) -> None:
    slack.sockets.refuse()
    process = Running(ears)
    await slack.until(lambda: opens(slack) >= 4)
    await process.stopped()
    assert process.states == [0]


async def test_a_socket_that_is_gone_before_the_answer_breaks_nothing(
    slack: Slack, ears: Ears, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(ears, connections=1):
        ears.held.clear()
        await ana.writes("C1", "hello")
        await slack.until(lambda: ears.begun)
        slack.sockets.cut()
        await slack.until(lambda: slack.sockets.opened == 2)
        ears.held.set()
        await slack.settled()
        assert slack.deliveries[0].acked
        assert set(ears.texts()) == {"hello"}
    assert "Traceback" not in caplog.text
