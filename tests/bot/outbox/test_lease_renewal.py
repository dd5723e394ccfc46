"""Tests that a dead process's lanes are soon free, and that no one takes the lane of a process that is alive."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import pytest

from bot.outbox.lease_renewal import HOLD_MS, LeaseRenewal
from bot.ports import Lease, StoreDown
from flows.effects import Tell
from flows.events import Answered
from tests.bot.outbox.test_carrier import make_due, settle, start_without_waiting
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


def now() -> float:
    return asyncio.get_running_loop().time()


async def no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


async def test_a_lease_is_renewed_for_as_long_as_the_work_lasts() -> None:
    renewals = Renewals(True)
    async with LeaseRenewal(renewals, 200, no_pause).keeping(LEASE, now()):
        await renewals.often.wait()
    asked = renewals.asked
    await asyncio.sleep(0)
    assert renewals.asked <= asked + 1


async def test_work_ends_once_another_holder_has_the_lane() -> None:
    renewals = Renewals(True, True, False)
    with pytest.raises(TimeoutError):
        async with LeaseRenewal(renewals, 200, no_pause).keeping(LEASE, now()):
            await asyncio.Event().wait()
    assert renewals.asked == 3


async def test_work_ends_before_a_lease_that_cannot_be_renewed_does() -> None:
    with pytest.raises(TimeoutError):
        async with LeaseRenewal(Renewals(StoreDown("away")), 30, no_pause).keeping(LEASE, now()):
            await asyncio.Event().wait()


@pytest.mark.parametrize("answer", [False, StoreDown("away")])
async def test_a_process_that_stalled_begins_nothing_before_its_lease_is_renewed(
    answer: bool | StoreDown,
) -> None:
    renewal = LeaseRenewal(Renewals(answer), 3_000, no_pause)
    with pytest.raises(TimeoutError):
        async with renewal.keeping(LEASE, now() - 4):
            pytest.fail("another holder may have begun")
    renewals = Renewals(True)
    async with LeaseRenewal(renewals, 3_000, no_pause).keeping(LEASE, now() - 4):
        assert renewals.asked == 1


async def blocked() -> None:
    """Wait while another task blocks the process for longer than the lease lasts."""
    loop, answered = asyncio.get_running_loop(), asyncio.Event()
    loop.call_soon(time.sleep, 0.03)
    loop.call_later(0.001, answered.set)
    await answered.wait()
    pytest.fail("another holder may have begun")


async def test_work_stalled_in_the_middle_ends_where_it_waited() -> None:
    with pytest.raises(TimeoutError):
        async with LeaseRenewal(Renewals(True), 20, no_pause).keeping(LEASE, now()):
            await blocked()


async def test_a_process_that_stalls_after_a_commit_does_not_send_what_another_one_sent() -> None:
    platform = Platform()
    stalled = World(platform=platform, SEND_LEASE="0.004")
    other = World(stalled.store, platform=platform)
    begin, works = stalled.app.outbox.begin, list[Coroutine[Any, Any, None]]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stalled.app.outbox, "begin", works.append)
        await start_without_waiting(stalled)
    for letter in await other.store.backlog.waiting():
        await make_due(other.app, letter.lane)
    await settle(other)
    for work in works:  # much later than its lease lasted
        begin(work)
    await stalled.app.outbox.idle()
    assert platform.texts("ana") == ["Two sentences on lamps.", "[Plug it in]"]
    await stalled.close()


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
