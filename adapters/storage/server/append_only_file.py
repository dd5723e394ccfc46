"""Mends the append-only file after a full disk, where the server left zeros in it.

When the disk is full, the server writes a part of its commands, cuts the file back and writes them again later. In a
file that it began while running (by a rewrite) it then writes at the old position, so the part that was cut off stays
as zeros, and the next start refuses the whole file. The zeros stand for nothing: every command is there, behind them.

From then on, the server takes the file for shorter than it is. If the disk is full a second time, it cuts off its last
commands, too. So a running server rewrites a file with zeros at once, from its memory (`Server.rewrite_zeros`). If it
died before that, these commands are lost; what is left of the last transaction goes with them, because a conversation
changes completely or not at all.
"""

import mmap
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = "appendonlydir"
MANIFEST: Final = "appendonly.aof.manifest"
FILES: Final = "*.incr.aof"
LINE: Final = b"\r\n"
MULTI: Final = b"*1\r\n$5\r\nMULTI\r\n"
EXEC: Final = b"*1\r\n$4\r\nEXEC\r\n"

_LISTED: Final = re.compile(r"^file (\S+) seq \d+ type [bi]\b", re.MULTILINE)
"""A file of the manifest that the next start reads: the base, or commands since."""

_RESUMED: Final = re.compile(rb"\0+(?=\*\d+\r\n\$)")
"""Zeros with a command behind them."""

Part = tuple[int, int]
"""Where a part of the file that is kept begins and ends."""


class Mending(NamedTuple):
    """Says how many bytes of zeros were cut out, and how many of commands that have no end."""

    zeros: int = 0
    commands: int = 0


def size(folder: Path) -> int:
    """Return the bytes of all files that the next start would read; 0 while they are replaced."""
    try:
        listed = _LISTED.findall((folder / FOLDER / MANIFEST).read_text())
        return sum((folder / FOLDER / name).stat().st_size for name in listed)
    except OSError:
        return 0


def mend(folder: Path) -> Mending:
    """Cut the zeros out of the files of a server that does not run. A file that is damaged in another way stays."""
    done = [_mended(path) for path in sorted((folder / FOLDER).glob(FILES))]
    return Mending(sum(each.zeros for each in done), sum(each.commands for each in done))


def _mended(path: Path) -> Mending:
    whole = path.stat().st_size
    if not whole:
        return Mending()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        reading = _Reading(data)
        try:
            reading.read()
        except ValueError:
            return Mending()
        kept = sum(end - begin for begin, end in reading.kept)
        if kept == whole or not _write(path, data, reading.kept):
            return Mending()
    return Mending(whole - kept - reading.lost, reading.lost)


def _write(path: Path, data: mmap.mmap, parts: list[Part]) -> bool:
    """Replace the file by these parts of it. Return False if the disk is still full."""
    beside = path.with_suffix(".mended")
    try:
        with beside.open("wb") as mended:
            for begin, end in parts:
                mended.write(data[begin:end])
            mended.flush()
            os.fsync(mended.fileno())
    except OSError:
        with suppress(OSError):
            beside.unlink()
        return False
    beside.replace(path)
    return True


class _Reading:
    """Reads a file command by command: `kept` are the parts to keep, `lost` the bytes of commands without an end."""

    def __init__(self, data: mmap.mmap) -> None:
        self.kept: list[Part] = []
        self.lost = 0
        self._data = data
        self._begin = 0
        self._transaction: int | None = None
        self._zeros_inside = False

    def read(self) -> None:
        """Read the whole file. Raises ValueError if something is neither a command nor zeros."""
        at = 0
        while at < len(self._data):
            at = self._command(at) if self._data[at] else self._skip(at, at)
        self._keep(len(self._data))

    def _command(self, at: int) -> int:
        """Return where the command ends that begins there, or where the next one begins if zeros cut it short."""
        try:
            end = _after_command(self._data, at)
        except ValueError:
            zeros = _RESUMED.search(self._data, at)
            if zeros is None:
                raise
            return self._skip(at, zeros.start())
        word = self._data[at:end] if end - at <= len(MULTI) else b""
        if word == MULTI:
            if self._transaction is not None:
                self._drop_transaction(self._transaction, at)
            self._transaction, self._zeros_inside = at, False
        elif word == EXEC:
            self._transaction = None
        return end

    def _skip(self, end: int, zeros: int) -> int:
        """Leave out the zeros, and the command before them if it has no end. Return where the next command begins."""
        self._keep(end)
        if zeros > end:
            self.lost += zeros - end
            if self._transaction is not None:
                self._cut_back(self._transaction)
                self._transaction = None
        self._zeros_inside = True
        while zeros < len(self._data) and not self._data[zeros]:
            zeros += 1
        self._begin = zeros
        return zeros

    def _drop_transaction(self, begin: int, end: int) -> None:
        """Leave out a transaction that never ended. Raises ValueError if no zeros cut it short."""
        if not self._zeros_inside:
            raise ValueError(f"a transaction within another at {end}")
        self._keep(end)
        self._cut_back(begin)

    def _keep(self, end: int) -> None:
        if end > self._begin:
            self.kept.append((self._begin, end))
        self._begin = end

    def _cut_back(self, to: int) -> None:
        while self.kept and self.kept[-1][1] > to:
            begin, end = self.kept.pop()
            self.lost += end - max(begin, to)
            if begin < to:
                self.kept.append((begin, to))


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
