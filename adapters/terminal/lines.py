"""Reads lines from a terminal, a pipe or a file without blocking the event loop."""

import asyncio
import os
from typing import Final

LONGEST: Final = 4000
"""Most characters of a line. No one types more, and the start of a pasted log says enough."""

PASTE_S: Final = 0.05
"""Seconds within which the other lines of a paste arrive."""

_CHUNK: Final = 4096


class Lines:
    """Reads the lines of one source: standard input, a pipe or a terminal."""

    def __init__(self, source: int = 0) -> None:
        """`source` is a file descriptor. Nothing is read before the first `next`."""
        self._source = source
        self._kept = b""

    async def next(self) -> str | None:
        """Return the next line, or None at the end of the input."""
        while b"\n" not in self._kept:
            chunk = await self._read()
            if not chunk:
                rest, self._kept = self._kept, b""
                return _text(rest) if rest else None
            self._kept += chunk
        line, _, self._kept = self._kept.partition(b"\n")
        return _text(line)

    async def pasted(self) -> tuple[str, ...]:
        """Return the other lines of a paste, after its first was read. A source other than a terminal has none."""
        lines: list[str] = []
        if not os.isatty(self._source):
            return ()
        try:
            while True:
                async with asyncio.timeout(PASTE_S):
                    line = await self.next()
                if line is None:
                    break
                lines.append(line)
        except TimeoutError:
            pass
        return tuple(lines)

    async def _read(self) -> bytes:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        try:
            loop.add_reader(self._source, _wake, ready)
        except (NotImplementedError, OSError):
            # Some event loops cannot watch a file, so a thread reads the chunk.
            return await asyncio.to_thread(_chunk, self._source)
        try:
            await ready
        finally:
            loop.remove_reader(self._source)
        return _chunk(self._source)


def _wake(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


def _chunk(source: int) -> bytes:
    try:
        return os.read(source, _CHUNK)
    except OSError:
        return b""  # the terminal was closed


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r")[:LONGEST]
