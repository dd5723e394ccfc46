"""Knows which network an address belongs to, and whom a trusted proxy speaks for."""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

_WITH_PORT: Final = re.compile(r"([0-9.]+):[0-9]{1,5}|\[([^\]]*)\](?::[0-9]{1,5})?")
"""An address as some proxies write it in X-Forwarded-For, with its port."""


@lru_cache(maxsize=4096)
def network(host: str) -> str:
    """Return the network that counts as one client. For IPv6 this is the first half, since a household has the rest."""
    try:
        address = _unmapped(ip_address(host))
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False).network_address)
    return str(address)


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return getattr(address, "ipv4_mapped", None) or address


class Proxies:
    """Holds the proxies whose X-Forwarded headers are trusted."""

    def __init__(self, trusted: Iterable[str]) -> None:
        """`trusted` are addresses or networks; "*" trusts everyone. Raises ValueError for other texts."""
        names = ("0.0.0.0/0", "::/0") if "*" in trusted else trusted
        self._networks = tuple(ip_network(name, strict=False) for name in names)

    def trusts(self, host: str) -> bool:
        """Return whether the address belongs to a trusted proxy."""
        if not self._networks:
            return False
        try:
            address = _unmapped(ip_address(host))
        except ValueError:
            return False
        return any(address.version == known.version and address in known for known in self._networks)

    def client(self, host: str, forwarded: str) -> str:
        """Return the last address in X-Forwarded-For that is not a trusted proxy. Earlier ones may be forged."""
        for part in (part.strip() for part in reversed(forwarded.split(",")) if part.strip()):
            with_port = _WITH_PORT.fullmatch(part)
            address = with_port[1] or with_port[2] if with_port else part
            try:
                ip_address(address)
            except ValueError:
                return host
            host = address
            if not self.trusts(address):
                break
        return host
