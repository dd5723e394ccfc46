"""Tests people's profiles from Slack: they are cached, never waited for long, and never a reason to fail."""

from collections.abc import AsyncIterator, Callable

import pytest

from adapters.slack.api.addresses import Person
from adapters.slack.api.client import INTERACTION_TIMEOUT_S, SlackClient, session
from adapters.slack.api.users import (
    GROUP_KEPT_S,
    GROUP_RETRY_S,
    PERSON_KEPT_S,
    REMEMBERED,
    Directory,
    IdentityUnknown,
    Known,
)
from tests.fakes.slack import Slack

ANA = Person(team="T1", user="U1")
ANA_KNOWN = Known(name="ana", locale="de-DE", zone="Europe/Berlin", team="T1", ids=("U1",), answered=True)
Make = Callable[..., Directory]


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as running:
        running.person("U1", name="Ana", locale="de-DE", tz="Europe/Berlin")
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def make(slack: Slack, clock: Clock) -> AsyncIterator[Make]:
    opened = session()
    yield lambda *agents: Directory(SlackClient(opened, lambda _team: slack.token, slack.api), agents, clock)
    await opened.close()


async def test_a_person_is_asked_about_once_an_hour(slack: Slack, clock: Clock, make: Make) -> None:
    directory = make()
    assert await directory.known(ANA, "T1") == ANA_KNOWN
    clock.now += PERSON_KEPT_S - 1
    assert await directory.known(ANA, "T1") == ANA_KNOWN
    assert len(slack.calls("users.info")) == 1
    clock.now += 2
    slack.workspace.users["U1"].locale = "fr-FR"
    assert (await directory.known(ANA, "T1")).locale == "fr-FR"


async def test_where_slack_does_not_tell_what_was_known_is_still_believed(
    slack: Slack, clock: Clock, make: Make
) -> None:
    directory = make()
    assert await directory.known(Person(team="T1", user="U0GONE"), "T1") == Known(answered=True)
    await directory.known(ANA, "T1")
    clock.now += PERSON_KEPT_S + 1
    slack.faults.answer("users.info", 500)
    assert await directory.known(ANA, "T1") == ANA_KNOWN
    slack.faults.html("users.info")
    assert await directory.known(ANA, "T1") == ANA_KNOWN


async def test_nobody_waits_long_for_a_name(slack: Slack, make: Make) -> None:
    slack.faults.delay("users.info", 2 * INTERACTION_TIMEOUT_S)
    assert await make().known(ANA, "T1") == Known()


async def test_no_more_people_are_remembered_than_there_is_room_for(slack: Slack, make: Make) -> None:
    directory = make()
    directory._known |= {f"U{n}": (1e9, Known()) for n in range(10, REMEMBERED + 10)}
    await directory.known(ANA, "T1")
    assert len(directory._known) == REMEMBERED


async def test_agents_are_those_named_and_the_members_of_groups_named(slack: Slack, make: Make) -> None:
    slack.usergroup("S1", "U5")
    directory = make("@u9", "S1")
    found = [await directory.is_agent(Person(team="T1", user=user), "T1") for user in ("U9", "U5", "U1")]
    assert found == [True, True, False]
    assert len(slack.calls("usergroups.users.list")) == 1


async def test_a_namesake_in_another_team_is_no_agent(slack: Slack, make: Make) -> None:
    slack.usergroup("S1", "U5")
    for user in ("U9", "U5"):
        assert not await make("U9", "S1").is_agent(Person(team="T2", user=user), "T1")


async def test_who_left_the_group_is_an_agent_for_five_minutes_at_most(
    slack: Slack, clock: Clock, make: Make
) -> None:
    slack.usergroup("S1", "U1")
    directory = make("S1")
    assert await directory.is_agent(ANA, "T1")
    slack.usergroup("S1")
    clock.now += GROUP_KEPT_S + 1
    assert not await directory.is_agent(ANA, "T1")


async def test_where_slack_does_not_tell_it_is_asked_again_soon(
    slack: Slack, clock: Clock, make: Make
) -> None:
    slack.usergroup("S1", "U1")
    directory = make("S1")
    slack.faults.answer("usergroups.users.list", 500)
    assert not await directory.is_agent(ANA, "T1")
    assert not await directory.is_agent(ANA, "T1")
    assert len(slack.calls("usergroups.users.list")) == 1
    with pytest.raises(IdentityUnknown):
        await directory.recognizes(ANA, "T1")
    assert not await directory.recognizes(Person(team="T2", user="U1"), "T1")
    clock.now += GROUP_RETRY_S + 1
    assert await directory.recognizes(ANA, "T1")
    assert not await directory.recognizes(Person(team="T1", user="U5"), "T1")
    clock.now += GROUP_KEPT_S + 1
    slack.faults.answer("usergroups.users.list", 500)
    assert await directory.is_agent(ANA, "T1")


async def test_no_one_of_a_group_that_slack_does_not_show_is_an_agent(slack: Slack, make: Make) -> None:
    assert not await make("S0NONE").recognizes(ANA, "T1")
    slack.faults.refuse("usergroups.users.list", "missing_scope")
    assert not await make("S1").recognizes(ANA, "T1")
