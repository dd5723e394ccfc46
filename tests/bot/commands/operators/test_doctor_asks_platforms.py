"""Tests that `doctor` asks Slack about its token and the agents' channels."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from adapters.slack.api.channel_ids import ChannelIds
from adapters.storage.store import open_store
from tests.bot.commands.operators.test_doctor import free_port, told
from tests.bot.commands.support.shell import Shell
from tests.fakes.slack import Slack


@pytest.fixture
def slack() -> Iterator[Slack]:
    """Run a Slack that answers while this process waits for a command: in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    running = asyncio.run_coroutine_threadsafe(Slack.start(), loop).result(10)
    running.channel("C1DESK", "desk")
    running.channel("C2LAMPS", "with-lamps", shared=True)
    yield running
    asyncio.run_coroutine_threadsafe(running.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def doctor(shell: Shell, **given: str) -> str:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-stand-in", "SLACK_APP_TOKEN": "xapp-1-stand-in"}
    return shell.run("doctor", **{"PORT": free_port(), **tokens, **given}).stdout


@pytest.mark.row(
    "slack",
    "The agents' channel doesn't exist, doesn't have the bot in it, or is shared with another company",
)
def test_the_doctor_asks_slack_about_the_token_and_the_agents_channels(shell: Shell, slack: Slack) -> None:
    good = doctor(shell, SLACK_API_URL=slack.api, DESK_ROOM="slack:C1DESK")
    assert told(good, "Slack token").startswith("ok Slack token works")
    assert told(good, "Slack channel").startswith("ok Slack channel #desk (C1DESK) works")
    leaks = doctor(shell, SLACK_API_URL=slack.api, DESK_ROOM="slack:C2LAMPS")
    assert told(leaks, "Slack channel").startswith("NO Slack channel #with-lamps (C2LAMPS) is shared with")
    slack.revoke()
    revoked = doctor(shell, SLACK_API_URL=slack.api, DESK_ROOM="slack:C1DESK")
    assert told(revoked, "Slack token").startswith("NO Slack token SLACK_BOT_TOKEN was revoked")


async def record(data: Path, old: str, new: str) -> None:
    """Record that a channel has another id, as a process does that hears of it."""
    store = await open_store(None, data)
    ids = ChannelIds()
    ids.attach(store.bookmarks)
    await ids.change(old, new)
    await store.close()


def test_the_doctor_names_the_new_id_of_an_agents_channel(shell: Shell, slack: Slack) -> None:
    slack.channel("C3NEW", "moved")
    asyncio.run(record(shell.here / "data", "C3OLD", "C3NEW"))
    told_of = doctor(shell, SLACK_API_URL=slack.api, DESK_ROOM="slack:C3OLD")
    assert told(told_of, "Slack channel").startswith("-- Slack channel #moved (C3OLD) now has the id C3NEW")
