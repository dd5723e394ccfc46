"""Tests whom the stand-in for Slack notifies of a message: as Slack does, not everyone in a thread."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.slack import Person, Slack
from tests.fakes.slack.chat import post


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as slack:
        slack.channel("C1", "desk")
        yield slack


@pytest.fixture
def max_(slack: Slack) -> Person:
    return slack.person("U9MAX", name="Max")


def says(slack: Slack, text: str, thread: str = "", **more: object) -> str:
    """Let the app post. Return the ts."""
    args = {"channel": "C1", "text": text, "thread_ts": thread, **more}
    return str(post(slack.workspace, args)["ts"])


async def test_a_thread_notifies_those_who_follow_it(slack: Slack, max_: Person) -> None:
    root = says(slack, "a ticket")
    says(slack, "no one follows yet", root)
    assert slack.notified(max_) == []
    says(slack, "<@U9MAX> look", root)
    says(slack, "and more", root)
    assert [one["text"] for one in slack.notified(max_)] == ["<@U9MAX> look", "and more"]
    assert slack.notified("U1") == []


async def test_who_writes_in_a_thread_follows_it_from_then_on(slack: Slack, max_: Person) -> None:
    root = says(slack, "a ticket")
    says(slack, "before", root)
    await max_.writes("C1", "a note", thread=root)
    slack.workspace.keep(
        slack.workspace.channels["C1"],
        {"ts": "9999999999.000001", "user": "U1", "text": "after", "thread_ts": root},
    )
    assert [one["text"] for one in slack.notified(max_)] == ["after"]


async def test_with_blocks_the_mentions_in_the_blocks_count(slack: Slack, max_: Person) -> None:
    slack.usergroup("S0DESK", "U9MAX")
    escaped = {"type": "section", "text": {"type": "mrkdwn", "text": "&lt;@U9MAX&gt;"}}
    says(slack, "<@U9MAX>", blocks=[escaped])
    assert slack.notified(max_) == []
    group = {"type": "section", "text": {"type": "mrkdwn", "text": "<!subteam^S0DESK>"}}
    says(slack, "new", blocks=[group])
    inside = {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U9MAX"}]}
    says(slack, "named", blocks=[{"type": "rich_text", "elements": [inside]}])
    assert [one["text"] for one in slack.notified(max_)] == ["new", "named"]


async def test_direct_messages_notify_their_person(slack: Slack, max_: Person) -> None:
    says(slack, "psst", channel=max_.dm)
    assert [one["text"] for one in slack.notified(max_)] == ["psst"]
