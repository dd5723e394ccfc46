"""Mends the append-only file after a full disk, where the server left zeros between two commands.

When the disk is full, the server writes a part of its commands, cuts the file back and writes them again later. In a
file that it began while running (by a rewrite) it then writes at the old position, so the part that was cut off stays
as zeros, and the next start refuses the whole file. The zeros stand for nothing: every command is there, behind them.
"""

import mmap
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

FOLDER: Final = "appendonlydir"
FILES: Final = "*.incr.aof"
LINE: Final = b"\r\n"

Part = tuple[int, int]
"""Where a part of the file that holds commands begins and ends."""


def mend(folder: Path) -> int:
    """Cut the zeros out of the files of a server that does not run. Return how many bytes were cut out.

    A file that is damaged in another way stays as it is.
    """
    return sum(_mended(path) for path in sorted((folder / FOLDER).glob(FILES)))


def _mended(path: Path) -> int:
    size = path.stat().st_size
    if not size:
        return 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            parts = list(_parts(data))
        except ValueError:
            return 0
        kept = sum(end - begin for begin, end in parts)
        if kept == size:
            return 0
        beside = path.with_suffix(".mended")
        try:
            with beside.open("wb") as mended:
                for begin, end in parts:
                    mended.write(data[begin:end])
                mended.flush()
                os.fsync(mended.fileno())
        except OSError:  # the disk is still full
            with suppress(OSError):
                beside.unlink()
            return 0
    beside.replace(path)
    return size - kept


def _parts(data: mmap.mmap) -> Iterator[Part]:
    """Yield the parts between zeros. Raises ValueError if something else is no command."""
    begin = at = 0
    while at < len(data):
        if data[at]:
            at = _after_command(data, at)
            continue
        if at > begin:
            yield begin, at
        while at < len(data) and not data[at]:
            at += 1
        begin = at
    if at > begin:
        yield begin, at


def _after_command(data: mmap.mmap, at: int) -> int:
    """Return where the command ends that begins there; the last one may be cut off, as the server allows."""
    kind, end = data[at : at + 1], data.find(LINE, at)
    if end < 0:
        return len(data)
    if kind == b"#":  # a time
        return end + len(LINE)
    if kind != b"*":
        raise ValueError(f"no command at {at}")
    count, at = int(data[at + 1 : end]), end + len(LINE)
    for _ in range(count):
        end = data.find(LINE, at)
        if end < 0:
            return len(data)
        if data[at : at + 1] != b"$":
            raise ValueError(f"no argument at {at}")
        at = end + len(LINE) + int(data[at + 1 : end]) + len(LINE)
        if at > len(data):
            return len(data)
        if data[at - len(LINE) : at] != LINE:
            raise ValueError(f"an argument is longer than it says at {at}")
    return at
