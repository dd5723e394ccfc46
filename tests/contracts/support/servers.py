"""Runs the servers for the store's contract: a stand-in in memory, the embedded Valkey, Debian's Redis, a cluster."""

import asyncio
import hashlib
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Protocol

import fakeredis
import redis

from adapters.storage.server.embedded import Embedded
from adapters.storage.store import Store, connect, connect_cluster
from adapters.storage.wire import Script, ScriptCall, Wire
from tests.conftest import need
from tests.contracts.support.rights import LOGIN, rights, rights_in_a_cluster
from tests.fakes.wait import wait_for


class Server(Protocol):
    """A running server. Every store made here has its own client, as another process would."""

    def store(self, prefix: str) -> Store:
        """Make a store on this server, under that prefix."""

    def operate(self, *words: str) -> None:
        """Run a command as the server's operator, on every node."""

    def stop(self) -> None:
        """Stop the server."""


class InMemory:
    """Runs fakeredis, which is fast and stores nothing on disk."""

    def __init__(self) -> None:
        self._server = fakeredis.FakeServer(version=(7,))

    def store(self, prefix: str) -> Store:
        return Store(
            fakeredis.FakeAsyncRedis(
                server=self._server, decode_responses=True, encoding_errors="surrogateescape"
            ),
            prefix,
        )

    def operate(self, *words: str) -> None:
        ask(fakeredis.FakeRedis(server=self._server), *words)

    def stop(self) -> None:
        """Do nothing, because there is no server."""


class OurOwn:
    """Runs the embedded Valkey, as the product does."""

    def __init__(self) -> None:
        self._folder = short_folder()
        self._server = asyncio.run(Embedded.attach(self._folder))

    def store(self, prefix: str) -> Store:
        return Store(connect(f"unix://{self._server.socket}"), prefix)

    def operate(self, *words: str) -> None:
        with redis.Redis(unix_socket_path=str(self._server.socket)) as console:
            ask(console, *words)

    def stop(self) -> None:
        asyncio.run(self._server.release())
        shutil.rmtree(self._folder)


class Debians:
    """Runs Debian's redis-server, the oldest supported version, append-only as ours, on a unix socket.

    Stores log in as the user of docs/redis.md, which has only the rights that are listed there.
    """

    def __init__(self) -> None:
        self._folder = short_folder()
        self._socket = self._folder / "redis.sock"
        self._process = start(self._folder, "--port", "0", "--unixsocket", str(self._socket))
        console = redis.Redis(unix_socket_path=str(self._socket))
        wait_for(lambda: pings(console))
        ask(console, *rights())
        console.close()

    def store(self, prefix: str) -> Store:
        return Store(connect(f"unix://{LOGIN}@{self._socket}"), prefix)

    def operate(self, *words: str) -> None:
        with redis.Redis(unix_socket_path=str(self._socket)) as console:
            ask(console, *words)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        shutil.rmtree(self._folder)


class StrictWire(Wire):
    """Declares scripts as `#!lua`, so that a cluster refuses every key outside the script's slot."""

    async def run(self, call: ScriptCall) -> Any:
        return await super().run(strict(call))

    async def run_all(self, calls: Sequence[ScriptCall]) -> list[Any]:
        return await super().run_all([strict(call) for call in calls])


def strict(call: ScriptCall) -> ScriptCall:
    text = "#!lua\n" + call.script.text
    return call._replace(script=Script(text, hashlib.sha1(text.encode()).hexdigest()))


class TwoNodes:
    """Runs a Redis Cluster of two nodes with half of the slots each, strict about keys."""

    def __init__(self) -> None:
        self._folders = [short_folder(), short_folder()]
        self._ports = [free_port(), free_port()]
        buses = [free_port(), free_port()]
        self._processes = [
            self._node(*place) for place in zip(self._folders, self._ports, buses, strict=True)
        ]
        first, second = (redis.Redis(port=port, decode_responses=True) for port in self._ports)
        wait_for(lambda: pings(first) and pings(second))
        ask(first, "CLUSTER", "ADDSLOTSRANGE", "0", "8191")
        ask(second, "CLUSTER", "ADDSLOTSRANGE", "8192", "16383")
        ask(second, "CLUSTER", "SET-CONFIG-EPOCH", "2")
        for node in (first, second):
            ask(node, *rights(), *rights_in_a_cluster())
        ask(first, "CLUSTER", "MEET", "127.0.0.1", str(self._ports[1]), str(buses[1]))
        wait_for(lambda: all("cluster_state:ok" in ask(node, "CLUSTER", "INFO") for node in (first, second)))
        first.close()
        second.close()

    @staticmethod
    def _node(folder: Path, port: int, bus: int) -> "subprocess.Popen[bytes]":
        options = {"port": port, "cluster-port": bus, "cluster-enabled": "yes", "bind": "127.0.0.1"}
        return start(folder, *(word for name, value in options.items() for word in (f"--{name}", str(value))))

    def store(self, prefix: str) -> Store:
        store = Store(connect_cluster(f"redis://{LOGIN}@127.0.0.1:{self._ports[0]}"), prefix)
        store.wire.__class__ = StrictWire
        return store

    def operate(self, *words: str) -> None:
        for number in range(len(self._ports)):
            self.operate_on(number, *words)

    def operate_on(self, number: int, *words: str) -> None:
        """Run a command as the operator of one node."""
        with redis.Redis(port=self._ports[number]) as console:
            ask(console, *words)

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
            process.wait(10)
        for folder in self._folders:
            shutil.rmtree(folder)


SERVERS: dict[str, Callable[[], Server]] = {
    "fakeredis": InMemory,
    "valkey": OurOwn,
    "redis": Debians,
    "cluster": TwoNodes,
}


def short_folder() -> Path:
    """Make a folder with a path short enough for a socket's name."""
    return Path(tempfile.mkdtemp(prefix="tt-"))


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: Path, *options: str) -> "subprocess.Popen[bytes]":
    """Start Debian's server in that folder, append-only."""
    program = shutil.which("redis-server")
    need("Debian's redis-server", program)
    return subprocess.Popen(
        [str(program), "--dir", str(folder), "--appendonly", "yes", "--save", "", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def pings(client: "redis.Redis") -> bool:
    with suppress(redis.RedisError):
        return bool(client.ping())
    return False


def ask(client: "redis.Redis", *words: str) -> str:
    return str(client.execute_command(*words))  # type: ignore[no-untyped-call] # redis-py leaves it so
