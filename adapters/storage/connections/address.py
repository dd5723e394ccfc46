"""Reads REDIS_URL: one node, a list of nodes, Sentinels or a unix socket, with options. No error shows a password."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, unquote

SCHEMES: Final[Mapping[str, tuple[Literal["nodes", "sentinels", "socket"], bool]]] = {
    "redis": ("nodes", False),
    "rediss": ("nodes", True),
    "redis+sentinel": ("sentinels", False),
    "rediss+sentinel": ("sentinels", True),
    "unix": ("socket", False),
}
"""What each scheme leads to, and whether with TLS."""

PORTS: Final = {"nodes": 6379, "sentinels": 26379}

EXAMPLE: Final = "redis://127.0.0.1:6379/0"
ESCAPE: Final = "write %, /, ?, # and @ in a password as %25, %2F, %3F, %23 and %40"


def _yes(text: str) -> bool:
    """Read yes or no as redis-py does."""
    if text.lower() not in ("yes", "true", "1", "no", "false", "0"):
        raise ValueError
    return text.lower() in ("yes", "true", "1")


def _file(text: str) -> str:
    if not Path(text).is_file():
        raise ValueError("there is no such file")
    return text


def _certificates(text: str) -> str:
    if text not in ("required", "optional", "none"):
        raise ValueError
    return text


OPTIONS: Final[Mapping[str, Callable[[str], Any]]] = {
    "db": int,
    "username": str,
    "password": str,
    "sentinel_username": str,
    "sentinel_password": str,
    "ssl_ca_certs": _file,
    "ssl_certfile": _file,
    "ssl_keyfile": _file,
    "ssl_cert_reqs": _certificates,
    "ssl_check_hostname": _yes,
    "ssl_ciphers": str,
    "health_check_interval": int,
    "max_connections": int,
    "socket_connect_timeout": float,
    "socket_keepalive": _yes,
    "socket_timeout": float,
}
"""The options that may follow a question mark, and how the value of each is read."""


@dataclass(frozen=True)
class StoreAddress:
    """Where the store is. `options` go to each connection; `service` is what the Sentinels watch."""

    kind: Literal["nodes", "sentinels", "socket"]
    hosts: tuple[tuple[str, int], ...] = ()
    service: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    sentinel_options: Mapping[str, Any] = field(default_factory=dict)


def read_address(url: str) -> StoreAddress:
    """Read the address. Raises ValueError with what is wrong, without the password."""
    scheme, _, rest = url.partition("://")
    scheme = scheme.lower()
    if scheme not in SCHEMES or not rest:
        raise ValueError(f"expected an address like {EXAMPLE}")
    kind, tls = SCHEMES[scheme]
    rest, _, query = rest.partition("?")
    rest = re.sub(rf",\s*{re.escape(scheme)}://", ",", rest, flags=re.IGNORECASE)
    if "://" in rest:
        raise ValueError("every address of a list must start alike")
    netloc, slash, path = rest.partition("/")
    userinfo, netloc = _login(netloc)
    if "@" in path + query or "#" in rest + query:
        raise ValueError(ESCAPE)
    options = userinfo | _options(query, tls)
    sentinel = {name: options.pop(f"sentinel_{name}", None) for name in ("username", "password")}
    if kind == "socket":
        return StoreAddress(kind, options=options | {"path": unquote(netloc + slash + path)})
    hosts = tuple(_host(part.strip(), PORTS[kind], "%" in url) for part in netloc.split(","))
    service, database = _path(kind, path)
    if database:
        options.setdefault("db", _number(database))
    if tls:
        options["ssl"] = True
    ssl = {name: value for name, value in options.items() if name.startswith("ssl")}
    sentinels = {name: value for name, value in sentinel.items() if value} | ssl
    return StoreAddress(kind, hosts, service, options, sentinels if kind == "sentinels" else {})


def shown(url: str) -> str:
    """Return the address as a person may read it: without users, passwords and options."""
    try:
        address = read_address(url)
    except ValueError:
        return url.partition("://")[0] + "://…"
    scheme = url.partition("://")[0]
    if address.kind == "socket":
        return f"{scheme}://{address.options['path']}"
    hosts = ",".join(f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in address.hosts)
    parts = [address.service] if address.service else []
    database = [str(address.options["db"])] if "db" in address.options else []
    return "/".join([f"{scheme}://{hosts}", *parts, *database])


def passwords(url: str) -> frozenset[str]:
    """Return the passwords in the address, so that logs can mask them."""
    try:
        address = read_address(url)
    except ValueError:
        return frozenset()
    return frozenset(
        str(options["password"])
        for options in (address.options, address.sentinel_options)
        if options.get("password")
    )


def _login(netloc: str) -> tuple[dict[str, Any], str]:
    """Split user and password from the nodes. A list may repeat the same ones before every node.

    Raises ValueError if several nodes have one each, as a password would then be sent to the wrong node.
    """
    each = [part.strip().rpartition("@") for part in netloc.split(",")]
    if netloc.count("@") > 1 and len({part[0] for part in each}) == 1:
        userinfo, hosts = each[0][0], ",".join(part[2] for part in each)
    elif sum(bool(part[1]) for part in each) > 1:
        raise ValueError(f"write user and password once, before the first node; {ESCAPE}")
    else:
        userinfo, _, hosts = netloc.rpartition("@")
    user, _, password = userinfo.partition(":")
    found = {"username": unquote(user), "password": unquote(password)}
    return {name: value for name, value in found.items() if value}, hosts


def _host(part: str, default: int, escaped: bool) -> tuple[str, int]:
    name, port = part, ""
    if match := re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]*)(?::(.*))?", part):
        name, port = match[1].strip("[]"), match[2] or ""
    if not name or not re.fullmatch(r"[^\s:]+|[0-9a-fA-F:.]+", name):
        raise ValueError(f"expected an address like {EXAMPLE}, with a host")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        # What looks like a port may be a password: that of redis://user:pass/word@host.
        raise ValueError(f"the port of a node must be a number up to 65535; {ESCAPE}")
    return unquote(name) if escaped else name, int(port or default)


def _path(kind: str, path: str) -> tuple[str, str]:
    """Return the service that Sentinels watch, and the number of the database."""
    if kind == "nodes":
        return "", path.strip("/")
    service, _, database = path.strip("/").partition("/")
    if not service:
        raise ValueError(
            "name the service behind the Sentinels, as in redis+sentinel://a:26379,b:26379/mymaster"
        )
    return unquote(service), database


def _number(database: str) -> int:
    if not (database.isascii() and database.isdigit()):
        raise ValueError("the database after the last slash must be a number")
    return int(database)


def _options(query: str, tls: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in parse_qsl(query.replace("+", "%2B"), keep_blank_values=True):
        if name not in OPTIONS:
            raise ValueError(f"unknown option {name!r}; known are {', '.join(OPTIONS)}")
        if name.startswith("ssl_") and not tls:
            raise ValueError(f"{name} needs an address that starts with rediss")
        try:
            found[name] = OPTIONS[name](value)
        except ValueError as error:
            reason = f": {error}" if OPTIONS[name] is _file else ""
            raise ValueError(f"the value of {name} is wrong{reason}") from None
    return found
