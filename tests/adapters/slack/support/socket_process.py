"""Runs the sockets of a process that listens to Slack, for a test to start, watch and stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.slack.api.socket_mode import Pace, run
from tests.adapters.slack.support.recording_handler import Ears, client
from tests.fakes.slack import Slack

QUICK = Pace(look=0.02, ping=0.2, hello=1.0, first=0.02, longest=0.1, steady=0.5, drain=5.0)


class Running:
    """The sockets of a process, until it is stopped."""

    def __init__(self, ears: Ears, pace: Pace = QUICK, **given: Any) -> None:
        self.states: list[int] = []
        self.stop = asyncio.Event()
        slack = self.slack = ears.slack
        token = given.pop("app_token", slack.app_token)
        web = given.pop("web", None) or client(slack)
        self.task = asyncio.create_task(
            run(ears.app(), token, web, self.stop, on_state=self._on_state, pace=pace, **given)
        )

    def _on_state(self, count: int) -> None:
        self.states.append(count)
        self.slack.bell.ring()

    async def until(self, count: int) -> None:
        """Wait for that many connected sockets."""
        await self.slack.until(lambda: self.states and self.states[-1] == count)

    async def stopped(self) -> None:
        self.stop.set()
        await self.task


@asynccontextmanager
async def running(ears: Ears, **given: Any) -> AsyncIterator[Running]:
    process = Running(ears, **given)
    try:
        await process.until(given.get("connections", 2))
        yield process
    finally:
        await process.stopped()


def opens(slack: Slack) -> int:
    return len(slack.calls("apps.connections.open"))
