"""Tests what is said about the agents' channels: missing, without the bot, archived, or shared with another company."""

from collections.abc import AsyncIterator, Callable

import pytest

from adapters.slack.api.client import SlackClient, session
from adapters.slack.api.rooms import KEPT_S, PROBLEM_KEPT_S, Rooms
from bot.ports import PlatformCheck
from tests.fakes.slack import Slack

Make = Callable[[], Rooms]


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as running:
        running.channel("C1", "desk", private=True)
        running.channel("C2", "open-desk", joined=False)
        running.channel("C3", "old-desk", archived=True)
        running.channel("C4", "with-lamps", shared=True)
        running.channel("C5", "secret-desk", private=True, joined=False)
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def rooms(slack: Slack, clock: Clock) -> AsyncIterator[Rooms]:
    opened = session()
    yield Rooms(SlackClient(opened, lambda _team: slack.token, slack.api), clock)
    await opened.close()


@pytest.mark.parametrize(
    ("room", "what", "problem"),
    [
        ("C1", "channel #desk (C1)", ""),
        ("C2", "channel #open-desk (C2)", "does not have the bot in it; type /invite"),
        ("C3", "channel #old-desk (C3)", "is archived; unarchive it"),
        (
            "C4",
            "channel #with-lamps (C4)",
            "is shared with another company, whose people can read the tickets",
        ),
        ("C5", "channel C5", "does not exist, or is private and the bot is not in it"),
        ("C404", "channel C404", "does not exist, or is private and the bot is not in it"),
    ],
)
async def test_a_channel_that_agents_cannot_use_safely_is_named_with_what_to_do(
    rooms: Rooms, room: str, what: str, problem: str
) -> None:
    (check,) = await rooms.checks([room])
    assert (check.what, check.unchecked) == (what, "")
    assert check.problem.startswith(problem)
    assert bool(check.problem) is bool(problem)


async def test_without_the_scope_or_without_slack_a_channel_is_not_checked(
    slack: Slack, rooms: Rooms
) -> None:
    slack.web.scopes -= {"groups:read"}
    slack.faults.html("conversations.info")
    (away,) = await rooms.checks(["C1"])
    assert away.unchecked.startswith("Slack answers nothing readable")
    rooms.forget()
    (unscoped,) = await rooms.checks(["C1"])
    assert unscoped.unchecked.startswith("the app may not look at channels; add channels:read")


async def test_a_setting_that_names_an_old_id_is_worth_a_word(clock: Clock, slack: Slack) -> None:
    opened = session()
    client = SlackClient(opened, lambda _team: slack.token, slack.api)
    await client.channel_ids.change("G0OLD", "C1")
    (check,) = await Rooms(client, clock).checks(["G0OLD"])
    await opened.close()
    assert (check.what, check.problem) == ("channel #desk (G0OLD)", "")
    assert check.advice == "now has the id C1; put it into the settings"


async def test_what_is_mended_is_seen_within_seconds(slack: Slack, clock: Clock, rooms: Rooms) -> None:
    (before,) = await rooms.checks(["C2"])
    slack.workspace.channels["C2"].members.add(slack.workspace.bot_user)
    assert await rooms.checks(["C2"]) == (before,)
    clock.now += PROBLEM_KEPT_S
    assert await rooms.checks(["C2"]) == (PlatformCheck(what="channel #open-desk (C2)"),)
    clock.now += KEPT_S - 1
    await rooms.checks(["C2"])
    assert len(slack.calls("conversations.info")) == 2
