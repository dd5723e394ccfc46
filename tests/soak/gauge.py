"""Writes down, inside a process of the product, how many tasks its event loop has. Started by the campaign's member."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final

EVERY_S: Final = 0.5
"""Seconds between two counts."""


def count_tasks(path: Path) -> None:
    """Let the next `asyncio.run` of this process keep a file with the number of its tasks."""
    run: Callable[..., Any] = asyncio.run

    def counting(main: Coroutine[Any, Any, Any], **given: Any) -> Any:
        return run(_beside(main, path), **given)

    asyncio.run = counting


async def _beside(main: Coroutine[Any, Any, Any], path: Path) -> Any:
    counter = asyncio.create_task(_count(path))
    try:
        return await main
    finally:
        counter.cancel()


async def _count(path: Path) -> None:
    """Count the tasks, without this one and the main one."""
    while True:
        _write(path, len(asyncio.all_tasks()) - 2)
        await asyncio.sleep(EVERY_S)


def _write(path: Path, tasks: int) -> None:
    path.write_text(str(tasks))
