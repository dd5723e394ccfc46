"""Runs real servers that fail over: a primary with replicas and Sentinels, and a cluster of three with replicas."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import redis

from tests.contracts.support.servers import free_port, pings, short_folder, start
from tests.fakes.wait import wait_for

QUICK: Final = ("--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1", "--bind", "127.0.0.1")
"""Options of every server: replicas are there at once, and nothing outside this machine is listened to."""

SERVICE: Final = "main"


@dataclass
class Node:
    """A server that a test can kill, stop, continue and start again with its data."""

    port: int
    options: tuple[str, ...]
    folder: Path = field(default_factory=short_folder)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        self.process = start(self.folder, "--port", str(self.port), *QUICK, *self.options)
        wait_for(lambda: pings(self.console))

    @property
    def console(self) -> "redis.Redis":
        return redis.Redis(port=self.port, decode_responses=True)

    def ask(self, *words: str | int) -> Any:
        with self.console as console:
            return console.execute_command(*words)

    def info(self, name: str) -> Any:
        with self.console as console:
            return console.info("replication").get(name)

    def replicates(self) -> bool:
        return bool(self.info("master_link_status") == "up")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def remove(self) -> None:
        if self.process is not None:
            self.kill()
        shutil.rmtree(self.folder)


@contextmanager
def running(*nodes: Node) -> Iterator[None]:
    """Start the nodes, and remove them at the end."""
    try:
        for node in nodes:
            node.start()
        yield
    finally:
        for node in nodes:
            node.remove()


@dataclass
class Pair:
    """A primary with a replica; either can become the primary."""

    nodes: tuple[Node, Node]

    @property
    def url(self) -> str:
        return "redis://" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    @property
    def primary(self) -> Node:
        return next(node for node in self.nodes if alive(node) and node.info("role") == "master")

    @property
    def replica(self) -> Node:
        return next(node for node in self.nodes if alive(node) and node.info("role") == "slave")

    def level(self) -> bool:
        """Return whether the replica has everything."""
        return bool(self.replica.info("slave_repl_offset") == self.primary.info("master_repl_offset"))

    def swap(self) -> None:
        """Make the replica the primary, as an operator would, and the primary its replica.

        What was written before must have arrived: what a failover loses is another test.
        """
        old, new = self.primary, self.replica
        sent = old.info("master_repl_offset")
        wait_for(lambda: new.info("slave_repl_offset") >= sent)
        new.ask("REPLICAOF", "NO", "ONE")
        old.ask("REPLICAOF", "127.0.0.1", new.port)
        wait_for(lambda: new.info("connected_slaves") == 1)


def alive(node: Node) -> bool:
    return node.process is not None and node.process.poll() is None


@contextmanager
def pair(*options: str) -> Iterator[Pair]:
    """Run a primary with a replica that has all its data."""
    ports = free_port(), free_port()
    nodes = Node(ports[0], options), Node(ports[1], (*options, "--replicaof", f"127.0.0.1 {ports[0]}"))
    with running(*nodes):
        wait_for(lambda: nodes[1].info("master_link_status") == "up")
        yield Pair(nodes)


@dataclass
class Watched:
    """A pair behind Sentinels."""

    pair: Pair
    sentinels: tuple[int, ...]

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.sentinels)
        return f"redis+sentinel://{hosts}/{SERVICE}/0"

    def fail_over(self) -> None:
        """Kill the primary and wait until the Sentinels have made the replica the primary."""
        self.pair.primary.kill()
        wait_for(lambda: self._survivor.info("role") == "master")

    def elect(self) -> None:
        """Make the replica of a killed primary the primary at once, without waiting until the Sentinels miss it."""
        with redis.Redis(port=self.sentinels[0]) as console:
            console.execute_command("SENTINEL", "FAILOVER", SERVICE)
        wait_for(lambda: self._survivor.info("role") == "master")

    @property
    def _survivor(self) -> Node:
        return next(node for node in self.pair.nodes if alive(node))

    def heal(self) -> None:
        """Start the killed server again and wait until it replicates the new primary."""
        dead = next(node for node in self.pair.nodes if not alive(node))
        dead.start()
        wait_for(lambda: self.pair.primary.info("connected_slaves") == 1)
        wait_for(lambda: dead.info("master_link_status") == "up")


@contextmanager
def watched(count: int = 1, patience_ms: int = 10_000) -> Iterator[Watched]:
    """Run a primary with a replica and that many Sentinels, which miss a silent primary after that time."""
    with pair() as two:
        processes, ports, folders = [], [], []
        try:
            for _ in range(count):
                folder, port = short_folder(), free_port()
                config = folder / "sentinel.conf"
                config.write_text(
                    f"port {port}\nbind 127.0.0.1\ndir {folder}\n"
                    f"sentinel monitor {SERVICE} 127.0.0.1 {two.primary.port} {count // 2 + 1}\n"
                    f"sentinel down-after-milliseconds {SERVICE} {patience_ms}\n"
                    f"sentinel failover-timeout {SERVICE} 2000\n"
                )
                program = str(shutil.which("redis-server"))
                quiet = subprocess.DEVNULL
                processes.append(
                    subprocess.Popen([program, str(config), "--sentinel"], stdout=quiet, stderr=quiet)
                )
                ports.append(port)
                folders.append(folder)
            wait_for(lambda: all(_knows(port, count) for port in ports))
            yield Watched(two, tuple(ports))
        finally:
            for process in processes:
                process.kill()
                process.wait()
            for folder in folders:
                shutil.rmtree(folder)


def _knows(port: int, count: int) -> bool:
    """Return whether a Sentinel knows the primary, its replica and the other Sentinels."""
    with redis.Redis(port=port, decode_responses=True) as console:
        if not pings(console):
            return False
        state = console.sentinel_master(SERVICE)
        return bool(state["num-slaves"] == 1 and state["num-other-sentinels"] == count - 1)


@dataclass
class Cluster:
    """Three primaries, each with a replica."""

    nodes: tuple[Node, ...]

    @property
    def url(self) -> str:
        return "redis://" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes[:3])

    @property
    def alive(self) -> list[Node]:
        return [node for node in self.nodes if alive(node)]

    def owner(self, slot: int) -> Node:
        """Return the primary of a slot."""
        for first, last, (_, port, *_), *_ in self.alive[0].ask("CLUSTER", "SLOTS"):
            if first <= slot <= last:
                return next(node for node in self.nodes if node.port == int(port))
        raise LookupError(slot)

    def primaries(self) -> list[Node]:
        return [node for node in self.alive if node.info("role") == "master"]

    def replica_of(self, primary: Node) -> Node:
        return next(node for node in self.alive if node.info("master_port") == primary.port)

    def whole(self) -> bool:
        """Return whether all live nodes agree that every slot is served."""
        return all("cluster_state:ok" in node.ask("CLUSTER", "INFO") for node in self.alive)

    def fail_over(self, primary: Node, *, at_once: bool = False) -> None:
        """Kill a primary and wait until its replica serves its slots; `at_once` does not wait for the nodes' vote."""
        replica = self.replica_of(primary)
        primary.kill()
        if at_once:
            replica.ask("CLUSTER", "FAILOVER", "TAKEOVER")
        wait_for(lambda: replica.info("role") == "master")
        wait_for(self.whole)

    def heal(self) -> None:
        """Start killed nodes again, and wait until each replicates its successor."""
        for node in self.nodes:
            if not alive(node):
                node.start()
                wait_for(node.replicates)
        wait_for(self.whole)

    def move(self, slot: int, target: Node) -> None:
        """Move a slot with all its keys to another primary, as `redis-cli --cluster reshard` does."""
        source = self.owner(slot)
        if source is target:
            return
        ids = {node.port: node.ask("CLUSTER", "MYID") for node in (source, target)}
        target.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", ids[source.port])
        source.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", ids[target.port])
        while keys := source.ask("CLUSTER", "GETKEYSINSLOT", slot, 20):
            source.ask("MIGRATE", "127.0.0.1", target.port, "", 0, 5000, "KEYS", *keys)
        for node in (target, source):
            node.ask("CLUSTER", "SETSLOT", slot, "NODE", ids[target.port])


@contextmanager
def cluster(timeout_ms: int = 1000) -> Iterator[Cluster]:
    """Run a cluster of three primaries with a replica each. `timeout_ms` is after how long a node counts as failed."""
    options = ("--cluster-enabled", "yes", "--cluster-node-timeout", str(timeout_ms))
    ports = [free_port() for _ in range(6)]
    buses = [free_port() for _ in range(6)]
    nodes = tuple(
        Node(port, (*options, "--cluster-port", str(bus))) for port, bus in zip(ports, buses, strict=True)
    )
    with running(*nodes):
        for index, node in enumerate(nodes[:3]):
            node.ask("CLUSTER", "ADDSLOTSRANGE", *((0, 5461), (5462, 10922), (10923, 16383))[index])
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", index + 1)
        for node, bus in zip(nodes[1:], buses[1:], strict=True):
            nodes[0].ask("CLUSTER", "MEET", "127.0.0.1", node.port, bus)
        wait_for(lambda: all(len(node.ask("CLUSTER", "NODES").splitlines()) == 6 for node in nodes))
        for primary, replica in zip(nodes[:3], nodes[3:], strict=True):
            _until_accepted(replica, "CLUSTER", "REPLICATE", str(primary.ask("CLUSTER", "MYID")))
        made = Cluster(nodes)
        wait_for(made.whole)
        wait_for(lambda: all(node.info("master_link_status") == "up" for node in nodes[3:]))
        yield made


def _until_accepted(node: Node, *words: str) -> None:
    """Repeat a command until the node knows the node that the command names."""

    def accepted() -> bool:
        try:
            node.ask(*words)
        except redis.ResponseError:
            return False
        return True

    wait_for(accepted)
