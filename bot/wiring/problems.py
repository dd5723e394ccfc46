"""Says what is wrong on the chat platforms: in the log, and to readiness checks, which never wait for a platform."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.telemetry import log
from bot.wiring.product import App

FRESH_S: Final = 10.0
"""Seconds until the platforms are asked again."""

PATIENCE_S: Final = 0.5
"""Seconds that a check waits for the platforms; after that it gets what was known before."""


async def report(app: App, name: str) -> None:
    """Log what a platform says about its token and the channels of the settings."""
    platform = app.platforms.named(name)
    for check in await platform.checks(app.rooms(name)) if platform is not None else ():
        if check.problem:
            log(name).error(f"{check.what} {check.problem}")
        elif check.advice:
            log(name).warning(f"{check.what} {check.advice}")
        elif check.unchecked:
            log(name).info(f"{check.what} was not checked: {check.unchecked}")


class KnownProblems:
    """Asks the platforms in the background, at most every few seconds."""

    def __init__(
        self,
        ask: Callable[[], Awaitable[Mapping[str, str]]],
        now: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE_S,
    ) -> None:
        """`ask` returns what an operator must mend, by what it is about; `now` is in seconds."""
        self._ask = ask
        self._now = now
        self._patience = patience
        self._known: Mapping[str, str] = {}
        self._until = 0.0
        self._asking: asyncio.Task[None] | None = None

    async def __call__(self) -> Mapping[str, str]:
        """Return what is known, after a short wait for fresh answers if there are none."""
        if self._asking is None and self._now() >= self._until:
            self._asking = asyncio.create_task(self._renew())
        if self._asking is not None:
            await asyncio.wait({self._asking}, timeout=self._patience)
        return self._known

    async def _renew(self) -> None:
        try:
            self._known = await self._ask()
        except Exception as failure:  # noqa: BLE001  # a readiness check must not fail with a platform
            log("app").warning("the chat platforms could not be checked", reason=type(failure).__name__)
        finally:
            self._until = self._now() + FRESH_S
            self._asking = None
