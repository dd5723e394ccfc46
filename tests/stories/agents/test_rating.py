"""Tests that after a real solution the customer is asked once for a rating, in Slack and Discord; agents see it."""

from collections.abc import AsyncIterator

import pytest

from adapters.slack.render.forms import WHAT
from tests.adapters.slack.support.workspace import Json
from tests.fakes.discord import Channel, Discord, Message
from tests.fakes.discord.client_address import stand_in
from tests.fakes.slack import labels
from tests.stories.agents.support.discord_room import Desk, open_desk
from tests.stories.agents.support.slack_room import Room

__all__ = ["stand_in"]
WELL = "4 · Good"
BADLY = "1 · Poor"


@pytest.fixture
async def desk(stand_in: Discord) -> AsyncIterator[Desk]:
    async with open_desk(stand_in) as opened:
        yield opened


async def solved(room: Room) -> tuple[str, Json]:
    """Ana's thread, and the card that says it is solved."""
    thread = await room.asked()
    await room.press(room.max, "Claim")
    await room.write(room.max, "!resolve")
    return thread, card(room, thread, "It's happening again")


def card(room: Room, thread: str, label: str) -> Json:
    found = [one for one in room.slack.by_the_app(room.office.help, thread) if label in labels(one)]
    assert found, label
    return found[-1]


async def test_in_slack_a_score_counts_at_once_and_words_may_follow(room: Room) -> None:
    thread, shown = await solved(room)
    assert labels(shown) == [
        "It's happening again",
        BADLY,
        "2 · Fair",
        "3 · OK",
        WELL,
        "5 · Great",
    ]
    await room.press(room.ana, WELL, shown)
    assert (await room.at(thread)).rated == 4
    assert room.told()[-1].endswith("rated 4 of 5")
    now = card(room, thread, "Add a comment")
    assert labels(now) == ["It's happening again", "Add a comment"]
    await room.press(room.ana, "Add a comment", now)
    assert await room.fill(room.ana, {WHAT: "Max was <quick>"}) is None
    assert (await room.at(thread)).rating_has_words
    assert room.told()[-1].endswith(' · "Max was &lt;quick&gt;"')
    assert "explained the rating of 4 of 5" in room.told()[-1]


async def test_in_slack_strangers_old_and_repeated_presses_change_nothing(room: Room) -> None:
    thread, shown = await solved(room)
    await room.press(room.kim, BADLY, shown)
    assert (await room.at(thread)).rated == 0
    await room.press(room.ana, WELL, shown)
    version = (await room.at(thread)).version
    await room.press(room.ana, BADLY, shown)
    assert (await room.at(thread)).version == version
    await room.press(room.ana, "It's happening again", card(room, thread, "It's happening again"))
    at = await room.at(thread)
    await room.press(room.ana, "5 · Great", shown)
    assert (await room.at(thread)) == at


async def test_in_slack_who_has_not_said_is_held_up_by_nothing(room: Room) -> None:
    thread, shown = await solved(room)
    await room.press(room.ana, "It's happening again", shown)
    assert (await room.at(thread)).holder_name == "max"


def offering(desk: Desk, place: Channel, label: str) -> Message:
    found = [one for one in desk.discord.messages(place) if label in one.buttons]
    assert found, label
    return found[-1]


async def solved_there(desk: Desk) -> tuple[Channel, Message]:
    theirs = await desk.asked()
    await desk.press(desk.max, "Claim")
    await desk.max.writes(desk.thread, "!resolve")
    await desk.discord.until(
        lambda: any("It's happening again" in one.buttons for one in desk.discord.messages(theirs)),
        seconds=30,
    )
    await desk.quiet()
    return theirs, offering(desk, theirs, "It's happening again")


async def test_in_discord_a_score_counts_at_once_and_words_may_follow(desk: Desk) -> None:
    theirs, shown = await solved_there(desk)
    assert [label for label in shown.buttons if "·" in label] == [
        BADLY,
        "2 · Fair",
        "3 · OK",
        WELL,
        "5 · Great",
    ]
    await desk.ana.presses(shown, WELL)
    await desk.quiet()
    assert (await desk.at()).rated == 4
    assert "rated 4 of 5" in desk.lines[-1].text
    now = offering(desk, theirs, "Add a comment")
    assert not any("·" in label for label in now.buttons)
    await desk.ana.submits(await desk.ana.presses(now, "Add a comment"), {"text": "Max was *quick*"})
    await desk.quiet()
    assert (await desk.at()).rating_has_words
    assert "explained the rating of 4 of 5" in desk.lines[-1].text
    assert "quick" in desk.lines[-1].text
