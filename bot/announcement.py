"""Keeps this process announced in the store while it runs, so that operators and other processes know of it."""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from bot.ports import LiveProcess, Processes, StoreDown, TooOld
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
    processes: Processes, process: LiveProcess, renew_s: float = RENEW_S
) -> AsyncIterator[None]:
    """Announce the process, renew its entry every `renew_s` seconds, and remove it at the end.

    Raises StoreDown, or TooOld if the process cannot read the store.
    """
    await processes.announce(process)
    renewing = asyncio.create_task(_renew(processes, process, renew_s), name="announcement")
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing
        with suppress(StoreDown):
            await processes.leave(process.id)


async def _renew(processes: Processes, process: LiveProcess, renew_s: float) -> None:
    """Renew the entry until canceled. No failure ends this: the product must outlive a store that is unavailable."""
    refused = ""
    while True:
        await asyncio.sleep(renew_s)
        try:
            await processes.announce(process)
        except StoreDown:
            continue
        except TooOld as error:
            if str(error) != refused:
                log("store").error("stop this process and start the newer release", reason=str(error))
            refused = str(error)
        except Exception:  # noqa: BLE001 # the product goes on, and the next renewal may succeed
            log("store").exception("this process could not be announced; it tries again")
