"""Tests timers on the real desk: a nudge, then a friendly close; outdated timers do nothing (law L10)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.timers import ring
from flows.conversation import Status
from flows.events import Answered, Escalated, Napped, Snoozed
from tests.fakes.world import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


async def armed(world: World) -> dict[str, tuple[str, float]]:
    """Every sorted set's members that are timers, with the time they ring."""
    client: Any = world.store.wire.client
    found = {}
    for key in await client.keys("*"):
        if "alarms" in key and await client.type(key) == "zset":
            for member, score in await client.zrange(key, 0, -1, withscores=True):
                found[member] = (key, score)
    return found


async def time_passes(world: World) -> int:
    """Make every timer due, and ring."""
    for member, (key, _) in (await armed(world)).items():
        await world.store.wire.client.zadd(key, {member: 1}, xx=True)
    rung = await ring(world.store.alarms, world.app.receive)
    await world.app.outbox.idle()
    return rung


async def test_silence_is_nudged_then_closed_and_nothing_rings_after(world: World) -> None:
    at = await world.start()
    assert await time_passes(world) == 1
    assert "How's it going?" in world.platform.texts("ana")[-1]
    assert await time_passes(world) == 1
    closed = await world.store.conversations.load(at.id)
    assert closed is not None
    assert closed.status is Status.CLOSED
    assert await time_passes(world) == 0


async def test_an_answer_moves_the_nudge_and_leaves_one_timer(world: World) -> None:
    at = await world.start()
    await world.send(Answered(conversation=at.id, turn=1, choice="still-failing"))
    assert len(await armed(world)) == 1


async def test_later_moves_the_nudge_away(world: World) -> None:
    at = await world.start()
    ((_, before),) = (await armed(world)).values()
    await world.send(Napped(conversation=at.id, until="computer"))
    ((_, after),) = (await armed(world)).values()
    assert after > before


async def test_while_a_ticket_waits_only_its_promise_is_armed(world: World) -> None:
    at = await world.start()
    for choice in ("still-failing", "whole", "still-failing"):
        outcome = await world.send(Answered(conversation=at.id, turn=at.turn, choice=choice))
        assert outcome is not None
        at = outcome.conversation
    assert at.status is Status.WAITING
    assert [timer.split()[1].split(".")[:3] for timer in await armed(world)] == [["U", "0", "w"]]


async def test_a_timer_that_did_its_work_and_armed_none_stays_gone(world: World) -> None:
    at = await world.start()
    await world.send(Escalated(conversation=at.id))
    await world.send(Snoozed(conversation=at.id, until="hour"), actor="desk:max")
    waked = next(timer for timer in await armed(world) if "wake" in timer)
    await time_passes(world)
    assert waked not in await armed(world)
