"""Raises StoreDown after two seconds, because Slack gives up after three."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final, TypeVar

from adapters.slack.ports import Ports
from bot.ports import Look, Outcome, Receive, StoreDown
from flows.events import Event
from flows.views.screen import Screen

STORE_TIMEOUT_S: Final = 2.0
"""Seconds that the store may take while Slack waits; one more is left to tell the customer."""

T = TypeVar("T")


def soon(ports: Ports) -> Ports:
    """Return the ports with `receive` and `look` that raise StoreDown when the deadline passes.

    Late work continues: if the event is recorded after all, its effects are carried out, and a repeat counts once.
    """
    within = Deadline(ports.receive, ports.look)
    return replace(ports, receive=within.receive, look=within.look)


class Deadline:
    """Limits the time of the desk's `receive` and `look`."""

    def __init__(self, receive: Receive, look: Look, seconds: float = STORE_TIMEOUT_S) -> None:
        self._receive, self._look, self._seconds = receive, look, seconds
        self._late: set[asyncio.Task[Any]] = set()

    async def receive(self, event: Event) -> Outcome | None:
        """Hand the event to the desk. Raises StoreDown when the deadline passes, and whatever the desk raises."""
        return await self._in_time(self._receive(event))

    async def look(self, conversation_id: str) -> Screen | None:
        """Read the screen. Raises StoreDown when the deadline passes, and whatever the desk raises."""
        return await self._in_time(self._look(conversation_id))

    async def _in_time(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.create_task(work)
        done, _ = await asyncio.wait({task}, timeout=self._seconds)
        if done:
            return task.result()
        self._late.add(task)
        task.add_done_callback(self._forget)
        raise StoreDown("it does not answer in time")

    def _forget(self, task: "asyncio.Task[Any]") -> None:
        """Drop the late result; reading a failure keeps asyncio from logging it as unhandled."""
        self._late.discard(task)
        if not task.cancelled():
            task.exception()
