"""Tests that a reply gets its mark although Slack fails for a moment: without it the agent would write it again."""

from collections.abc import Callable

import aiohttp
import pytest

from adapters.slack.agents.delivery_marks import MARK_AGAIN_S, DeliveryMarks
from adapters.slack.api.client import SlackClient
from adapters.slack.api.preflight import Identity
from bot.ports import ReplyStatus
from flows.conversation import Conversation
from tests.fakes.slack import Slack

Fail = Callable[[Slack, int], None]


def _broken(slack: Slack, times: int) -> None:
    slack.faults.answer("reactions.add", 503, times=times)


def _silent(slack: Slack, times: int) -> None:
    slack.faults.lose_answer("reactions.add", times)


def _busy(slack: Slack, times: int) -> None:
    slack.faults.busy("reactions.add", 1, times)


async def marked(fail: Fail, times: int) -> tuple[bool, list[float]]:
    """Mark a delivered reply while Slack fails so many times. Return whether it has its mark, and the pauses."""
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def identity() -> Identity:
        return Identity(
            token="xoxb-stand-in",
            team="T1",
            bot_user="U0BOT",
            bot_id="B0BOT",
            url="https://acme.slack.example/",
        )

    async with Slack.running() as slack, aiohttp.ClientSession() as session:
        desk, max_ = slack.channel("C9DESK"), slack.person("U9MAX")
        line = await max_.writes(desk, "!Yes")
        fail(slack, times)
        client = SlackClient(session, lambda _workspace: slack.token, slack.api)
        status = ReplyStatus(
            conversation=Conversation(id="11lju5g4yobkew6sic"),
            version=3,
            actor="slack:T1:U9MAX",
            thread=f"{desk}:{line}",
            line=f"{desk}:{line}",
            delivered=True,
        )
        await DeliveryMarks(client, identity, pause).mark(status)
        return (desk, line, "white_check_mark") in slack.workspace.reactions, pauses


@pytest.mark.parametrize("fail", [_broken, _silent, _busy])
async def test_a_reply_gets_its_mark_once_slack_answers_again(fail: Fail) -> None:
    there, pauses = await marked(fail, 2)
    assert there
    assert tuple(pauses) == MARK_AGAIN_S


async def test_a_reply_stays_without_its_mark_if_slack_keeps_failing() -> None:
    there, pauses = await marked(_broken, 9)
    assert not there
    assert tuple(pauses) == MARK_AGAIN_S
