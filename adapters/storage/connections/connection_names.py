"""Names this product's connections, and finds those on the server that may belong to a release that has no names."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from redis.asyncio import RedisCluster
from redis.exceptions import ResponseError

from adapters.storage.formats import NEWEST

NAME: Final = "troubletree/"
"""How the names of this product's connections begin; the newest format that the process reads follows."""

LIBRARY: Final = "redis-py"
"""The library that every release uses. Servers from 7.2 on show it for each connection."""

SERVERS: Final = frozenset("MS")
"""The flags of a connection between a primary and its replica."""


def connection_name() -> str:
    """Return the name of this release's connections."""
    return f"{NAME}{NEWEST}"


UNUSED: Final = "NULL"
"""The last command of a connection that has sent none: its process has yet to read the format."""


async def older_connections(client: Any, newest: int) -> tuple[str, ...]:
    """Return why processes that cannot read format `newest` may be connected. Raises the failures of a connection."""
    try:
        connections = [row for rows in await each_node(client, "client_list") for row in rows]
        timeouts = await each_node(client, "config_get", "timeout")
    except ResponseError as refused:
        return (f"the server does not show its connections: {refused}",)
    closing = any(int(each.get("timeout") or 0) for each in timeouts)
    hidden = ("the server closes idle connections, so a process may not be seen",) if closing else ()
    return (*hidden, *dict.fromkeys(filter(None, (_doubt(row, newest) for row in connections))))


async def each_node(client: Any, command: str, *args: str) -> Sequence[Any]:
    """Ask the server, or each node of a cluster."""
    if not isinstance(client, RedisCluster):
        return (await getattr(client, command)(*args),)
    answers = await getattr(client, command)(*args, target_nodes=RedisCluster.ALL_NODES)
    return tuple(answers.values()) if _by_node(client, answers) else (answers,)


def _by_node(client: RedisCluster, answers: Any) -> bool:
    """Return whether the answers are kept by node: one node's answer comes alone."""
    return isinstance(answers, Mapping) and set(answers) <= {node.name for node in client.get_nodes()}


def _doubt(row: Mapping[str, str], newest: int) -> str:
    """Return why the connection may be an older release's; '' if it cannot be one."""
    name, library = row.get("name", ""), row.get("lib-name", "")
    address = row.get("addr", "an unknown address")
    place = address.rpartition(":")[0] or address
    if SERVERS & set(row.get("flags", "")) or row.get("cmd") == UNUSED:
        return ""
    if name.startswith(NAME):
        reads = name.removeprefix(NAME)
        return "" if reads.isdigit() and int(reads) >= newest else f"{place} reads up to format {reads}"
    if (name or library) and not library.startswith(LIBRARY):
        return ""
    if name:
        return f"{place} is connected as {name}, which an older release may be"
    return f"{place} is connected without a name, as releases before this one are"
