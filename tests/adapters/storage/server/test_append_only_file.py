"""Tests that a store starts whose file a full disk left with zeros in it, and that nothing is lost."""

from pathlib import Path

import pytest

from adapters.storage.health import StoreUnusable
from adapters.storage.server.append_only_file import mend
from adapters.storage.store import open_store

HOLE = b"\0" * 312
KEYS = 20


def file_of(data: Path) -> Path:
    (found,) = (data / "store" / "appendonlydir").glob("*.incr.aof")
    return found


async def filled(data: Path) -> Path:
    """Write some keys, one with zeros in it, and return the store's file after the server has stopped."""
    store = await open_store(None, data)
    for number in range(KEYS):
        await store.wire.ask("SET", f"k{number}", f"{number}\r\n\0\0*1\r\n")
    await store.close()
    return file_of(data)


def holed(content: bytes) -> bytes:
    """Leave zeros before one of the commands, as the server does, and some at the end."""
    at = content.index(b"*3\r\n$3\r\nSET\r\n$2\r\nk7")
    return content[:at] + HOLE + content[at:] + HOLE


async def test_a_store_starts_after_a_full_disk_left_zeros_in_its_file(data: Path) -> None:
    path = await filled(data)
    path.write_bytes(holed(path.read_bytes()))
    store = await open_store(None, data)
    for number in range(KEYS):
        assert await store.wire.ask("GET", f"k{number}") == f"{number}\r\n\0\0*1\r\n"
    await store.close()


async def test_only_the_zeros_between_commands_are_cut_out(data: Path) -> None:
    path = await filled(data)
    sound = path.read_bytes()
    assert mend(data / "store") == 0
    path.write_bytes(holed(sound))
    assert mend(data / "store") == 2 * len(HOLE)
    assert path.read_bytes() == sound


@pytest.mark.parametrize("damage", [b"\0\0nonsense\r\n", b"*1\r\n$9\r\nPING\r\n*1\r\n"])
async def test_a_file_that_is_damaged_otherwise_is_left_alone_and_said(data: Path, damage: bytes) -> None:
    path = await filled(data)
    damaged = path.read_bytes() + damage + path.read_bytes()
    path.write_bytes(damaged)
    with pytest.raises(StoreUnusable, match="the append only file"):
        await open_store(None, data)
    assert path.read_bytes() == damaged
