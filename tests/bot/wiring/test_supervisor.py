"""Tests that a part of a process which fails is restarted alone, after a growing pause, and ends nothing else."""

import asyncio
from typing import Any

import pytest

from bot.ports import StoreDown
from bot.wiring.chats import PlatformRefused
from bot.wiring.processes.supervisor import Backoff, LoopStep, RepeatedTask, Supervisor, repeat


class Waits:
    """Stands in for pauses: it waits for nothing and notes how long each pause was meant to be."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, until: asyncio.Event, seconds: float) -> None:
        self.seconds.append(seconds)


class Failing:
    """A part that fails with each of these errors in turn, and then returns."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)

    async def __call__(self) -> Any:
        if self.errors:
            raise self.errors.pop(0)
        return 7


async def test_a_part_that_fails_is_restarted_after_a_pause_that_grows() -> None:
    waits, part = Waits(), Failing(KeyError("?"), OSError("gone"), StoreDown("away"))
    await Supervisor(asyncio.Event(), waits).keep("part", part)
    assert part.errors == []
    assert waits.seconds == [1.0, 2.0, 4.0]


async def test_one_part_fails_while_another_goes_on_undisturbed() -> None:
    stop, failed = asyncio.Event(), asyncio.Event()

    async def fails() -> None:
        if not failed.is_set():
            failed.set()
            raise RuntimeError

    async def goes_on() -> None:
        await failed.wait()
        assert not stop.is_set()

    keep = Supervisor(stop, Waits()).keep
    await asyncio.gather(keep("one", fails), keep("another", goes_on))
    assert not stop.is_set()


async def test_a_refused_token_ends_the_process() -> None:
    stop = asyncio.Event()
    with pytest.raises(PlatformRefused):
        await Supervisor(stop, Waits()).keep("Slack", Failing(PlatformRefused("the token is wrong")))
    assert stop.is_set()


async def test_nothing_is_restarted_once_the_process_was_asked_to_stop() -> None:
    stop, part = asyncio.Event(), Failing(KeyError("?"), KeyError("?"))

    async def stopped(until: asyncio.Event, _seconds: float) -> None:
        until.set()

    await Supervisor(stop, stopped).keep("part", part)
    assert len(part.errors) == 1


async def test_a_step_that_fails_rests_while_the_others_go_on() -> None:
    failing, working = LoopStep("timers", Failing(KeyError("?"))), LoopStep("outbox", Failing())
    assert [await step.run() for step in (failing, working)] == [0, 7]
    assert [await step.run() for step in (failing, working)] == [0, 7]


async def test_a_step_leaves_a_store_that_is_away_to_its_loop() -> None:
    with pytest.raises(StoreDown):
        await LoopStep("outbox", Failing(StoreDown("away"))).run()


def test_failures_long_ago_do_not_count() -> None:
    backoff = Backoff()
    assert [backoff.failed(now) for now in (1000, 1001, 1002, 5000)] == [1.0, 2.0, 4.0, 1.0]
    assert max(backoff.failed(5000 + n) for n in range(20)) == 60.0


class StoppingWaits(Waits):
    """Asks to stop after so many pauses."""

    def __init__(self, stop: asyncio.Event, after: int) -> None:
        super().__init__()
        self._stop, self._after = stop, after

    async def __call__(self, until: asyncio.Event, seconds: float) -> None:
        assert until is self._stop
        await super().__call__(until, seconds)
        if len(self.seconds) == self._after:
            self._stop.set()


async def test_a_task_is_repeated_until_the_process_stops_also_after_the_store_was_away() -> None:
    stop = asyncio.Event()
    waits, task = StoppingWaits(stop, after=3), Failing(StoreDown("away"), StoreDown("away"))
    await repeat(RepeatedTask("task", task, 5.0), stop, waits)
    assert task.errors == []
    assert waits.seconds == [5.0, 5.0, 5.0]
    await repeat(RepeatedTask("task", Failing(KeyError("?")), 5.0), stop, waits)  # it stops: nothing is done


async def test_a_repeated_task_that_fails_otherwise_is_the_supervisors() -> None:
    stop = asyncio.Event()
    with pytest.raises(KeyError):
        await repeat(RepeatedTask("task", Failing(KeyError("?")), 5.0), stop, StoppingWaits(stop, after=1))
