"""Tests that an agent can let a customer in Slack or Discord continue the guide, by the customer's button."""

from collections.abc import AsyncIterator

import pytest

from flows.conversation import Status
from tests.adapters.slack.support.workspace import Json
from tests.fakes.discord import Channel, Discord, Message
from tests.fakes.discord.client_address import stand_in
from tests.fakes.slack import labels
from tests.stories.agents.support.discord_room import Desk, open_desk
from tests.stories.agents.support.slack_room import Room

__all__ = ["stand_in"]


@pytest.fixture
async def desk(stand_in: Discord) -> AsyncIterator[Desk]:
    async with open_desk(stand_in) as opened:
        yield opened


def offering(room: Room, thread: str, label: str) -> Json:
    """The newest message in Ana's thread that offers it."""
    found = [one for one in room.slack.by_the_app(room.office.help, thread) if label in labels(one)]
    assert found, label
    return found[-1]


def with_button(desk: Desk, thread: Channel, label: str) -> Message | None:
    found = [one for one in desk.discord.messages(thread) if label in one.buttons]
    return found[-1] if found else None


async def test_in_slack_they_go_on_once_they_are_let(room: Room) -> None:
    thread = await room.asked()
    await room.press(room.max, "Claim")
    await room.press(room.max, "Let the customer continue the guide")
    await room.press(room.ana, "Continue the guide", offering(room, thread, "Continue the guide"))
    at = await room.at(thread)
    assert (at.status, at.holder) == (Status.GUIDING, "")
    assert "continued the guide, as an agent allowed" in room.told()[-1]
    assert "🤖" in room.heads()[0]


async def test_in_slack_a_colleague_may_not_and_an_old_button_does_nothing(room: Room) -> None:
    thread = await room.asked()
    await room.press(room.max, "Claim")
    await room.press(room.max, "Let the customer continue the guide")
    shown = offering(room, thread, "Continue the guide")
    await room.press(room.kim, "Continue the guide", shown)
    assert (await room.at(thread)).status is Status.WITH_AGENT
    await room.press(room.max, "Release")
    await room.press(room.kim, "Claim")
    await room.press(room.ana, "Continue the guide", shown)
    at = await room.at(thread)
    assert (at.status, at.holder_name) == (Status.WITH_AGENT, "kim")


async def test_in_discord_they_go_on_once_they_are_let(desk: Desk) -> None:
    theirs = await desk.asked()
    await desk.press(desk.max, "Claim")
    assert await desk.press(desk.max, "Let the customer continue the guide") == ""
    shown = with_button(desk, theirs, "Continue the guide")
    assert shown is not None
    await desk.ana.presses(shown, "Continue the guide")
    await desk.quiet()
    at = await desk.at()
    assert (at.status, at.holder) == (Status.GUIDING, "")
    assert "continued the guide, as an agent allowed" in desk.lines[-1].text
