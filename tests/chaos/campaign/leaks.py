"""Lets the product leak on purpose, so that the soak can be seen to fail. Each plant names what it leaks."""

import asyncio
import os
from collections.abc import Callable, Mapping
from typing import Any, Final

from adapters.storage.records.conversations import RedisConversations
from bot.desk.desk import Desk

EACH_KB: Final = 64
"""Kilobytes that each event leaves behind."""


def _each_event(leave: Callable[[Desk, Any], Any]) -> None:
    """Let every event leave something behind."""
    receive = Desk.receive

    async def leaking(self: Desk, event: Any) -> Any:
        leave(self, event)
        return await receive(self, event)

    Desk.receive = leaking  # type: ignore[method-assign]  # a fault on purpose


def _memory() -> None:
    kept: list[bytes] = []
    _each_event(lambda _desk, _event: kept.append(os.urandom(EACH_KB * 1024)))


def _tasks() -> None:
    kept: list[asyncio.Task[bool]] = []
    _each_event(lambda _desk, _event: kept.append(asyncio.create_task(asyncio.Event().wait())))


def _descriptors() -> None:
    _each_event(lambda _desk, _event: os.dup(0))


def _keys() -> None:
    commit_as_before = RedisConversations.commit

    async def leaking(self: RedisConversations, commit: Any) -> Any:
        await self._wire.ask("SET", f"tt:leak:{os.urandom(6).hex()}", "x")
        return await commit_as_before(self, commit)

    RedisConversations.commit = leaking  # type: ignore[method-assign]  # a fault on purpose


LEAKS: Final[Mapping[str, Callable[[], None]]] = {
    "leak-memory": _memory,
    "leak-tasks": _tasks,
    "leak-descriptors": _descriptors,
    "leak-keys": _keys,
}
"""Leaks by their name on the command line."""
