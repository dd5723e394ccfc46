"""Knows under which names this site may be reached, and which origins are its own."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
"""This machine's own names, which no one else can send a browser to."""

PROBES: Final = ("/healthz", "/readyz", "/metrics")
"""Paths that load balancers and monitors ask for by whatever address a process has. They name no host."""

_HOST: Final = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253}?)\.?(?::[0-9]{1,5})?")


class Hosts:
    """Holds the names under which this site may be reached."""

    def __init__(self, public_url: str, allowed: Iterable[str]) -> None:
        """`allowed` are names without a port; "*.example.com" allows every name below, "*" every name at all."""
        self.public = origin_of_url(public_url)
        self._netloc = self.public.partition("://")[2]
        own = urlsplit(public_url).hostname or ""
        names = {*LOOPBACK, f"[{own}]" if ":" in own else own, *(name.lower() for name in allowed)} - {""}
        self._any = "*" in names
        self._names = frozenset(names)
        self._above = tuple(name[1:] for name in names if name.startswith("*."))

    def allows(self, host: str) -> bool:
        """Return whether a request's Host header names this site."""
        named = _HOST.fullmatch(host.lower())
        if named is None:
            return False
        return self._any or named[1] in self._names or named[1].endswith(self._above)

    def origins(self, scheme: str, host: str) -> frozenset[str]:
        """Return the origins of this site's own pages, as a browser that asked that host knows them.

        Under the public address, only the public origin counts: a proxy that is not trusted hides that it speaks https,
        and the same name without https may be anyone's on the way.
        """
        if host.lower() == self._netloc:
            return frozenset({self.public})
        return frozenset({f"{scheme}://{host}".lower(), self.public} - {""})


def origin_of_url(url: str) -> str:
    """Return an address's origin, as browsers write it; '' for ''."""
    parts = urlsplit(url.lower())
    default = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    netloc = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{netloc.removesuffix(default) if default else netloc}" if netloc else ""
