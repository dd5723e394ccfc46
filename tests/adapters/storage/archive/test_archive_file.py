"""Tests the file of an archive: whole, cut, changed, encrypted, and read by another program of the same format."""

import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.storage.archive.age import PIECE, Encryption, decrypted
from adapters.storage.archive.archive_file import ArchiveWriter, unpacked
from bot.ports import ArchiveHead, ArchiveUnreadable

HEAD = ArchiveHead(layout=1, format=1, shards=64, made=5, id="a")
UNITS = [{"key": "one", "value": ["\udc80 not UTF-8"]}, {"key": "two", "value": ["x" * 300_000]}]


def archive(passphrase: str = "") -> bytes:
    writer = ArchiveWriter(HEAD, passphrase, work=2)
    return writer.begin() + b"".join(writer.add(unit) for unit in UNITS) + writer.end()


def read(content: bytes, passphrase: str = "") -> list[object]:
    head, units = unpacked(io.BytesIO(content), passphrase)
    return [head, *units]


@pytest.mark.parametrize("passphrase", ["", "correct horse"])
def test_an_archive_reads_as_it_was_written(passphrase: str) -> None:
    assert read(archive(passphrase), passphrase) == [HEAD, *UNITS]


@pytest.mark.parametrize("end", [0, 1, 20, 60, 200, -30, -1])
def test_an_archive_that_was_cut_is_refused(end: int) -> None:
    with pytest.raises(ArchiveUnreadable):
        read(archive()[:end])


def test_a_line_that_is_missing_is_noticed() -> None:
    lines = gzip.decompress(archive()).splitlines(keepends=True)
    assert read(gzip.compress(b"".join(lines))) == [HEAD, *UNITS]
    with pytest.raises(ArchiveUnreadable):
        read(gzip.compress(b"".join(lines[:1] + lines[2:])))


def sealed(text: bytes, passphrase: str = "secret") -> bytes:
    encryption = Encryption(passphrase, work=2)
    return encryption.begin() + encryption.add(text) + encryption.end()


def opened(content: bytes, passphrase: str = "secret") -> bytes:
    return b"".join(decrypted(io.BytesIO(content), passphrase))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7])
def test_texts_of_every_length_are_decrypted(size: int) -> None:
    assert opened(sealed(b"a" * size)) == b"a" * size


def test_a_wrong_passphrase_opens_nothing() -> None:
    with pytest.raises(ArchiveUnreadable, match="passphrase is wrong"):
        opened(sealed(b"text"), "other")


@pytest.mark.row("security", "Someone changes a backup before it is restored")
@given(st.data())
def test_no_changed_byte_goes_unnoticed(data: st.DataObject) -> None:
    content = bytearray(sealed(b"text" * 20))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ArchiveUnreadable):
        opened(bytes(content))


@given(st.binary(max_size=300))
def test_no_bytes_are_taken_for_an_archive(content: bytes) -> None:
    for passphrase in ("", "secret"):
        with pytest.raises(ArchiveUnreadable):
            read(content, passphrase)
