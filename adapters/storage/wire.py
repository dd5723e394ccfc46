"""Sends commands and scripts to the store, and knows the names of its keys."""

import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from itertools import count
from typing import Any, Final, NamedTuple

from redis import exceptions
from redis.asyncio import RedisCluster

from adapters.storage.connections.transport import Client, Transport
from adapters.storage.failures import answering, code
from adapters.storage.formats import NEWEST
from adapters.storage.identity import StoreIdentity
from adapters.storage.keys import SHARDS, Keys, Shard


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


OUTSIDE_SCRIPTS: Final = (
    "EVAL EVALSHA GETDEL GETEX GETRANGE HKEYS HSCAN LSET LTRIM PEXPIREAT ROLE SCAN SISMEMBER SRANDMEMBER SSCAN"
    " SSUBSCRIBE SUNSUBSCRIBE ZREMRANGEBYRANK ZSCAN"
)
"""The commands that are sent by themselves. Left out are those that connecting needs, and BGREWRITEAOF, CLIENT LIST and
CONFIG GET, which managed servers may refuse."""


@cache
def needed_commands() -> tuple[str, ...]:
    """Return the commands that a user must have the right to use."""
    scripts = [each for each in files("adapters.storage").iterdir() if each.name.endswith(".lua")]
    inside = {name for each in scripts for name in _COMMAND.findall(each.read_text(encoding="utf-8"))}
    return tuple(sorted({*inside, *OUTSIDE_SCRIPTS.split()}))


_COMMAND: Final = re.compile(r"(?:redis\.p?call|\btry)\('([A-Z]+)'")


def _read_lua(name: str) -> str:
    return files("adapters.storage").joinpath(f"{name}.lua").read_text(encoding="utf-8")


_INCLUDE: Final = re.compile(r"^-- with ([\w/]+)\n", re.MULTILINE)


class ScriptCall(NamedTuple):
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
    """Return a new token for a lease. The token is unique but not secret: this process's name and a number."""
    return f"{_process()}{next(_NUMBERS):x}"


@cache
def _process() -> str:
    return secrets.token_urlsafe(9)


_NUMBERS: Final = count()


Mend = Callable[[Sequence[str], exceptions.ResponseError], Awaitable[bool]]
"""Sets aside what is damaged under some keys after an error. Returns whether the command can be tried again."""


MENDINGS: Final = 20
"""Most damaged keys that are set aside for one command: as many as a script has."""


class Wire:
    """Sends commands to Redis through one client, and knows the names of the keys. Every port of the store uses one."""

    def __init__(self, client: Client, prefix: str = "tt", keep_days: int = 90, shards: int = SHARDS) -> None:
        """`keep_days` is the number of days for which a conversation is stored after its last event.

        `keep_unanswered` are the seconds for a conversation that no one answered.
        """
        self.client = client
        self.keys = Keys(prefix, shards)
        self.keep = self.keep_unanswered = keep_days * 24 * 3600
        self.writes = NEWEST  # the format to write; `prepare` and every announcement learn the store's
        transport = Transport(client)
        self._send, self._send_all, self._reconnect = transport.send, transport.send_all, transport.reconnect
        self.identity = StoreIdentity(self.keys, self.ask_primary)
        self.mend: Mend | None = None

    @property
    def shards(self) -> tuple[Shard, ...]:
        """Return all shards in order."""
        return self.keys.shards

    async def ask(self, *command: str | int) -> Any:
        """Send one command and return the answer. Raises StoreDown."""
        await self.identity.admit()
        return await self._mending(command[1:2], lambda: self._send(command))

    async def ask_alone(self, *command: str | int) -> Any:
        """Do the same over a connection of its own, because the answer may be so long that it would hold up others."""
        await self.identity.admit()
        return await self._mending(command[1:2], lambda: self._send(command, alone=True))

    async def ask_all(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Send many commands in one round trip (a few in a cluster). Raises the first error, or StoreDown."""
        await self.identity.admit()
        with answering():
            answers = await self._send_all(commands)
        return [
            await self._resent(answer, command[1:2], partial(self._send, command))
            if isinstance(answer, Exception)
            else answer
            for answer, command in zip(answers, commands, strict=True)
        ]

    async def run(self, call: ScriptCall) -> Any:
        """Run a script by its hash; send its text if the server has not cached it. Raises StoreDown."""
        await self.identity.admit()
        try:
            return await self._send(call.by_hash())
        except Exception as error:  # noqa: BLE001 - `answering` knows them all, and lets those of no server through
            return await self._mending(call.keys, lambda: self._run(call), error)

    async def _run(self, call: ScriptCall, **how: bool) -> Any:
        try:
            return await self._send(call.by_hash(), **how)
        except exceptions.NoScriptError:
            return await self._send(call.in_full(), **how)

    async def _mending(
        self, keys: Sequence[Any], send: Callable[[], Awaitable[Any]], failed: Exception | None = None
    ) -> Any:
        """Send something, and again while keys with damaged content make it fail and are set aside.

        `failed` is the error of the first attempt, if one was made. A script that was not cached is sent again.
        """
        with answering():
            for _ in range(MENDINGS):
                first, failed = failed, None
                try:
                    if first is not None and not isinstance(first, exceptions.NoScriptError):
                        raise first
                    return await send()
                except exceptions.ResponseError as error:
                    if not await self._mended(keys, error):
                        raise
            return await send()

    async def _resent(self, error: Exception, keys: Sequence[Any], send: Callable[[], Awaitable[Any]]) -> Any:
        """Return the answer of a command that failed among others and works now; see `_mending`. Raises the error."""
        with answering():
            if not isinstance(error, exceptions.ResponseError) or not await self._mended(keys, error):
                raise error
        return await self._mending(keys, send)

    async def _mended(self, keys: Sequence[Any], error: exceptions.ResponseError) -> bool:
        """Set aside what the error is about. A server that is full or read-only says nothing about the keys."""
        return self.mend is not None and not code(error) and await self.mend(keys, error)

    async def ask_bytes(self, *command: str | int) -> Any:
        """Send one command and return the answer as bytes, for values that may not be text. Raises StoreDown."""
        with answering():
            return await self._send(command, NEVER_DECODE=True)

    async def run_bytes(self, call: ScriptCall) -> Any:
        """Run a script as `run` does, and return the answer as bytes. Raises StoreDown."""
        return await self._mending(call.keys, lambda: self._run(call, NEVER_DECODE=True))

    async def run_all(self, calls: Sequence[ScriptCall]) -> list[Any]:
        """Run many scripts in one round trip (a few in a cluster). Together they are not atomic. Raises StoreDown."""
        if not calls:
            return []
        await self.identity.admit()
        with answering():
            answers = await self._send_all([call.by_hash() for call in calls])
            unknown = [
                index for index, answer in enumerate(answers) if isinstance(answer, exceptions.NoScriptError)
            ]
            if unknown:
                again = await self._send_all([calls[index].in_full() for index in unknown])
                for index, answer in zip(unknown, again, strict=True):
                    answers[index] = answer
        return [
            await self._resent(answer, call.keys, partial(self._run, call))
            if isinstance(answer, Exception)
            else answer
            for answer, call in zip(answers, calls, strict=True)
        ]

    async def ask_primary(self, commands: Sequence[tuple[Any, ...]]) -> list[Any] | None:
        """Send many commands, also to a lost store. Return answers and errors; None if a replica answered.

        After a failover an open connection may lead to the old primary, which answers reads with old data, or with none
        while it is copied anew. In a cluster, a replica refuses. Raises StoreDown.
        """
        with answering():
            if isinstance(self.client, RedisCluster):
                return await self._send_all(commands)
            role, *answers = await self._send_all([("ROLE",), *commands])
            if isinstance(role, list) and role[0] == "slave":
                await self._reconnect()
                return None
            return answers

    async def infos(self) -> list[dict[str, Any]]:
        """Return each primary's answer to INFO. Raises StoreDown."""
        with answering():
            if isinstance(self.client, RedisCluster):
                found = await self.client.info(target_nodes=RedisCluster.PRIMARIES)
                return [found] if "redis_version" in found else list(found.values())
            return [dict(await self.client.info())]

    async def one_per_primary(self) -> tuple[Shard, ...]:
        """Return one shard of every primary; outside a cluster the first shard."""
        if not isinstance(self.client, RedisCluster):
            return self.shards[:1]
        nodes = self.client.nodes_manager
        found: dict[str, Shard] = {}
        with answering():
            await self.client.initialize()
            for shard in self.shards:
                found.setdefault(nodes.get_node_from_slot(self.client.keyslot(shard.probe)).name, shard)
        return tuple(found.values())


def says_nothing(error: exceptions.ResponseError) -> bool:
    """Return whether the error means that the server does not know the command (a stand-in in tests)."""
    return "unknown command" in str(error).lower()
