"""Sends commands through one client, and only one caller at a time to a server that hangs.

To one server they go over one connection that all share (`multiplexer.py`). A cluster's client, which knows the nodes,
sends them itself, a bounded number at once.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from redis import exceptions
from redis.asyncio import Redis, RedisCluster

from adapters.storage.connections.multiplexer import Multiplexer

Client = Redis | RedisCluster

AT_ONCE: Final = 32
"""Commands sent at the same time, each on its own connection. Callers wait here because the clients' pools would raise
when they run out of connections."""

QUEUE_TIMEOUT_S: Final = 20.0
"""Seconds a caller waits for a free connection before the store counts as down."""

HUNG_RETRY_S: Final = 1.0
"""Seconds without commands to a server that did not answer in time. Then one caller tries again."""


class Transport:
    """Sends commands, one or many in one round trip. Raises the client's errors."""

    def __init__(self, client: Client) -> None:
        self.client = client
        # A subclass is a stand-in of tests, which has no connection.
        self._shared = Multiplexer(client) if type(client) is Redis else None
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._hung_until = 0.0

    async def send(self, command: tuple[Any, ...], *, alone: bool = False, **options: bool) -> Any:
        """Send one command and return the answer; `alone`, or with options of the client, over its own connection."""
        try:
            if self._shared is not None and not alone and not options:
                return await self._guarded(self._shared.send(command))
            async with self._slot():
                return await self._guarded(self.client.execute_command(*command, **options))
        except exceptions.ReadOnlyError:
            await self.reconnect()
            raise

    async def send_all(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Send many commands and return the answers and errors."""
        if self._shared is not None:
            answers: list[Any] = await self._guarded(self._shared.send_all(commands))
        else:
            pipeline = self.client.pipeline(transaction=False)
            for command in commands:
                pipeline.execute_command(*command)
            async with self._slot():
                answers = list(await self._guarded(pipeline.execute(raise_on_error=False)))
        if any(isinstance(answer, exceptions.ReadOnlyError) for answer in answers):
            await self.reconnect()
        return answers

    async def reconnect(self) -> None:
        """Close idle connections and the shared one, so that the next commands look anew for the primary.

        Without this, connections to a demoted primary would stay there. A cluster's answers name the new primary.
        """
        if not isinstance(self.client, RedisCluster):
            await self.client.connection_pool.disconnect(inuse_connections=False)
        if self._shared is not None:
            await self._shared.retire()

    async def _guarded(self, sending: Coroutine[Any, Any, Any]) -> Any:
        """Let only one caller at a time try a server that hangs. The other callers get a timeout error at once.

        Otherwise each caller would wait a whole timeout, one after the other, for the same server.
        """
        if self._hung_until:
            now = asyncio.get_running_loop().time()
            if now < self._hung_until:
                sending.close()
                raise exceptions.TimeoutError("the server did not respond a moment ago")
            self._hung_until = now + HUNG_RETRY_S
        try:
            answer = await sending
        except (exceptions.TimeoutError, TimeoutError):
            self._hung_until = asyncio.get_running_loop().time() + HUNG_RETRY_S
            raise
        except exceptions.ResponseError:  # an answer, too, such as that the server lacks the script
            self._hung_until = 0.0
            raise
        self._hung_until = 0.0
        return answer

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        """Wait until another command may be sent. Raises TimeoutError after QUEUE_TIMEOUT_S."""
        if not self._slots.locked():
            await self._slots.acquire()
        else:
            async with asyncio.timeout(QUEUE_TIMEOUT_S):
                await self._slots.acquire()
        try:
            yield
        finally:
            self._slots.release()
