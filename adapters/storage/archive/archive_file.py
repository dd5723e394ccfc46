"""Writes an archive's units to a file and reads them back: lines of JSON, compressed, encrypted if asked.

The first line is the head, the last one counts the units and seals the lines before it, so that a file that was cut
short is noticed. Only one unit is in memory at a time.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

from pydantic import ValidationError

from adapters.storage.archive.age import WORK, Encryption, decrypted, is_encrypted
from bot.ports import ArchiveHead, ArchiveUnit, ArchiveUnreadable

KIND: Final = "troubletree archive"
END: Final = "end"
GZIP: Final = 31
"""The window of zlib that means gzip, so that `zcat` shows an archive that is not encrypted."""

READ: Final = 256 * 1024
LONGEST: Final = 256 * 1024 * 1024
"""Bytes of the longest line that is read: far more than a conversation, and too few to fill the memory."""


class ArchiveWriter:
    """Turns units into the bytes of an archive: `begin`, then `add` each unit, then `end`."""

    def __init__(self, head: ArchiveHead, passphrase: str = "", work: int = 0) -> None:
        """An empty passphrase leaves the archive readable; `work` is what trying one costs, if not WORK."""
        self._head = head
        self._sum = hashlib.sha256()
        self._count = 0
        self._packer = zlib.compressobj(6, wbits=GZIP)
        self._encryption = Encryption(passphrase, work or WORK) if passphrase else None

    def begin(self) -> bytes:
        """Return the archive's beginning."""
        start = self._encryption.begin() if self._encryption else b""
        return start + self._add({"kind": KIND, **self._head.model_dump()})

    def add(self, unit: ArchiveUnit) -> bytes:
        """Return what is ready after one more unit."""
        self._count += 1
        return self._add(unit)

    def end(self) -> bytes:
        """Return the archive's end."""
        last = self._add({END: self._count, "sha256": self._sum.hexdigest()})
        rest = self._packer.flush()
        return last + (self._encryption.add(rest) + self._encryption.end() if self._encryption else rest)

    def _add(self, value: ArchiveUnit) -> bytes:
        line = json.dumps(value, separators=(",", ":")).encode() + b"\n"
        self._sum.update(line)
        part = self._packer.compress(line)
        return self._encryption.add(part) if self._encryption else part


def needs_passphrase(start: bytes) -> bool:
    """Return whether the archive that starts like this is encrypted."""
    return is_encrypted(start)


def unpacked(file: IO[bytes], passphrase: str) -> tuple[ArchiveHead, Iterator[ArchiveUnit]]:
    """Return an archive's head and its units. Both raise ArchiveUnreadable if the file is not whole."""
    lines = _lines(_decompressed(_parts(file, passphrase)))
    first = next(lines, b"")
    try:
        head = json.loads(first)
        if head.pop("kind") != KIND:
            raise KeyError
        described = ArchiveHead.model_validate(head)
    except (ValueError, KeyError, AttributeError, ValidationError) as error:
        raise ArchiveUnreadable("this file is no archive that `export` wrote") from error
    return described, _units(lines, hashlib.sha256(first))


def _units(lines: Iterator[bytes], total: Any) -> Iterator[ArchiveUnit]:
    for count, line in enumerate(lines):
        try:
            unit = json.loads(line)
        except ValueError as error:
            raise ArchiveUnreadable("the archive is damaged") from error
        if END in unit:
            if unit != {END: count, "sha256": total.hexdigest()} or next(lines, None) is not None:
                raise ArchiveUnreadable("the archive is damaged: its end does not match its lines")
            return
        total.update(line)
        yield unit
    raise ArchiveUnreadable("the archive is cut short: its end is missing")


def _parts(file: IO[bytes], passphrase: str) -> Iterator[bytes]:
    return decrypted(file, passphrase) if passphrase else iter(lambda: file.read(READ), b"")


def _decompressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=GZIP)
    try:
        for part in parts:
            waiting = part
            while waiting:
                yield unpacker.decompress(waiting, READ)
                waiting = unpacker.unconsumed_tail
        if not unpacker.eof or unpacker.unused_data:
            raise ArchiveUnreadable("the archive is cut short, or something follows it")
    except zlib.error as error:
        raise ArchiveUnreadable("this file is no archive that `export` wrote, or it is damaged") from error


def _lines(parts: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for part in parts:
        searched = len(waiting)
        waiting += part
        while (end := waiting.find(b"\n", searched)) >= 0:
            yield bytes(waiting[: end + 1])
            del waiting[: end + 1]
            searched = 0
        if len(waiting) > LONGEST:
            raise ArchiveUnreadable("the archive has a line of more than 256 MB")
