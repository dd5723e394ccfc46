"""Makes the client that suits an address: for one server, for a list of nodes, for Sentinels or for a cluster.

Every client has the same timeouts, and repeats a command whose answer was lost. Repeating is safe: commits carry the
event's key, leases their token.
"""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any, Final

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.connection import SSLConnection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import (
    MasterNotFoundError,
    Sentinel,
    SentinelConnectionPool,
    SentinelManagedConnection,
)
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError, ResponseError

from adapters.storage.connections.address import StoreAddress, read_address
from adapters.storage.connections.connection_names import connection_name
from adapters.storage.connections.transport import Client
from adapters.storage.failures import answering
from bot.ports import StoreDown

TIMEOUT_S: Final = 3.0
"""Seconds an answer may take: people are waiting, and Slack and Discord wait no more than three seconds."""

ASK_S: Final = 1.0
"""Seconds in which a Sentinel or a listed node must say who the primary is. One that is silent must not hold up the
others."""

RETRIES: Final = 1
"""How often a command whose answer was lost is repeated at once."""


def connect(url: str) -> Redis:
    """Make a client for one server, or for the primary among listed nodes or behind Sentinels."""
    address = read_address(url)
    if address.kind == "socket":
        return Redis(unix_socket_path=address.options["path"], **_options(address, without=("path",)))
    if address.kind == "sentinels":
        asking = _short(address.sentinel_options)
        sentinel = Sentinels(address.hosts, sentinel_kwargs=asking)  # type: ignore[no-untyped-call] # redis-py leaves it so
        return Redis.from_pool(PrimaryPool(address.service, sentinel, **_options(address)))
    if len(address.hosts) > 1:
        return Redis.from_pool(PrimaryPool("", ListedNodes(address), **_options(address)))
    ((host, port),) = address.hosts
    return Redis(host=host, port=port, **_options(address))


def connect_cluster(url: str) -> RedisCluster:
    """Make a client for a Redis Cluster. One listed node that answers is enough to find the others.

    Raises ValueError for an address with a database.
    """
    address = read_address(url)
    if address.options.get("db"):
        raise ValueError("a cluster has no numbered databases; leave out the number at the end")
    nodes = [ClusterNode(host, port) for host, port in address.hosts]
    return RedisCluster(startup_nodes=nodes, **_options(address, without=("db", "retry")))


async def open_client(url: str) -> Client:
    """Make the client that suits what answers at that address. Raises StoreDown if nothing does, and ValueError."""
    address = read_address(url)
    if address.kind == "nodes" and await _in_cluster(address):
        return connect_cluster(url)
    return connect(url)


async def _in_cluster(address: StoreAddress) -> bool:
    """Return whether the first listed node that answers is one of a cluster. Raises StoreDown if none answers."""
    silent: list[str] = []
    for host, port in address.hosts:
        client = Redis(host=host, port=port, **_options(address, without=("db",)))
        try:
            return await _is_cluster(client)
        except StoreDown as down:
            silent.append(str(down))
        finally:
            await client.aclose()
    raise StoreDown("; ".join(silent))


async def _is_cluster(client: Redis) -> bool:
    """Return whether the server is a node of a cluster. Raises StoreDown."""
    with answering():
        try:
            info = await client.info("cluster")
        except ResponseError:
            return False
        return bool(int(info.get("cluster_enabled", 0)))


def _options(address: StoreAddress, without: Collection[str] = ()) -> dict[str, Any]:
    """Return the options of every connection; those of the address win."""
    ours = {
        "client_name": connection_name(),
        "decode_responses": True,
        "encoding_errors": "surrogateescape",  # damaged bytes must not fail the command, and come back as they were
        "protocol": 2,
        "socket_timeout": TIMEOUT_S,
        "socket_connect_timeout": TIMEOUT_S,
        "retry": Retry(ExponentialBackoff(cap=0.5, base=0.05), RETRIES),
    }
    return {name: value for name, value in {**ours, **address.options}.items() if name not in without}


def _short(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a connection that only asks who the primary is."""
    ours = {
        "client_name": connection_name(),
        "socket_timeout": ASK_S,
        "socket_connect_timeout": ASK_S,
        "retry": Retry(ExponentialBackoff(), 0),
    }
    return {"decode_responses": True, "protocol": 2, **ours, **options}


class Sentinels(Sentinel):
    """Asks the Sentinels one after the other, and says why each of them names no primary."""

    async def discover_master(self, service_name: str) -> tuple[str, int]:
        """Return the primary that the first Sentinel names. Raises MasterNotFoundError."""
        reasons = []
        for number, each in enumerate(self.sentinels):
            try:
                services: Any = await each.sentinel_masters()
                state = services.get(service_name)
                reason = "finds the primary down" if state else "watches no such service"
            except (RedisError, OSError) as error:
                state, reason = None, f"does not answer: {error}"
            if state and self.check_master_state(state, service_name):
                self.sentinels[0], self.sentinels[number] = each, self.sentinels[0]
                return str(state["ip"]), int(state["port"])
            where = each.connection_pool.connection_kwargs
            reasons.append(f"{where['host']}:{where['port']} {reason}")
        raise MasterNotFoundError(
            f"no Sentinel of REDIS_URL names a primary of {service_name} ({', '.join(reasons)})"
        )


class ListedNodes:
    """Finds the primary among listed nodes that replicate each other, in the way that redis-py asks Sentinels."""

    def __init__(self, address: StoreAddress) -> None:
        self._nodes = tuple(
            Redis(host=host, port=port, **_short(address.options)) for host, port in address.hosts
        )
        self._hosts = address.hosts

    async def discover_master(self, _service: str) -> tuple[str, int]:
        """Return the first node that says it is a primary. Raises MasterNotFoundError."""
        roles = await asyncio.gather(*(self._role(node) for node in self._nodes))
        for host, role in zip(self._hosts, roles, strict=True):
            if role == "master":
                return host
        names = ", ".join(
            f"{host}:{port} {role}" for (host, port), role in zip(self._hosts, roles, strict=True)
        )
        raise MasterNotFoundError(f"no node of REDIS_URL is a primary ({names})")

    async def aclose(self) -> None:
        """Close the connections to all nodes."""
        for node in self._nodes:
            await node.aclose()

    @staticmethod
    async def _role(node: Redis) -> str:
        """Return "master" or "slave", or why the node does not answer."""
        try:
            return str((await node.info("replication"))["role"])
        except (RedisError, OSError) as error:
            return f"does not answer: {error}"


class PrimaryConnection(SentinelManagedConnection):
    """Asks for the primary's address whenever it connects. The library reuses the old one when it sends again."""

    async def connect_check_health(
        self, check_health: bool = True, retry_socket_connect: bool = True
    ) -> None:
        """Connect to the present primary, unless connected."""
        if not self.is_connected:
            self.host, self.port = await self.connection_pool.get_master_address()
        await super().connect_check_health(check_health, retry_socket_connect)


class PrimaryTLSConnection(PrimaryConnection, SSLConnection):
    """Does the same over TLS."""


class PrimaryPool(SentinelConnectionPool):
    """Connects to the present primary, and closes with itself the connections over which it asks for the primary."""

    def __init__(self, service: str, manager: "Sentinel | ListedNodes", **options: Any) -> None:
        """`options` go to each connection."""
        connection = PrimaryTLSConnection if options.pop("ssl", False) else PrimaryConnection
        super().__init__(service, manager, connection_class=connection, **options)  # type: ignore[no-untyped-call] # redis-py

    async def aclose(self) -> None:
        """Close all connections."""
        await super().aclose()
        with suppress(RedisError, OSError):
            await self.sentinel_manager.aclose()
