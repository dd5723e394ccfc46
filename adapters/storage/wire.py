"""Sends commands and scripts to the server, one or many at once, and turns the server's failures into StoreDown."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from redis import exceptions
from redis.asyncio import Redis, RedisCluster

from adapters.storage.keys import SHARDS, Keys, Shard
from bot.ports import StoreDown

Client = Redis | RedisCluster

AWAY: Final = (exceptions.ConnectionError, exceptions.TimeoutError, exceptions.ClusterError, OSError)
"""What a client raises when the server does not answer, or not in time."""

AT_ONCE: Final = 32
"""Commands sent at the same time, each on its own connection. Callers wait here because the clients' pools would raise
when they run out of connections."""

QUEUE_TIMEOUT_S: Final = 20.0
"""Seconds a caller waits for a free connection before the store counts as down."""

HUNG_RETRY_S: Final = 1.0
"""Seconds without commands to a server that did not answer in time. Then one caller tries again."""

REFUSING: Final = (exceptions.OutOfMemoryError, exceptions.ReadOnlyError, exceptions.TryAgainError)
SAYING: Final = ("MISCONF", "NOREPLICAS", "BUSY")
"""Errors, and how error messages begin, of a running server that refuses a command for now. The command did nothing."""


@dataclass(frozen=True)
class Script:
    """A Lua script with the hash under which the server caches it."""

    text: str
    sha: str


@cache
def script(name: str) -> Script:
    """Load the script of that name from this folder. A line `-- with NAME` includes the file of that name."""
    text = _INCLUDE.sub(lambda part: _read_lua(part[1]), _read_lua(name))
    return Script(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


def _read_lua(name: str) -> str:
    return files("adapters.storage").joinpath(f"{name}.lua").read_text(encoding="utf-8")


_INCLUDE: Final = re.compile(r"^-- with (\w+)\n", re.MULTILINE)


@dataclass(frozen=True)
class ScriptCall:
    """A script to run, with its keys and arguments."""

    script: Script
    keys: Sequence[str]
    args: Sequence[str | int]

    def by_hash(self) -> tuple[Any, ...]:
        """Return the short command, which works if the server has cached the script."""
        return "EVALSHA", self.script.sha, len(self.keys), *self.keys, *self.args

    def in_full(self) -> tuple[Any, ...]:
        """Return the long command, which always works and makes the server cache the script."""
        return "EVAL", self.script.text, len(self.keys), *self.keys, *self.args


def fresh_token() -> str:
    """Return a new token for a lease. The token is unique but not secret."""
    return secrets.token_urlsafe(9)


@contextmanager
def answering() -> Iterator[None]:
    """Raise StoreDown if the server is down, busy or full. Other errors, such as our own mistakes, stay as they are."""
    try:
        yield
    except AWAY as error:
        raise StoreDown(str(error) or type(error).__name__) from error
    except AttributeError as error:
        if "writelines" not in str(error):
            raise
        # When a cluster's client refreshes its list of nodes, it closes connections that are in use.
        raise StoreDown("the connection was lost") from error
    except exceptions.RedisError as error:
        if isinstance(error, REFUSING) or str(error).startswith(SAYING):
            raise StoreDown(str(error)) from error
        raise


class Wire:
    """Sends commands to Redis through one client, and knows the names of the keys. Every port of the store uses one."""

    def __init__(self, client: Client, prefix: str = "tt", keep_days: int = 90, shards: int = SHARDS) -> None:
        """`keep_days` is the number of days for which a conversation is stored after its last event."""
        self.client = client
        self.keys = Keys(prefix, shards)
        self.keep = keep_days * 24 * 3600
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._hung_until = 0.0

    @property
    def shards(self) -> tuple[Shard, ...]:
        """Return all shards in order."""
        return self.keys.shards

    async def ask(self, *command: str | int) -> Any:
        """Send one command and return the answer. Raises StoreDown."""
        with answering():
            return await self._send(command)

    async def ask_all(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Send many commands in one round trip (a few in a cluster). Raises the first error, or StoreDown."""
        with answering():
            answers = await self._send_all(commands)
            for answer in answers:
                if isinstance(answer, Exception):
                    raise answer
            return answers

    async def run(self, call: ScriptCall) -> Any:
        """Run a script by its hash; send its text if the server has not cached it. Raises StoreDown."""
        with answering():
            try:
                return await self._send(call.by_hash())
            except exceptions.NoScriptError:
                return await self._send(call.in_full())

    async def run_all(self, calls: Sequence[ScriptCall]) -> list[Any]:
        """Run many scripts in one round trip (a few in a cluster). Together they are not atomic. Raises StoreDown."""
        if not calls:
            return []
        with answering():
            answers = await self._send_all([call.by_hash() for call in calls])
            unknown = [
                index for index, answer in enumerate(answers) if isinstance(answer, exceptions.NoScriptError)
            ]
            if unknown:
                again = await self._send_all([calls[index].in_full() for index in unknown])
                for index, answer in zip(unknown, again, strict=True):
                    answers[index] = answer
            for answer in answers:
                if isinstance(answer, Exception):
                    raise answer
            return answers

    async def info(self) -> dict[str, Any]:
        """Return the answer to INFO; in a cluster, that of its default node. Raises StoreDown."""
        with answering():
            if isinstance(self.client, RedisCluster):
                return dict(await self.client.info(target_nodes=self.client.get_default_node()))
            return dict(await self.client.info())

    async def _send(self, command: tuple[Any, ...]) -> Any:
        await self._wait_for_turn()
        try:
            with self._guard_hung_server():
                return await self.client.execute_command(*command)
        finally:
            self._slots.release()

    async def _send_all(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        await self._wait_for_turn()
        try:
            pipeline = self.client.pipeline(transaction=False)
            for command in commands:
                pipeline.execute_command(*command)
            with self._guard_hung_server():
                return list(await pipeline.execute(raise_on_error=False))
        finally:
            self._slots.release()

    @contextmanager
    def _guard_hung_server(self) -> Iterator[None]:
        """Let only one caller at a time try a server that hangs. The other callers get a timeout error at once.

        Otherwise each caller would wait a whole timeout, one after the other, for the same server.
        """
        now = asyncio.get_running_loop().time()
        if self._hung_until:
            if now < self._hung_until:
                raise exceptions.TimeoutError("the server did not respond a moment ago")
            self._hung_until = now + HUNG_RETRY_S
        try:
            yield
        except (exceptions.TimeoutError, TimeoutError):
            self._hung_until = asyncio.get_running_loop().time() + HUNG_RETRY_S
            raise
        self._hung_until = 0.0

    async def _wait_for_turn(self) -> None:
        """Wait until another command may be sent. Raises TimeoutError after QUEUE_TIMEOUT_S."""
        if not self._slots.locked():
            await self._slots.acquire()
            return
        async with asyncio.timeout(QUEUE_TIMEOUT_S):
            await self._slots.acquire()


async def is_cluster(client: Redis) -> bool:
    """Return whether the server is a node of a cluster. Raises StoreDown."""
    with answering():
        try:
            info = await client.info("cluster")
        except exceptions.ResponseError:
            return False
        return bool(int(info.get("cluster_enabled", 0)))


def says_nothing(error: exceptions.ResponseError) -> bool:
    """Return whether the error means that the server does not know the command (a stand-in in tests)."""
    return "unknown command" in str(error).lower()
