"""Runs one gateway client after another: a client that ends for any reason is replaced, after growing pauses."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

import discord

from adapters.discord.api.gateway import FAILURES, Exhausted, GatewayClient
from adapters.discord.api.gateway_queue import GatewayQueue, frames
from adapters.discord.api.preflight import refused
from bot.telemetry import log
from flows.values import Frozen


class Pace(Frozen):
    """Intervals and time limits of the clients, in seconds."""

    first: float = 1.0
    """Before the next client after one has ended; each further pause is twice as long."""

    longest: float = 60.0
    """Between two clients at most."""

    steady: float = 60.0
    """A client that lived this long was a good one: the next failure counts as the first."""

    drain: float = 10.0
    """For the events in progress to finish."""


async def hear(
    make: Callable[[GatewayQueue], GatewayClient],
    hearing: Callable[[], GatewayQueue],
    token: str,
    stop: asyncio.Event,
    beside: Callable[[GatewayClient], Awaitable[object]],
    pace: Pace | None = None,
) -> None:
    """Receive events until `stop` is set, then drain; start a new client after one ends. Raises PreflightRefused.

    `beside` runs once for each client, after its login, and is cancelled with it. If Discord refuses an intent that
    the application had switched on, the next client requests no privileged intent.
    """
    pace = pace or Pace()
    _silence_library_log()
    failures, plain = 0, False
    clock = asyncio.get_running_loop().time
    while not stop.is_set():
        began = clock()
        queue = hearing()
        client = make(queue)
        client.plain = plain
        try:
            await _once(client, queue, token, stop, beside, pace.drain)
            return
        except Exception as failure:  # noqa: BLE001  # whatever ended this client, a new one may work
            refusal = refused(failure)
            if refusal is not None and (plain or not isinstance(failure, discord.PrivilegedIntentsRequired)):
                raise refusal from None
            plain = plain or refusal is not None
            failures = 0 if clock() - began >= pace.steady else failures
            wait = max(min(pace.first * 2.0**failures, pace.longest), getattr(failure, "seconds", 0.0))
            failures += 1
            expected = isinstance(failure, (*FAILURES, Exhausted))
            reason = str(refusal or failure)[:200] if expected else frames(failure)
            log("discord").warning(
                "cannot connect to Discord; trying again",
                seconds=wait,
                error=type(failure).__name__,
                reason=reason,
            )
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await stop.wait()


async def _once(
    client: GatewayClient,
    hearing: GatewayQueue,
    token: str,
    stop: asyncio.Event,
    beside: Callable[[GatewayClient], Awaitable[object]],
    drain: float,
) -> None:
    """Run one client until `stop` is set. Raises whatever ended the client."""
    stopping = asyncio.create_task(stop.wait())
    living = asyncio.create_task(_live(client, token, beside))
    try:
        async with client:
            await asyncio.wait({living, stopping}, return_when=asyncio.FIRST_COMPLETED)
            # The connection stays open meanwhile: events in progress may still need it to respond.
            await hearing.finish(drain)
    finally:
        for task in (stopping, living):
            task.cancel()
        _stopped, ended = await asyncio.gather(stopping, living, return_exceptions=True)
    if isinstance(ended, Exception) and not stop.is_set():
        raise ended


async def _live(
    client: GatewayClient, token: str, beside: Callable[[GatewayClient], Awaitable[object]]
) -> None:
    """Log in and run the client until it ends."""
    await client.login(token)
    task = asyncio.ensure_future(beside(client))
    try:
        await client.connect()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    raise ConnectionError("the client ended without a word")


def _silence_library_log() -> None:
    """Silence the library's log: it holds whole URLs with interactions' tokens, and a traceback for each attempt."""
    logging.getLogger("discord").setLevel(logging.CRITICAL)
