"""Serves the web channel until told to stop: one socket, no signals of its own, streams ended before it waits."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final

import uvicorn

GRACE_S: Final = 10
"""Seconds that requests under way get to finish."""

BACKLOG: Final = 2048


class _Server(uvicorn.Server):
    """A server whose process listens to signals itself, and that says when it answers."""

    def __init__(self, config: uvicorn.Config, answers: Callable[[], None]) -> None:
        super().__init__(config)
        self._answers = answers

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        if self.started:
            self._answers()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


async def listen(
    app: Any, host: str, port: int, stop: asyncio.Event, ready: Callable[[str], None] = lambda _address: None
) -> None:
    """Serve `app` there until `stop` is set. `ready` is told the address once it answers.

    Raises OSError when the port cannot be had.
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
    # Who a request comes from is the guard's affair, which asks TRUSTED_PROXIES; the server must not guess.
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
    """An address a person can open: a server that listens everywhere is also here."""
    everywhere = {str(IPv4Address(0)): "127.0.0.1", str(IPv6Address(0)): "::1"}
    shown = everywhere.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
