"""Serves a site on a socket of this machine, and sends it bytes that no client library would send."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from adapters.web.server import listen
from tests.adapters.web.support.site import Place


@asynccontextmanager
async def served(place: Place, **more: Any) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Serve the site at an address of this machine until the event is set. `more` is for `listen`."""
    stop = asyncio.Event()
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(listen(place.asgi, "127.0.0.1", 0, stop, address.set_result, **more))
    try:
        yield await address, stop
    finally:
        stop.set()
        await serving


async def opened(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a connection to the address of a site."""
    return await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))


async def ask(address: str, head: str, *headers: str, body: bytes = b"") -> tuple[int, str]:
    """Send a request line, headers and a body as they are. Return the status (0 without one) and the whole response."""
    reader, writer = await opened(address)
    lines = [f"{head} HTTP/1.1", *headers, f"Content-Length: {len(body)}", "Connection: close"]
    if not any(header.lower().startswith("host:") for header in headers):
        lines.insert(1, f"Host: {address.removeprefix('http://')}")
    writer.write("\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body)
    response = (await read_all(reader)).decode("utf-8", "replace")
    writer.close()
    return int(response[9:12] or 0) if response.startswith("HTTP/1.1 ") else 0, response


async def read_all(reader: asyncio.StreamReader) -> bytes:
    """Read until the server closes the connection, however it does."""
    parts = []
    with suppress(ConnectionResetError):
        while part := await reader.read(64 * 1024):
            parts.append(part)
    return b"".join(parts)
