"""Tests the one rule for who a person is: what a payload claims, what Slack confirms, and what stays apart."""

from collections.abc import AsyncIterator

import pytest

from adapters.slack.api.addresses import Person
from adapters.slack.api.client import SlackClient, session
from adapters.slack.api.identity import People, workspace_of
from adapters.slack.api.preflight import Identity
from adapters.slack.api.users import Directory, IdentityUnknown
from adapters.slack.inbound.events import HomeOpened
from tests.fakes.slack import Slack

OURS = Identity(token="xoxb-stand-in", team="T1", bot_user="U0BOT", bot_id="B0BOT", enterprise="E1")


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    """Run an organization with the workspaces T1 to T3, and people of two other companies."""
    async with Slack.running() as running:
        running.grid("E1", "T1", "T2", "T3")
        running.person("U1", name="Ana", team="T2")
        running.person("W7", name="Dora", team="T8", enterprise="E9", teams=("T8", "T9"))
        running.person("U5", name="Cleo", team="T5")
        yield running


@pytest.fixture
async def directory(slack: Slack) -> AsyncIterator[Directory]:
    opened = session()
    yield Directory(SlackClient(opened, lambda _team: slack.token, slack.api), ("W1",))
    await opened.close()


@pytest.mark.parametrize(
    ("team", "user", "named"),
    [
        ("", "U1", "slack:T1:U1"),
        ("T1", "U1", "slack:T1:U1"),
        ("T2", "U1", "slack:T1:U1"),
        ("T3", "U1", "slack:T1:U1"),
        ("E1", "U1", "slack:T1:U1"),
        ("T8", "W7", "slack:E9:W7"),
        ("E9", "W7", "slack:E9:W7"),
        ("T5", "U5", "slack:T5:U5"),
        ("E5", "U5", "slack:T5:U5"),
        ("T5", "U1", "slack:T5:U1"),
        ("E9", "U1", "slack:E9:U1"),
        ("T8", "U404", "slack:T8:U404"),
    ],
)
async def test_a_person_has_one_name_and_a_like_id_of_another_company_is_someone_else(
    directory: Directory, team: str, user: str, named: str
) -> None:
    people = People(directory, OURS)
    assert await people.of_actor(f"slack:{team}:{user}") == named


async def test_an_actor_of_another_channel_keeps_its_name(directory: Directory) -> None:
    people = People(directory, OURS)
    assert await people.of_actor("web:abc") == "web:abc"
    assert await people.all_names("web:abc") == ("web:abc",)


async def test_someone_may_be_recorded_under_every_workspace_of_theirs(directory: Directory) -> None:
    people = People(directory, OURS)
    ana = await people.all_names("slack:T1:U1")
    assert ana == ("slack:T1:U1", "slack:T2:U1", "slack:T3:U1", "slack:E1:U1")
    assert await people.all_names("slack:T5:U5") == ("slack:T5:U5",)
    assert set(await people.all_names("slack:E9:W7")) == {"slack:E9:W7", "slack:T8:W7", "slack:T9:W7"}


async def test_off_the_grid_no_one_of_ours_is_looked_up(slack: Slack, directory: Directory) -> None:
    people = People(directory, OURS.model_copy(update={"enterprise": ""}))
    assert await people.of_actor("slack:T1:U1") == "slack:T1:U1"
    assert await people.all_names("slack:T1:U1") == ("slack:T1:U1",)
    assert not slack.calls("users.info")


async def test_while_slack_does_not_answer_the_claim_stands(slack: Slack, directory: Directory) -> None:
    slack.faults.refuse("users.info", "fatal_error")
    people = People(directory, OURS)
    assert await people.of_actor("slack:T2:U1") == "slack:T2:U1"
    assert await people.of_actor("slack:T2:U1") == "slack:T1:U1"


async def test_no_request_is_handled_while_slack_does_not_say_whether_its_author_is_ours(
    slack: Slack, directory: Directory
) -> None:
    off_the_grid = People(directory, OURS.model_copy(update={"enterprise": ""}))
    slack.faults.refuse("users.info", "fatal_error", 5)
    for people, team in ((People(directory, OURS), "T2"), (People(directory, OURS), ""), (off_the_grid, "")):
        with pytest.raises(IdentityUnknown):
            await people.recognized(HomeOpened(person=Person(team=team, user="U1"), workspace="T1"))
    for people, team in ((People(directory, OURS), "T1"), (off_the_grid, "T1"), (off_the_grid, "T5")):
        opened = HomeOpened(person=Person(team=team, user="U1"), workspace="T1")
        assert await people.recognized(opened) == opened
    stranger = HomeOpened(person=Person(team="T8", user="U404"), workspace="T1")
    slack.faults.planned.clear()
    assert await People(directory, OURS).recognized(stranger) == stranger


async def test_an_agent_is_listed_by_the_id_of_the_organization_too(
    slack: Slack, directory: Directory
) -> None:
    opened = session()
    by_local_id = Directory(SlackClient(opened, lambda _team: slack.token, slack.api), ("U1",))
    assert await by_local_id.is_agent(Person(team="T1", user="W1"), "T1")
    assert not await by_local_id.is_agent(Person(team="T1", user="W5"), "T1")
    await opened.close()
    assert await directory.is_agent(Person(team="T1", user="U1"), "T1")
    assert not await directory.is_agent(Person(team="T5", user="U1"), "T1")
    assert not await directory.is_agent(Person(team="T1", user="U5"), "T1")


def test_an_event_belongs_to_our_workspace_if_a_sibling_or_the_organization_received_it() -> None:
    sibling = {"team_id": "T2", "authorizations": [{"enterprise_id": "E1", "team_id": None}]}
    assert workspace_of(sibling, OURS) == "T1"
    assert workspace_of({"team_id": "T5", "authorizations": [{"team_id": "T5"}]}, OURS) == "T5"
    assert workspace_of({"team_id": "T1"}, OURS) == "T1"
    assert workspace_of({}, OURS) == "T1"
