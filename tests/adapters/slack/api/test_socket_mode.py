"""Tests Socket Mode on the stand-in: sockets that are cut, closed, refused or silent, and a process that stops."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.adapters.slack.support.recording_handler import Ears, client
from tests.adapters.slack.support.socket_process import QUICK, Running, opens, running
from tests.fakes.slack import Person, Slack
from tests.fakes.slack.sockets import MOST


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        slack.post.retry_after = (0.0, 0.0, 0.0)
        yield slack


@pytest.fixture
def ears(slack: Slack) -> Ears:
    return Ears(slack)


@pytest.fixture
def ana(slack: Slack) -> Person:
    return slack.person("U1", name="Ana")


async def test_two_sockets_are_opened_and_what_comes_over_either_is_heard(
    slack: Slack, ears: Ears, ana: Person
) -> None:
    async with running(ears):
        for number in range(20):
            await ana.writes("C1", f"message {number}")
        await slack.settled()
        assert len(ears.heard) == 20
        assert {ack.socket for ack in slack.acks} == {1, 2}
        assert (await ana.runs("/fix")).acked
    assert slack.sockets.open == []


async def test_of_two_sockets_one_is_cut_and_nothing_is_missed(slack: Slack, ears: Ears, ana: Person) -> None:
    async with running(ears) as process:
        transport = slack.sockets.open[0].request.transport
        assert transport is not None
        transport.abort()
        await process.until(1)
        await ana.writes("C1", "over the other one")
        await process.until(2)
        await ana.writes("C1", "over both again")
        await slack.settled()
        assert sorted(ears.texts()) == ["over both again", "over the other one"]


@pytest.mark.parametrize(
    "end",
    [
        lambda sockets: sockets.close(),
        lambda sockets: sockets.disconnect("warning"),
        lambda sockets: sockets.disconnect("refresh_requested"),
        lambda sockets: sockets.disconnect("link_disabled"),
    ],
    ids=["close frame", "warning", "refresh", "link disabled"],
)
async def test_when_slack_ends_the_sockets_new_ones_are_there(
    slack: Slack, ears: Ears, ana: Person, end: Callable[[Any], Any]
) -> None:
    async with running(ears):
        await end(slack.sockets)
        await slack.until(lambda: slack.sockets.opened == 4 and len(slack.sockets.open) == 2)
        assert {one.number for one in slack.sockets.open} == {3, 4}
        await ana.writes("C1", "hello")
        await slack.settled()
        assert ears.texts() == ["hello"]


async def test_a_socket_that_slack_takes_back_still_answers_what_it_brought(
    slack: Slack, ears: Ears, ana: Person
) -> None:
    async with running(ears, connections=1):
        ears.held.clear()
        click = asyncio.create_task(ana.runs("/fix"))
        await slack.until(lambda: ears.begun)
        await slack.sockets.disconnect("refresh_requested")
        await slack.until(lambda: slack.sockets.opened == 2)
        ears.held.set()
        assert (await click).acked
        assert slack.acks[0].socket == 1
        await slack.until(lambda: [one.number for one in slack.sockets.open] == [2])


async def test_slack_is_away_for_a_while_and_what_was_not_acknowledged_comes_again(
    slack: Slack, ears: Ears, ana: Person
) -> None:
    slack.post.retry_after = (0.0,) * 5
    async with running(ears) as process:
        ears.held.clear()
        await ana.writes("C1", "before")
        await slack.until(lambda: ears.begun)
        slack.sockets.refuse()
        slack.faults.answer("apps.connections.open", 500, "oops", times=2)
        slack.faults.html("apps.connections.open", 503, times=2)
        slack.faults.refuse("apps.connections.open", "internal_error", times=2)
        slack.faults.lose_answer("apps.connections.open", times=2)
        slack.sockets.cut()
        await process.until(0)
        ears.held.set()
        await ana.writes("C1", "meanwhile")
        tries = opens(slack)
        await slack.until(lambda: opens(slack) >= tries + 12)
        slack.sockets.accept()
        await process.until(2)
        await slack.settled()
        assert set(ears.texts()) == {"before", "meanwhile"}
        assert all(delivery.acked for delivery in slack.deliveries)


async def test_tries_are_further_and_further_apart(slack: Slack, ears: Ears) -> None:
    slack.sockets.refuse()
    process = Running(ears, QUICK.model_copy(update={"first": 0.05, "longest": 0.2}), connections=1)
    await slack.until(lambda: opens(slack) == 6)
    await process.stopped()
    at = [call.at for call in slack.calls("apps.connections.open")]
    gaps = [later - earlier for earlier, later in pairwise(at)]
    assert gaps[0] < gaps[3]
    assert all(gap >= least for gap, least in zip(gaps, [0, 0.05, 0.1, 0.2, 0.2], strict=True))


async def test_a_busy_slack_is_asked_again_when_it_said(slack: Slack, ears: Ears) -> None:
    slack.faults.busy("apps.connections.open", retry_after=1)
    async with running(ears, connections=1):
        first, second = (call.at for call in slack.calls("apps.connections.open"))
        assert second - first >= 1


async def test_one_socket_too_many_does_not_hurry_the_others(slack: Slack, ears: Ears, ana: Person) -> None:
    process = Running(ears, QUICK.model_copy(update={"longest": 60.0, "first": 60.0}), connections=MOST + 1)
    await process.until(MOST)
    await slack.until(lambda: opens(slack) == MOST + 2)
    await ana.writes("C1", "hello")
    await slack.settled()
    assert ears.texts() == ["hello"]
    assert opens(slack) == MOST + 2
    await process.stopped()


class Line:
    """A line to the stand-in that can go silent without ending, as a network does."""

    def __init__(self, slack: Slack) -> None:
        self._far = int(slack.address.rpartition(":")[2])
        self.flows = asyncio.Event()
        self.flows.set()
        self.address = ""
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def laid(self) -> AsyncIterator["Line"]:
        server = await asyncio.start_server(self._joined, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far)
        for source, target in ((reader, far_writer), (far_reader, writer)):
            self._tasks.add(asyncio.create_task(self._carry(source, target)))

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                await self.flows.wait()
                target.write(data)
        except ConnectionError:
            pass
        finally:
            target.close()


async def test_a_line_that_went_silent_is_noticed_and_replaced(slack: Slack, ears: Ears, ana: Person) -> None:
    direct, web = slack.workspace.address, client(slack)
    async with Line(slack).laid() as line:
        slack.workspace.address = line.address
        async with running(ears, web=web) as process:
            slack.workspace.address = direct
            line.flows.clear()
            await process.until(0)
            await process.until(2)
            line.flows.set()
            slack.sockets.open[:] = slack.sockets.open[-2:]
            await ana.writes("C1", "hello")
            await slack.settled()
            assert ears.texts() == ["hello"]


async def test_a_socket_that_is_never_greeted_is_not_counted_on(slack: Slack, ears: Ears) -> None:
    direct, web = slack.workspace.address, client(slack)
    async with Line(slack).laid() as line:
        slack.workspace.address = line.address
        line.flows.clear()
        process = Running(ears, QUICK.model_copy(update={"hello": 0.1}), connections=1, web=web)
        await slack.until(lambda: opens(slack) >= 3)
        assert process.states == []
        slack.workspace.address = direct
        await process.until(1)
        await process.stopped()


async def test_who_shares_slack_with_another_process_is_told(slack: Slack, ears: Ears) -> None:
    with capture_logs() as lines:
        async with running(ears):
            assert lines == []
            async with running(Ears(slack), connections=1):
                assert [line["sockets"] for line in lines] == [3]
                assert "other processes" in lines[0]["event"]
