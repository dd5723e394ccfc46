"""Lines as a person types them: from a terminal, a pipe or a file, without blocking anything else."""

import asyncio
import os
from typing import Final

LONGEST: Final = 4000
"""Characters of a line; nobody types more, and a pasted log says what it has to say within."""

PASTE_S: Final = 0.05
"""Seconds within which the further lines of a paste arrive."""

_CHUNK: Final = 4096


class Lines:
    """The lines of one source, a file descriptor: standard input, the end of a pipe, a terminal."""

    def __init__(self, source: int = 0) -> None:
        """Nothing is read before it is asked for."""
        self._source = source
        self._kept = b""

    async def next(self) -> str | None:
        """The next line, or None when there will be no more."""
        while b"\n" not in self._kept:
            chunk = await self._read()
            if not chunk:
                rest, self._kept = self._kept, b""
                return _text(rest) if rest else None
            self._kept += chunk
        line, _, self._kept = self._kept.partition(b"\n")
        return _text(line)

    async def pasted(self) -> tuple[str, ...]:
        """The lines that came together with the last one, where a person has pasted several."""
        found: list[str] = []
        if not os.isatty(self._source):
            return ()
        try:
            while True:
                async with asyncio.timeout(PASTE_S):
                    line = await self.next()
                if line is None:
                    break
                found.append(line)
        except TimeoutError:
            pass
        return tuple(found)

    async def _read(self) -> bytes:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        try:
            loop.add_reader(self._source, _wake, ready)
        except (NotImplementedError, OSError):
            # A file is always ready, and some event loops cannot watch one: a thread may wait for it.
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
        return b""  # the terminal is gone


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r")[:LONGEST]
