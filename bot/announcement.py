"""Keeps this process announced in the store while it runs, so that operators and other processes know of it."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from bot.ports import Formats, FormatStatus, LiveProcess, Processes, StoreDown, TooOld
from bot.telemetry import log

RENEW_S: Final = 5.0
"""Seconds between two announcements. Some may be lost before the entry expires."""


def this_process(roles: Sequence[str], reads: int, started: int) -> LiveProcess:
    """Describe this process, which started at `started` and reads formats up to `reads`."""
    return LiveProcess(
        id=secrets.token_urlsafe(9),
        roles=tuple(roles),
        release=release(),
        reads=reads,
        started=started,
        host=socket.gethostname(),
        pid=os.getpid(),
    )


def release() -> str:
    """Return the version of this release; "source" where it runs without being installed."""
    try:
        return version("troubletree")
    except PackageNotFoundError:
        return "source"


@asynccontextmanager
async def announced(
    processes: Processes, formats: Formats, process: LiveProcess, renew_s: float | None = None
) -> AsyncIterator[None]:
    """Announce the process, renew its entry every `renew_s` seconds (by default RENEW_S), and remove it at the end.

    With each renewal, the process does its part so that all processes switch to the newest format of stored data.
    Raises StoreDown, or TooOld if the process cannot read the store.
    """
    await processes.announce(process)
    renewing = asyncio.create_task(
        _renew(processes, formats, process, RENEW_S if renew_s is None else renew_s), name="announcement"
    )
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing
        with suppress(StoreDown):
            await processes.leave(process.id)


async def _renew(processes: Processes, formats: Formats, process: LiveProcess, renew_s: float) -> None:
    """Renew the entry until canceled. No failure ends this: the product must outlive a store that is unavailable."""
    said = ""
    while True:
        await asyncio.sleep(renew_s)
        try:
            await processes.announce(process)
            news, problem = _news(await formats.advance()), False
        except StoreDown:
            continue
        except TooOld as error:
            news, problem = f"stop this process and start the newer release: {error}", True
        except Exception:  # noqa: BLE001 # the product goes on, and the next renewal may succeed
            log("store").exception("this process could not be announced; it tries again")
            continue
        if news != said:
            log("store").log(logging.ERROR if problem else logging.INFO, news)
        said = news


def _news(status: FormatStatus) -> str:
    """Say what is worth an entry in the log about the format of the stored data."""
    if status.written >= status.newest:
        return f"format {status.written} is written"
    if status.doubts:
        return f"format {status.written} is still written: {'; '.join(status.doubts)}"
    return f"format {status.newest} will soon be written"
