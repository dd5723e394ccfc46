"""Sends the commands of many callers over one connection: those of one turn of the event loop in one write.

A pool gives each command a connection of its own, so fifty events at once cost fifty writes, reads and wake-ups on both
sides. Redis answers in order, so that one connection can serve all callers without waiting for answers in between.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from inspect import isawaitable
from typing import Any, Final

import hiredis
from redis import exceptions
from redis._parsers import _AsyncHiredisParser
from redis.asyncio import Connection, Redis
from redis.asyncio.sentinel import SentinelConnectionPool

LONG_BYTES: Final = 64 * 1024
"""A longer command gets a connection of its own, so that it holds up no one else."""

RETRY_S: Final = 0.1
"""Seconds before a command whose answer was lost is repeated."""

NO_TIMEOUT_S: Final = 24 * 3600.0
"""Seconds that an answer may take if the address sets no timeout."""

_MORE: Final = object()
"""What the parser returns when it needs more data."""


class Multiplexer:
    """Sends commands over one connection of a client's pool, and opens another one when it is lost.

    It repeats a command once if its answer was lost and the client retries. Raises the client's errors.
    """

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._callbacks: Mapping[Any, Any] = client.response_callbacks
        retry = client.get_retry()
        self._repeats = retry is not None and retry.get_retries() > 0
        self._connection: Connection | None = None
        self._link: _Link | None = None
        self._opening = asyncio.Lock()

    async def send(self, command: tuple[Any, ...]) -> Any:
        """Send one command and return the answer."""
        packed = _packed(command)
        if len(packed) > LONG_BYTES:
            return await self._client.execute_command(*command)  # type: ignore[no-untyped-call] # redis-py
        link = self._link
        try:
            if link is None or link.lost:
                link = await self._open()
            answer = await link.send(packed)
        except exceptions.ReadOnlyError:
            if not self._may_be_demoted:
                raise
            await self.retire()
            answer = await self._again(packed)
        except (exceptions.ConnectionError, exceptions.TimeoutError):
            if not self._repeats:
                raise
            answer = await self._again(packed)
        callback = self._callbacks.get(command[0])
        return answer if callback is None else await _read(callback, answer)

    async def send_all(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Send many commands and return the answers and errors."""
        packed = [_packed(command) for command in commands]
        if sum(map(len, packed)) > LONG_BYTES:
            pipeline = self._client.pipeline(transaction=False)
            for command in commands:
                pipeline.execute_command(*command)
            return list(await pipeline.execute(raise_on_error=False))
        try:
            answers = await self._all(packed)
        except (exceptions.ConnectionError, exceptions.TimeoutError):
            if not self._repeats:
                raise
            await asyncio.sleep(RETRY_S)
            answers = await self._all(packed)
        if self._may_be_demoted and any(isinstance(each, exceptions.ReadOnlyError) for each in answers):
            await self.retire()
            await asyncio.sleep(RETRY_S)
            answers = await self._all(packed)
        return [
            answer
            if isinstance(answer, Exception) or (callback := self._callbacks.get(command[0])) is None
            else await _read(callback, answer)
            for command, answer in zip(commands, answers, strict=True)
        ]

    async def retire(self) -> None:
        """Use another connection for the next commands; this one is closed when its last answer came."""
        link, connection, self._link, self._connection = self._link, self._connection, None, None
        if link is not None:
            await link.finish()
        await self._give_back(connection)

    @property
    def _may_be_demoted(self) -> bool:
        """Return whether the pool finds the new primary if the server turned into a replica."""
        return isinstance(self._client.connection_pool, SentinelConnectionPool)

    async def _again(self, packed: bytes) -> Any:
        await asyncio.sleep(RETRY_S)
        return await (await self._open()).send(packed)

    async def _all(self, packed: Sequence[bytes]) -> list[Any]:
        """Return the answers of packed commands. Raises the error if the connection was lost."""
        link = await self._open()
        answers = await asyncio.gather(*(link.send(each) for each in packed), return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, exceptions.ResponseError):
                raise answer
        return answers

    async def _open(self) -> "_Link":
        """Return the link. If there is none, take a connection out of the pool, which connects it."""
        async with self._opening:
            if self._link is None or self._link.lost:
                lost, self._connection = self._connection, None
                await self._give_back(lost)
                connection = await self._client.connection_pool.get_connection()  # type: ignore[no-untyped-call] # redis-py
                self._connection, self._link = connection, _Link(connection)
            return self._link

    async def _give_back(self, connection: Connection | None) -> None:
        """Give a connection back to the pool, closed: what the library reads of it is out of date."""
        if connection is not None:
            await connection.disconnect(nowait=True)
            await self._client.connection_pool.release(connection)


async def _read(callback: Any, answer: Any) -> Any:
    """Return what the client makes of an answer."""
    found = callback(answer)
    return await found if isawaitable(found) else found


class _Link(asyncio.Protocol):
    """Writes commands to a connection, and gives each answer to who waits for it, in the order of the commands."""

    def __init__(self, connection: Connection) -> None:
        """Take over the socket of a connected connection from the library."""
        encoder = connection.encoder
        self._loop = asyncio.get_running_loop()
        self._timeout_s: float = connection.socket_timeout or NO_TIMEOUT_S
        self._reader = hiredis.Reader(
            protocolError=exceptions.InvalidResponse,
            replyError=_AsyncHiredisParser.parse_error,
            encoding=encoder.encoding if encoder.decode_responses else None,
            errors=encoder.encoding_errors if encoder.decode_responses else None,
            notEnoughData=_MORE,
        )
        self._waiting: deque[tuple[float, asyncio.Future[Any]]] = deque()
        self._unwritten: list[bytes] = []
        self._watch: asyncio.TimerHandle | None = None
        self._finished: asyncio.Future[None] | None = None
        self.lost = False
        writer = connection._writer  # noqa: SLF001 (the library has no other way to its socket)
        if writer is None:
            raise exceptions.ConnectionError("the connection was lost")
        self._transport = writer.transport
        self._library = self._transport.get_protocol()
        self._transport.set_protocol(self)

    def send(self, command: bytes) -> asyncio.Future[Any]:
        """Write a command, together with the others of this turn of the loop. Return the future answer."""
        future: asyncio.Future[Any] = self._loop.create_future()
        if self.lost:
            future.set_exception(exceptions.ConnectionError("the connection was lost"))
            return future
        if not self._waiting:
            self._transport.write(command)  # no one else is there to share a write with
        else:
            if not self._unwritten:
                self._loop.call_soon(self._flush)
            self._unwritten.append(command)
        self._waiting.append((self._loop.time(), future))
        if self._watch is None:
            self._watch = self._loop.call_later(self._timeout_s, self._check)
        return future

    async def finish(self) -> None:
        """Wait until all commands are answered."""
        if self._waiting and not self.lost:
            self._finished = self._loop.create_future()
            await self._finished

    def _flush(self) -> None:
        if self._unwritten and not self.lost:
            self._transport.write(b"".join(self._unwritten))
        self._unwritten.clear()

    def _check(self) -> None:
        """Drop the connection if the oldest answer takes too long."""
        self._watch = None
        if not self._waiting or self.lost:
            return
        left = self._waiting[0][0] + self._timeout_s - self._loop.time()
        if left > 0:
            self._watch = self._loop.call_later(left, self._check)
            return
        self._fail(partial(exceptions.TimeoutError, "Timeout reading from the server"))
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Give the answers in this data to who waits for them."""
        try:
            self._reader.feed(data)
            while (answer := self._reader.gets()) is not _MORE:
                _, future = self._waiting.popleft()
                if future.done():
                    continue
                if isinstance(answer, exceptions.RedisError):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)
        except (exceptions.RedisError, IndexError, ValueError) as wrong:
            self._fail(partial(exceptions.ConnectionError, f"the server's answer cannot be read: {wrong}"))
            self._transport.abort()
            return
        if self._finished is not None and not self._waiting and not self._finished.done():
            self._finished.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        """Tell all callers, and the library, which waits for this when it closes the connection."""
        why = f"the connection was lost: {error}" if error else "Connection closed by server."
        self._fail(partial(exceptions.ConnectionError, why))
        self._library.connection_lost(error)

    def pause_writing(self) -> None:
        """Let the transport hold what the socket does not take: callers wait for answers anyway."""

    def resume_writing(self) -> None:
        """Continue; see `pause_writing`."""

    def _fail(self, error: Callable[[], Exception]) -> None:
        """Give everyone who waits an error. From now on nothing is sent over this connection."""
        self.lost = True
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        waiting, self._waiting = self._waiting, deque()
        for _, future in waiting:
            if not future.done():
                future.set_exception(error())
        if self._finished is not None and not self._finished.done():
            self._finished.set_result(None)


def _packed(command: tuple[Any, ...]) -> bytes:
    """Return a command as the server reads it. Damaged text that was read with surrogates is sent as it was."""
    try:
        packed: bytes = hiredis.pack_command(command)
    except UnicodeEncodeError:
        parts: Any = (
            each.encode(errors="surrogateescape") if isinstance(each, str) else each for each in command
        )
        packed = hiredis.pack_command(tuple(parts))
    return packed
