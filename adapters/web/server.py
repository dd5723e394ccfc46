"""Serves the web channel on one socket until a stop event. Ends streams first, and leaves signals to the process."""

import asyncio
import resource
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final

import uvicorn

from adapters.web.doors.addresses import Proxies
from adapters.web.doors.connections import Connections

GRACE_S: Final = 10
"""Seconds for which open requests may finish after the stop."""

BACKLOG: Final = 2048

DESCRIPTORS: Final = 16_384
"""Most file descriptors to ask the system for. Each connection needs one."""

SPARE: Final = 128
"""File descriptors that stay free of connections: for the store, the platforms and files."""

CALLS_A_SWEEP: Final = 10
"""Calls of `on_tick` for each sweep; uvicorn makes ten of them in 1 s."""


class _Server(uvicorn.Server):
    """Runs uvicorn without its signal handlers, calls `answers` once it accepts requests, and sweeps connections."""

    def __init__(self, config: uvicorn.Config, answers: Callable[[], None], connections: Connections) -> None:
        super().__init__(config)
        self._answers = answers
        self._connections = connections

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept requests, then call `answers`."""
        await super().startup(sockets)
        if self.started:
            self._answers()

    async def on_tick(self, counter: int) -> bool:
        """Close the connections whose client is too slow, once a second."""
        if counter % CALLS_A_SWEEP == 0:
            self._connections.sweep()
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle no signals, because the process does."""
        yield


async def listen(
    app: Any,
    host: str,
    port: int,
    stop: asyncio.Event,
    ready: Callable[[str], None] = lambda _address: None,
    connections: Connections | None = None,
) -> None:
    """Serve `app` until `stop` is set. Calls `ready` with the address once the server accepts requests.

    `connections` holds the open connections and their limits. Raises OSError if the port is not available.
    """
    if connections is None:
        connections = Connections(_room(), Proxies(app.state.site.trusted_proxies).trusts)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=BACKLOG) as place:
        address = _address(host, place.getsockname()[1])
        server = _Server(_config(app, connections), lambda: ready(address), connections)
        serving = asyncio.create_task(server.serve(sockets=[place]))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            app.state.streams.close()
            server.should_exit = True
            await serving


def _room() -> int:
    """Return how many connections may be open, after raising the process's limit on descriptors where allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return (DESCRIPTORS if soft == resource.RLIM_INFINITY else soft) - SPARE


def _config(app: Any, connections: Connections) -> uvicorn.Config:
    # The guard finds the client's address by TRUSTED_PROXIES, so the server must not read proxy headers. At a lower
    # level than error, uvicorn would log a line for each request that is no HTTP.
    return uvicorn.Config(
        app,
        http=connections,  # type: ignore[arg-type]  # uvicorn only calls it, as it calls a class
        ws="none",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=30,
        h11_max_incomplete_event_size=32 * 1024,
    )


def _address(host: str, port: int) -> str:
    """Return an address that a person can open. A server on all interfaces gets the address of this machine."""
    local = {str(IPv4Address(0)): "127.0.0.1", str(IPv6Address(0)): "::1"}
    shown = local.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
