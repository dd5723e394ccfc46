"""Tests kill -9 of the process that talks to Slack: every step arrives, once and in order (laws L4 and L5)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.support.slack import STEPS, Crew, crew, effects, mentions_the_house, shown
from tests.fakes.slack import Slack
from tests.fakes.slack.people import Person

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120)]

POST = "chat.postMessage"
ROUNDS = 3

Press = Callable[[Slack, Person, dict[str, Any]], Awaitable[None]]


def step(number: int) -> str:
    return f"Step {number} of {STEPS}: Lamp {number}"


def posts(slack: Slack) -> int:
    return len(slack.calls(POST, ok=True))


async def settled(slack: Slack, thread: str, number: int) -> dict[str, Any]:
    """Check that every step is there once and in order, past ones collapsed. Return the last one."""
    wanted = [*(f"Lamp {n} · Still failing" for n in range(1, number)), step(number)]

    def titles() -> list[str]:
        return [one["text"].splitlines()[0] for one in slack.by_the_app("C1", thread)]

    await slack.until(lambda: titles() == wanted, 30)
    arrived = effects([call.args for call in slack.calls(POST, ok=True)])
    assert len(arrived) == len(set(arrived)) == number
    return await shown(slack, "C1", thread, step(number))


async def before_the_post(slack: Slack, ana: Person, asked: dict[str, Any]) -> None:
    """Kill when the event is recorded but Slack fails: nothing was posted, and no one knows."""
    slack.faults.answer(POST, 503)
    assert (await ana.presses(asked, "Still failing")).acked
    await slack.until(lambda: not slack.faults.planned)


async def before_the_receipt(slack: Slack, ana: Person, asked: dict[str, Any]) -> None:
    """Kill when the message is posted and the answer is on its way."""
    before = posts(slack)
    slack.faults.delay(POST, 30.0)
    assert (await ana.presses(asked, "Still failing")).acked
    await slack.until(lambda: posts(slack) > before)


async def at_the_ack(slack: Slack, ana: Person, asked: dict[str, Any]) -> None:
    """Kill when the event is recorded; the message may be posted or not."""
    assert (await ana.presses(asked, "Still failing")).acked


HITS: tuple[Press, ...] = (before_the_post, before_the_receipt, at_the_ack)


@pytest.mark.parametrize("together", [False, True], ids=["a worker lives on", "all in one process"])
async def test_killed_around_a_post_every_step_arrives_once_and_in_order(
    tmp_path: Path, together: bool
) -> None:
    async with crew(tmp_path, PORT="0") as (slack, staff):
        ana = slack.person("U1", name="Ana")
        command = "run" if together else "slack"
        if not together:
            staff.hire("worker")
        victim = await staff.ears(command)
        thread = await mentions_the_house(ana)
        for number in range(1, ROUNDS + 1):
            asked = await settled(slack, thread, number)
            await HITS[number % len(HITS)](slack, ana, asked)
            staff.kill(victim)
            victim = await staff.ears(command)
            await settled(slack, thread, number + 1)
        for member in tuple(staff.members):
            assert await staff.dismiss(member) == 0


async def test_killed_while_a_mention_is_heard_it_comes_again_and_counts_once(tmp_path: Path) -> None:
    async with crew(tmp_path) as (slack, staff):
        ana = slack.person("U1", name="Ana")
        staff.hire("worker")
        victim = await staff.ears()
        slack.faults.delay("users.info", 30.0)  # asked before the start is recorded
        thread = await mentions_the_house(ana)
        await slack.until(lambda: slack.calls("users.info"))
        staff.kill(victim)
        await staff.ears()
        await settled(slack, thread, 1)
        await slack.settled()
        assert all(one.acked for one in slack.deliveries)


async def test_where_history_cannot_be_read_there_is_one_more_copy_and_then_a_dead_letter(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path) as (slack, staff):
        ana = slack.person("U1", name="Ana")
        staff.hire("worker")
        victim = await staff.ears()
        thread = await mentions_the_house(ana)
        asked = await settled(slack, thread, 1)
        slack.hide_history()
        slack.faults.delay(POST, 30.0, times=5)
        await ana.presses(asked, "Still failing")
        await slack.until(lambda: posts(slack) == 2)
        staff.kill(victim)
        await slack.until(lambda: posts(slack) == 3, 30)
        letter = await buried(staff)
        assert effects([call.args for call in slack.calls(POST, ok=True)])[1:] == [letter["effect"]["id"]] * 2
        assert letter["channel"] == "slack"
        assert "sent twice" in letter["reason"]
        assert posts(slack) == 3


async def outbox(staff: Crew) -> dict[str, list[dict[str, Any]]]:
    """Return the output of the command."""
    told = await asyncio.to_thread(staff.command, "outbox", "--json")
    assert told.returncode == 0, told.stderr
    shown: dict[str, list[dict[str, Any]]] = json.loads(told.stdout)
    return shown


async def buried(staff: Crew) -> dict[str, Any]:
    """Wait for the only dead letter, and return it."""
    async with asyncio.timeout(30):
        while not (letters := (await outbox(staff))["buried"]):
            pass
    (letter,) = letters
    return letter
