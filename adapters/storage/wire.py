"""The one way to the server: commands, scripts, many of them at once, and every fault turned into StoreDown."""

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
"""What a client raises when nobody answers, or not in time."""

AT_ONCE: Final = 32
"""Commands under way at the same time, each on a connection of its own; the clients' pools raise instead of waiting."""

QUEUE_TIMEOUT_S: Final = 20.0
"""Seconds a caller waits for its turn before the store counts as down."""

HUNG_RETRY_S: Final = 1.0
"""Seconds for which nobody asks a server again that did not answer in time; after that one caller tries it."""

REFUSING: Final = (exceptions.OutOfMemoryError, exceptions.ReadOnlyError, exceptions.TryAgainError)
SAYING: Final = ("MISCONF", "NOREPLICAS", "BUSY")
"""What a server raises, and how it begins its answer, when it works but will not do this now; nothing was done."""


@dataclass(frozen=True)
class Script:
    """A script and the hash the server knows it by."""

    text: str
    sha: str


@cache
def script(name: str) -> Script:
    """The script of that name from beside this file; a line `-- with NAME` stands for what is written there."""
    text = _PART.sub(lambda part: _lua(part[1]), _lua(name))
    return Script(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


def _lua(name: str) -> str:
    return files("adapters.storage").joinpath(f"{name}.lua").read_text(encoding="utf-8")


_PART: Final = re.compile(r"^-- with (\w+)\n", re.MULTILINE)


@dataclass(frozen=True)
class ScriptCall:
    """A script to be run, with its keys and arguments."""

    script: Script
    keys: Sequence[str]
    args: Sequence[str | int]

    def by_hash(self) -> tuple[Any, ...]:
        """The short command, which works once the server knows the script."""
        return "EVALSHA", self.script.sha, len(self.keys), *self.keys, *self.args

    def in_full(self) -> tuple[Any, ...]:
        """The long command, which always works, and makes the script known."""
        return "EVAL", self.script.text, len(self.keys), *self.keys, *self.args


def fresh_token() -> str:
    """A lease's token: nobody else's, and no secret."""
    return secrets.token_urlsafe(9)


@contextmanager
def answering() -> Iterator[None]:
    """What a server does that is away, busy or full comes out as StoreDown; our own mistakes stay what they are."""
    try:
        yield
    except AWAY as fault:
        raise StoreDown(str(fault) or type(fault).__name__) from fault
    except AttributeError as torn:
        if "writelines" not in str(torn):
            raise
        # A cluster's client that looks for its nodes anew takes connections from under those who use them.
        raise StoreDown("the connection was lost") from torn
    except exceptions.RedisError as fault:
        if isinstance(fault, REFUSING) or str(fault).startswith(SAYING):
            raise StoreDown(str(fault)) from fault
        raise


class Wire:
    """A client with the names it uses; what the ports below are built on."""

    def __init__(self, client: Client, prefix: str = "tt", keep_days: int = 90, shards: int = SHARDS) -> None:
        """`keep_days` is how long a conversation is remembered after its last event."""
        self.client = client
        self.keys = Keys(prefix, shards)
        self.keep = keep_days * 24 * 3600
        self._line = asyncio.Semaphore(AT_ONCE)
        self._silent_until = 0.0

    @property
    def shards(self) -> tuple[Shard, ...]:
        """All shards in order."""
        return self.keys.shards

    async def ask(self, *command: str | int) -> Any:
        """Carry out one command."""
        with answering():
            return await self._one(command)

    async def ask_all(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Carry out many commands in one round trip (a few in a cluster); the first error is raised."""
        with answering():
            answers = await self._together(commands)
            for answer in answers:
                if isinstance(answer, Exception):
                    raise answer
            return answers

    async def run(self, call: ScriptCall) -> Any:
        """Run a script; a server that does not know it is told."""
        with answering():
            try:
                return await self._one(call.by_hash())
            except exceptions.NoScriptError:
                return await self._one(call.in_full())

    async def run_all(self, calls: Sequence[ScriptCall]) -> list[Any]:
        """Run many scripts in one round trip (a few in a cluster); they are not one step."""
        if not calls:
            return []
        with answering():
            answers = await self._together([call.by_hash() for call in calls])
            unknown = [
                index for index, answer in enumerate(answers) if isinstance(answer, exceptions.NoScriptError)
            ]
            if unknown:
                again = await self._together([calls[index].in_full() for index in unknown])
                for index, answer in zip(unknown, again, strict=True):
                    answers[index] = answer
            for answer in answers:
                if isinstance(answer, Exception):
                    raise answer
            return answers

    async def info(self) -> dict[str, Any]:
        """What the server says about itself; of a cluster, what its first primary says."""
        with answering():
            if isinstance(self.client, RedisCluster):
                return dict(await self.client.info(target_nodes=self.client.get_default_node()))
            return dict(await self.client.info())

    async def _one(self, command: tuple[Any, ...]) -> Any:
        await self._turn()
        try:
            with self._heard():
                return await self.client.execute_command(*command)
        finally:
            self._line.release()

    async def _together(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        await self._turn()
        try:
            pipeline = self.client.pipeline(transaction=False)
            for command in commands:
                pipeline.execute_command(*command)
            with self._heard():
                return list(await pipeline.execute(raise_on_error=False))
        finally:
            self._line.release()

    @contextmanager
    def _heard(self) -> Iterator[None]:
        """A server that hangs is asked by one caller at a time; the others are told at once what that one found.

        Otherwise each of them would wait a whole timeout, one after the other, for the same silence.
        """
        now = asyncio.get_running_loop().time()
        if self._silent_until:
            if now < self._silent_until:
                raise exceptions.TimeoutError("the server did not respond a moment ago")
            self._silent_until = now + HUNG_RETRY_S
        try:
            yield
        except (exceptions.TimeoutError, TimeoutError):
            self._silent_until = asyncio.get_running_loop().time() + HUNG_RETRY_S
            raise
        self._silent_until = 0.0

    async def _turn(self) -> None:
        """Wait for one's turn, but not for ever."""
        if not self._line.locked():
            await self._line.acquire()
            return
        async with asyncio.timeout(QUEUE_TIMEOUT_S):
            await self._line.acquire()


async def is_cluster(client: Redis) -> bool:
    """Whether the server is a node of a cluster. Raises StoreDown."""
    with answering():
        try:
            info = await client.info("cluster")
        except exceptions.ResponseError:
            return False
        return bool(int(info.get("cluster_enabled", 0)))


def says_nothing(fault: exceptions.ResponseError) -> bool:
    """Whether the server does not know the command at all (a stand-in in tests)."""
    return "unknown command" in str(fault).lower()
