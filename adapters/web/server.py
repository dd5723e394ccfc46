"""Serves the web channel on one socket until a stop event. Ends streams first, and leaves signals to the process."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final

import uvicorn

GRACE_S: Final = 10
"""Seconds for which open requests may finish after the stop."""

BACKLOG: Final = 2048


class _Server(uvicorn.Server):
    """Runs uvicorn without its signal handlers, and calls `answers` once it accepts requests."""

    def __init__(self, config: uvicorn.Config, answers: Callable[[], None]) -> None:
        super().__init__(config)
        self._answers = answers

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept requests, then call `answers`."""
        await super().startup(sockets)
        if self.started:
            self._answers()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle no signals, because the process does."""
        yield


async def listen(
    app: Any, host: str, port: int, stop: asyncio.Event, ready: Callable[[str], None] = lambda _address: None
) -> None:
    """Serve `app` until `stop` is set. Calls `ready` with the address once the server accepts requests.

    Raises OSError if the port is not available.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=BACKLOG) as place:
        address = _address(host, place.getsockname()[1])
        server = _Server(_config(app), lambda: ready(address))
        serving = asyncio.create_task(server.serve(sockets=[place]))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            app.state.streams.close()
            server.should_exit = True
            await serving


def _config(app: Any) -> uvicorn.Config:
    # The guard finds the client's address by TRUSTED_PROXIES, so the server must not read proxy headers.
    return uvicorn.Config(
        app,
        log_config=None,
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
