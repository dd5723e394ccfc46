"""Raises StoreDown when the store takes too long while Slack waits, because Slack gives up after three seconds."""

import asyncio
from collections.abc import Coroutine
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, TypeVar

from adapters.slack.api.ack_budget import budget_now, store_time
from adapters.slack.ports import Ports
from bot.ports import Look, Outcome, Receive, StoreDown
from flows.events import Event
from flows.views.screen import Screen

T = TypeVar("T")


def soon(ports: Ports) -> Ports:
    """Return the ports with `receive` and `look` that raise StoreDown when the deadline passes.

    Late work continues: if the event is recorded after all, its effects are carried out, and a repeat counts once.
    """
    within = Deadline(ports.receive, ports.look)
    return replace(ports, receive=within.receive, look=within.look)


class Deadline:
    """Limits the time of the desk's `receive` and `look`."""

    def __init__(self, receive: Receive, look: Look) -> None:
        self._receive, self._look = receive, look
        self._late: set[asyncio.Task[Any]] = set()

    async def receive(self, event: Event) -> Outcome | None:
        """Hand the event to the desk. Raises StoreDown when the deadline passes, and whatever the desk raises."""
        return await self._in_time(self._receive(event), records=True)

    async def look(self, conversation_id: str) -> Screen | None:
        """Read the screen. Raises StoreDown when the deadline passes, and whatever the desk raises."""
        return await self._in_time(self._look(conversation_id), records=False)

    async def _in_time(self, work: Coroutine[Any, Any, T], *, records: bool) -> T:
        task, budget = asyncio.create_task(work), budget_now()
        with budget.storing(records) if budget is not None else nullcontext():
            done, _ = await asyncio.wait({task}, timeout=store_time())
            if done:
                return task.result()
            raise self._late_for(task)

    def _late_for(self, task: "asyncio.Task[Any]") -> StoreDown:
        self._late.add(task)
        task.add_done_callback(self._forget)
        return StoreDown("it does not answer in time")

    def _forget(self, task: "asyncio.Task[Any]") -> None:
        """Drop the late result; reading a failure keeps asyncio from logging it as unhandled."""
        self._late.discard(task)
        if not task.cancelled():
            task.exception()
