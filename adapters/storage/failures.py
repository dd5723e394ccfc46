"""Turns what goes wrong between a client and the server into StoreDown, with a reason that says what to do."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from redis import exceptions

from bot.ports import StoreDown

AWAY: Final = (exceptions.ConnectionError, exceptions.TimeoutError, exceptions.ClusterError, OSError)
"""What a client raises when the server does not answer, or not in time."""

UNREACHABLE: Final = (
    "Redis Cluster cannot be connected",
    "startup_nodes could not agree",
    "All slots are not covered",
    "No targets were found",
)
"""How the messages of a cluster's client begin if it cannot reach the cluster, or knows no node for a slot. Its other
messages are about mistakes of ours, such as keys of two slots in one script."""

REFUSALS: Final[Mapping[str, str]] = {
    "OOM": "the store's memory is full",
    "READONLY": "the store is a read-only replica",
    "MISCONF": "the store cannot write to its disk",
    "NOREPLICAS": "the store has too few replicas",
    "BUSY": "the store is busy with a script",
    "LOADING": "the store is loading its data",
    "TRYAGAIN": "the store is moving this conversation to another node",
    "MOVED": "the store's nodes have changed",
    "ASK": "the store's nodes are changing",
    "CLUSTERDOWN": "a part of the cluster is down",
    "MASTERDOWN": "the replica has lost its primary",
    "NOAUTH": "the store needs a user and a password in REDIS_URL",
    "WRONGPASS": "the store does not accept the user and password of REDIS_URL",
    "NOPERM": "the user of REDIS_URL lacks a right",
}
"""How error messages of a running server begin that refuses a command for now, and what each means. The command did
nothing. Anything else is a mistake of ours, or damaged data."""

NO_RIGHT_IN_SCRIPT: Final = "executing the script"
"""A part of the message if a script's user lacks a right; that message has no word of its own in front."""


@contextmanager
def answering() -> Iterator[None]:
    """Raise StoreDown if the server is down, busy or full. Other errors, such as our own mistakes, stay as they are."""
    try:
        yield
    except AWAY as error:
        raise StoreDown(reason(error)) from error
    except exceptions.RedisClusterException as error:
        lost = isinstance(error, exceptions.SlotNotCoveredError) or str(error).startswith(UNREACHABLE)
        if not lost:
            raise
        raise StoreDown(str(error)) from error
    except AttributeError as error:
        if "writelines" not in str(error):
            raise
        # When a cluster's client refreshes its list of nodes, it closes connections that are in use.
        raise StoreDown("the connection was lost") from error
    except exceptions.RedisError as error:
        if code(error) in REFUSALS:
            raise StoreDown(reason(error)) from error
        raise


def code(error: Exception) -> str:
    """Return the word with which the server's message began, such as OOM; '' if it is none that we know."""
    text = str(error)
    word = getattr(error, "status_code", None) or text.partition(" ")[0]
    if word not in REFUSALS and NO_RIGHT_IN_SCRIPT in text:
        return "NOPERM"
    return str(word) if word in REFUSALS else ""


def reason(error: Exception) -> str:
    """Return what went wrong, in words and as the server said it."""
    said = str(error) or type(error).__name__
    word = code(error)
    if not word:
        return said
    return f"{REFUSALS[word]} ({said if said.startswith(word) else f'{word} {said}'})"
