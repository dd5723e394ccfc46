"""Tests what is said about the user groups that make agents."""

from collections.abc import AsyncIterator

import pytest

from adapters.slack.api.agent_groups import AgentGroups
from adapters.slack.api.client import SlackClient, session
from tests.fakes.slack import Slack


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as running:
        running.usergroup("S1", "U1")
        running.usergroup("S2")
        yield running


@pytest.fixture
async def groups(slack: Slack) -> AsyncIterator[AgentGroups]:
    opened = session()
    client = SlackClient(opened, lambda _team: slack.token, slack.api)
    yield AgentGroups(client, ("S1", "@s2", "S404", "U1"))
    await opened.close()


@pytest.mark.row("slack", "A user group of `SLACK_AGENTS` doesn't exist, is empty, or can't be looked up")
async def test_a_group_that_makes_no_one_an_agent_is_named(slack: Slack, groups: AgentGroups) -> None:
    said = {check.what: check.problem.partition(";")[0] for check in await groups.checks()}
    assert said == {"group S1": "", "group S2": "has no members", "group S404": "does not exist"}
    await groups.checks()
    assert len(slack.calls("usergroups.users.list")) == 3, "the answers are kept for a minute"


async def test_without_the_scope_no_one_in_a_group_is_an_agent(slack: Slack, groups: AgentGroups) -> None:
    slack.web.scopes -= {"usergroups:read"}
    (check, *_others) = await groups.checks()
    assert check.problem.startswith("cannot be looked up, so no one in it is an agent; add usergroups:read")
