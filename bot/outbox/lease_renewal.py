"""Renews the leases of lanes while this process carries them out, so that a dead process's lanes are soon free.

A lease is short, whatever a send may take: a process that dies renews nothing, and another one takes its lanes within
`HOLD_MS`. A process that cannot renew stops its send before anyone else may begin it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from bot.ports import Lease, Leases, StoreDown

HOLD_MS: Final = 3_000
"""Milliseconds until a lane is free whose holder no longer renews its lease."""

RENEWED_AFTER: Final = 0.25
"""The part of a lease after which it is renewed."""

USED_WITHIN: Final = 0.8
"""The part of a lease after which its holder stops unless it was renewed."""


class LeaseRenewal:
    """Keeps leases for as long as the work on them lasts."""

    def __init__(
        self, leases: Leases, hold: int, pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        """A lease lasts `hold` ms; `pause` waits for that many seconds."""
        self._leases = leases
        self._hold = hold
        self._pause = pause

    @asynccontextmanager
    async def keeping(self, lease: Lease, asked: float) -> AsyncIterator[None]:
        """Keep the lease, which the loop's clock saw asked for at `asked`, while the block runs.

        Raises TimeoutError in the block once the lease is lost, and before it if the process stalled until then.
        """
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        begun: list[asyncio.Task[None]] = []
        if loop.time() - asked > self._hold / 1000 * RENEWED_AFTER:
            asked = await self._renewed(lease)
        async with asyncio.timeout_at(asked + self._hold / 1000 * USED_WITHIN) as limit:
            # Most work is over before the first renewal, which therefore costs a timer and no task.
            timer = loop.call_later(
                self._hold / 1000 * RENEWED_AFTER,
                lambda: begun.append(loop.create_task(self._renew(lease, limit, over))),
            )
            try:
                yield
            finally:
                timer.cancel()
                over.set()  # a library may swallow the cancellation
                for renewing in begun:
                    renewing.cancel()

    async def _renewed(self, lease: Lease) -> float:
        """Renew a lease that may have run out. Return when that was asked for. Raises TimeoutError if it is lost."""
        asked = asyncio.get_running_loop().time()
        try:
            held = await self._leases.renew(lease, self._hold)
        except StoreDown as down:
            raise TimeoutError from down
        if not held:
            raise TimeoutError
        return asked

    async def _renew(self, lease: Lease, limit: asyncio.Timeout, over: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        while not over.is_set():
            asked = loop.time()
            with suppress(StoreDown):  # the limit ends the work if the store stays away
                held = await self._leases.renew(lease, self._hold)
                if over.is_set() or limit.expired():
                    return
                limit.reschedule(asked + self._hold / 1000 * USED_WITHIN if held else asked)
                if not held:
                    return
            await self._pause(self._hold / 1000 * RENEWED_AFTER)
