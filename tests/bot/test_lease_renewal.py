"""Tests that a dead process's lanes are soon free, and that no one takes the lane of a process that is alive."""

import asyncio
import time

import pytest

from bot.lease_renewal import HOLD_MS, LeaseRenewal
from bot.ports import Lease, StoreDown
from flows.effects import Tell
from flows.events import Answered
from tests.bot.test_outbox import settle, start_without_waiting
from tests.fakes.platform import Platform
from tests.fakes.world import World

LEASE = Lease(conversation="c", lane="c/customer", channel="sent", token="t", effect=Tell(id="e.0"))


class Renewals:
    """Answers each renewal with the next of `answers`; the last one stays. `often` is set after fifty."""

    def __init__(self, *answers: bool | StoreDown) -> None:
        self.answers = list(answers)
        self.asked = 0
        self.often = asyncio.Event()

    async def renew(self, lease: Lease, extend: int) -> bool:
        self.asked += 1
        if self.asked == 50:
            self.often.set()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, StoreDown):
            raise answer
        return answer


async def no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


async def test_a_lease_is_renewed_for_as_long_as_the_work_lasts() -> None:
    renewals = Renewals(True)
    async with LeaseRenewal(renewals, 200, no_pause).keeping(LEASE):
        await renewals.often.wait()
    asked = renewals.asked
    await asyncio.sleep(0)
    assert renewals.asked <= asked + 1


async def test_work_ends_once_another_holder_has_the_lane() -> None:
    renewals = Renewals(True, True, False)
    with pytest.raises(TimeoutError):
        async with LeaseRenewal(renewals, 200, no_pause).keeping(LEASE):
            await asyncio.Event().wait()
    assert renewals.asked == 3


async def test_work_ends_before_a_lease_that_cannot_be_renewed_does() -> None:
    with pytest.raises(TimeoutError):
        async with LeaseRenewal(Renewals(StoreDown("away")), 30, no_pause).keeping(LEASE):
            await asyncio.Event().wait()


@pytest.mark.row("discord", "A process dies while it sends a step")
@pytest.mark.row("slack", "A process dies while it sends a step")
async def test_a_press_after_a_crash_waits_for_no_lease_of_the_dead_process() -> None:
    platform = Platform()
    dead = World(platform=platform)
    platform.gate = asyncio.Event()
    at = await start_without_waiting(dead)
    for task in tuple(dead.app.outbox._tasks):  # as kill -9: nothing is given back
        task.cancel()
    await asyncio.sleep(0)
    platform.gate = None
    alive = World(dead.store, platform=platform)
    await alive.app.receive(
        Answered(conversation=at.id, turn=at.turn, choice="still-failing", key="k", actor="sent:ana")
    )
    waits = [letter.at - time.time() * 1000 for letter in await alive.store.backlog.waiting()]
    assert max(waits) <= HOLD_MS <= 3_000
    await settle(alive)
    assert platform.texts("ana") == ["Two sentences on lamps.", "[Look at the bulb]"]
    await alive.close()
