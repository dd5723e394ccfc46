"""Tests the names behind ids in a message: read once, sent along or looked up, and never waited for long."""

from collections.abc import AsyncIterator, Callable

import pytest

from adapters.slack.api.client import SlackClient, session
from adapters.slack.api.users import Directory
from adapters.slack.mention_names import NAME_KEPT_S, MentionNames
from tests.adapters.slack.support.workspace import open_office
from tests.fakes.slack import Slack
from tests.fakes.slack.composer import rich
from tests.fakes.wait import until

Make = Callable[..., MentionNames]
MESSAGE = {"text": "<@U1> <#C1> <!subteam^S1>", "blocks": rich("<@U1> <#C1> <!subteam^S1>")}
NAMES = {"U1": "ana", "C1": "help", "S1": "group-s1"}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as running:
        running.person("U1", name="Ana")
        running.channel("C1", "help")
        running.workspace.usergroups["S1"] = ["U1"]
        yield running


@pytest.fixture
async def make(slack: Slack) -> AsyncIterator[Make]:
    opened = session()
    client = SlackClient(opened, lambda _team: slack.token, slack.api)
    yield lambda **how: MentionNames(client, Directory(client), **how)
    await opened.close()


async def test_each_name_is_asked_for_once_an_hour(slack: Slack, make: Make) -> None:
    now = [1000.0]
    names = make(now=lambda: now[0])
    assert await names.of(MESSAGE, "T1") == NAMES
    assert await names.of(MESSAGE, "T1") == NAMES
    assert len(slack.calls("conversations.info")) == len(slack.calls("usergroups.list")) == 1
    now[0] += NAME_KEPT_S + 1
    await names.of(MESSAGE, "T1")
    assert len(slack.calls("conversations.info")) == 2


async def test_a_name_that_slack_does_not_tell_is_left_out(slack: Slack, make: Make) -> None:
    names = make()
    assert await names.of({"text": "<#C404> <@U404> <!subteam^S404>"}, "T1") == {
        "C404": "",
        "U404": "",
        "S404": "",
    }
    assert await names.of({"text": "<#C1|help>"}, "T1") == {"C1": "help"}
    assert await names.of({"text": "no one"}, "T1") == {}
    assert await names.of(MESSAGE | {"bot_id": "B1"}, "T1") == {}
    asked = [call.args.get("channel") for call in slack.calls("conversations.info")]
    assert asked == ["C404"]


@pytest.mark.row("slack", "Slack doesn't tell in half a second who is mentioned in a message")
async def test_a_message_does_not_wait_for_a_name_but_the_next_one_has_it(make: Make) -> None:
    names = make(wait_s=0)
    assert await names.of(MESSAGE, "T1") == {"U1": "", "C1": "", "S1": ""}

    async def known() -> bool:
        return await names.of(MESSAGE, "T1") == NAMES

    await until(known)


async def test_no_name_is_asked_for_a_message_that_is_not_for_the_bot() -> None:
    async with open_office() as office:
        ana = office.ana
        talk = await office.write(ana, f"<#{office.help}> is where <@U0ELSE> asks", channel=office.help)
        assert not office.slack.calls("conversations.info")
        assert "U0ELSE" not in str(office.slack.calls("users.info"))
        thread = await office.mention(ana, "lamp is dark")
        await office.write(ana, "<@U0ELSE> knows", thread)
        assert "U0ELSE" in str(office.slack.calls("users.info"))
        assert talk != thread
