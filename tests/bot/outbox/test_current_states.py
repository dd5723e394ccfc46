"""Tests that what a commit leads to is sent on the newest state of this process, for a moment, and else on a read."""

from collections.abc import AsyncIterator

import pytest

from bot.outbox import carrier
from flows.conversation import Conversation
from flows.events import Answered
from tests.fakes.counting import reads_counted
from tests.fakes.world import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


async def click(world: World, at: Conversation, choice: str) -> Conversation:
    """Record a click, without waiting for its messages."""
    event = Answered(conversation=at.id, turn=at.turn, choice=choice, actor="sent:ana", key=f"click{at.turn}")
    outcome = await world.app.receive(event)
    assert outcome is not None
    assert not outcome.repeated
    assert outcome.refusal is None
    return outcome.conversation


async def test_the_first_send_of_a_commit_reads_no_record(world: World) -> None:
    at = await world.start()
    with reads_counted(world.store.conversations) as read:
        await click(world, at, "still-failing")
        await world.app.outbox.idle()
    assert dict(read) == {}


async def test_what_waited_behind_the_first_send_reads_the_record(world: World) -> None:
    """Its attempt begins later than the commit, which another process may have followed by then."""
    with reads_counted(world.store.conversations) as read:
        await world.start()
    assert world.platform.texts("ana") == ["Two sentences on lamps.", "[Plug it in]"]
    assert dict(read) == {"load": 1}


async def test_a_later_commit_of_the_process_counts(world: World) -> None:
    at = await world.start()
    with world.app.outbox.ack_priority.ahead():
        at = await click(world, at, "still-failing")
        at = await click(world, at, "whole")
    await world.app.outbox.idle()
    assert world.platform.texts("ana")[-1] == "[Press the switch]"
    assert "[Look at the bulb]" not in world.platform.texts("ana")


async def test_a_send_that_waited_for_long_reads_what_is_stored(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "CURRENT_S", 0.0)
    at = await world.start()
    with reads_counted(world.store.conversations) as read:
        await click(world, at, "still-failing")
        await world.app.outbox.idle()
    asked_and_retired = 2
    assert dict(read) == {"load": asked_and_retired}
