"""Answers in time: Slack gives up after three seconds, so a store that does not answer counts as down before that."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final, TypeVar

from adapters.slack.ports import Ports
from bot.ports import Look, Outcome, Receive, StoreDown
from flows.events import Event
from flows.views.screen import Screen

STORE_TIMEOUT_S: Final = 2.0
"""Seconds the store may take while Slack waits; a second is left to say so to whoever pressed."""

T = TypeVar("T")


def soon(ports: Ports) -> Ports:
    """The same ports; `receive` and `look` raise StoreDown as soon as it takes too long.

    What was begun goes on: should it be recorded after all, its effects are carried out, and a repeat counts once.
    """
    within = Deadline(ports.receive, ports.look)
    return replace(ports, receive=within.receive, look=within.look)


class Deadline:
    """The desk, for those who cannot wait."""

    def __init__(self, receive: Receive, look: Look, seconds: float = STORE_TIMEOUT_S) -> None:
        self._receive, self._look, self._seconds = receive, look, seconds
        self._late: set[asyncio.Task[Any]] = set()

    async def receive(self, event: Event) -> Outcome | None:
        """Raises StoreDown, and what the desk raises."""
        return await self._soon(self._receive(event))

    async def look(self, conversation_id: str) -> Screen | None:
        """Raises StoreDown, and what the desk raises."""
        return await self._soon(self._look(conversation_id))

    async def _soon(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.create_task(work)
        done, _ = await asyncio.wait({task}, timeout=self._seconds)
        if done:
            return task.result()
        self._late.add(task)
        task.add_done_callback(self._over)
        raise StoreDown("it does not answer in time")

    def _over(self, task: "asyncio.Task[Any]") -> None:
        """What became of it is for nobody any more, and asyncio would complain of a failure nobody took."""
        self._late.discard(task)
        if not task.cancelled():
            task.exception()
