"""Tests that what is acknowledged to Slack is recorded, however long that takes (law L4)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.slack.api import ack_budget
from adapters.slack.api.bolt_app import Ack, InFlight, Kind

STILL = Ack(payload={"text": "still opening"})
DONE = Ack(payload={"text": "done"})


class Work:
    """Handles one request in steps: `goes_on` ends the step that is waited for."""

    def __init__(self, *steps: Callable[[asyncio.Event], Awaitable[None]]) -> None:
        self.gates = [asyncio.Event() for _ in steps]
        self._steps = steps

    async def __call__(self, kind: Kind, body: dict[str, Any]) -> Ack | None:
        del kind, body
        for step, gate in zip(self._steps, self.gates, strict=True):
            await step(gate)
        return DONE


async def looks_up(gate: asyncio.Event) -> None:
    await gate.wait()


async def records(gate: asyncio.Event) -> None:
    budget = ack_budget.budget_now()
    assert budget is not None
    with budget.storing(records=True):
        await gate.wait()


async def shows(gate: asyncio.Event) -> None:
    ack_budget.showing()
    await gate.wait()


async def opens(gate: asyncio.Event) -> None:
    with ack_budget.opening_direct_messages():
        await gate.wait()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the acknowledgement be due at once."""
    monkeypatch.setattr(ack_budget, "ACK_WITHIN_S", 0.0)


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.mark.parametrize("kind", ["event", "action", "shortcut", "command", "view"])
async def test_nothing_is_acknowledged_before_it_is_recorded(kind: Kind) -> None:
    work = Work(looks_up, records, looks_up)
    hearing = InFlight(work, {"command": STILL})
    acked = asyncio.create_task(hearing(kind, {}))
    await turns()
    assert not acked.done(), "names are still looked up"
    work.gates[0].set()
    await turns()
    assert not acked.done(), "the store is slow"
    work.gates[1].set()
    await turns()
    assert acked.done(), "the rest goes on after the acknowledgement"
    work.gates[2].set()
    await hearing.idle()


async def test_a_click_that_only_shows_something_is_acknowledged_and_an_event_may_record_more() -> None:
    expected: dict[Kind, bool] = {"action": True, "shortcut": True, "event": False}
    for kind, early in expected.items():
        work = Work(shows)
        hearing = InFlight(work, {})
        acked = asyncio.create_task(hearing(kind, {}))
        await turns()
        assert acked.done() is early
        work.gates[0].set()
        await acked


async def test_while_direct_messages_open_a_command_says_so_and_then_waits_until_it_is_recorded() -> None:
    work = Work(opens, looks_up)
    hearing = InFlight(work, {"command": STILL})
    assert await hearing("command", {}) == STILL
    for gate in work.gates:
        gate.set()
    await hearing.idle()
    work = Work(opens, looks_up)
    hearing, (opened, looked_up) = InFlight(work, {"command": STILL}), work.gates
    opened.set()
    acked = asyncio.create_task(hearing("command", {}))
    await turns()
    assert not acked.done()
    looked_up.set()
    assert await acked == DONE


async def test_a_failure_after_the_acknowledgement_is_logged_as_what_it_is() -> None:
    async def fails(_gate: asyncio.Event) -> None:
        raise ValueError("broken")

    work = Work(shows, fails)
    hearing = InFlight(work, {})
    with capture_logs() as logged:
        assert await hearing("action", {}) is None
        work.gates[0].set()
        await hearing.idle()
        await turns()
    assert [(one["event"], one["reason"]) for one in logged] == [
        ("a request failed after it was acknowledged, or after its sender hung up", "ValueError: broken")
    ]
