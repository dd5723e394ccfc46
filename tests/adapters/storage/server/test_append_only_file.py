"""Tests that a store starts whose file a full disk left with zeros in it, and that nothing is lost."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from adapters.storage.health import StoreUnusable
from adapters.storage.server.append_only_file import mend
from adapters.storage.server.program import Server
from adapters.storage.store import open_store
from bot.ports import StoreDown
from tests.fakes.wait import until

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
    assert mend(data / "store") == (0, 0)
    path.write_bytes(holed(sound))
    assert mend(data / "store") == (2 * len(HOLE), 0)
    assert path.read_bytes() == sound


def command(*words: str) -> bytes:
    """Write a command as the server does."""
    parts = (f"${len(word)}\r\n{word}\r\n" for word in words)
    return f"*{len(words)}\r\n{''.join(parts)}".encode()


BEFORE = command("MULTI") + command("SET", "k0", "first") + command("EXEC")
HALF = command("MULTI") + command("SET", "k1", "half") + command("SET", "k2", "half")
AFTER = command("MULTI") + command("SET", "k3", "last") + command("EXEC")


@pytest.mark.parametrize(
    "cut", [HALF[:-9], HALF, command("MULTI")], ids=["in a command", "after one", "after MULTI"]
)
async def test_a_transaction_that_a_second_full_disk_cut_short_is_left_out_and_the_store_starts(
    data: Path, cut: bytes
) -> None:
    path = await filled(data)
    sound = path.read_bytes()
    path.write_bytes(sound + BEFORE + cut + HOLE + AFTER)
    store = await open_store(None, data)
    assert [await store.wire.ask("GET", f"k{number}") for number in range(4)] == [
        "first",
        *before(1, 2),
        "last",
    ]
    await store.close()
    path.write_bytes(sound + BEFORE + cut + HOLE + AFTER)
    assert mend(data / "store") == (len(HOLE), len(cut))
    assert path.read_bytes() == sound + BEFORE + AFTER


def before(*numbers: int) -> list[str]:
    """Return what `filled` stored under these keys."""
    return [f"{number}\r\n\0\0*1\r\n" for number in numbers]


async def test_a_sound_file_is_not_rewritten_whether_the_store_is_new_or_not(data: Path) -> None:
    server = Server(data / "store", data / "store" / "store.sock", 64)
    for _ in range(2):
        store = await open_store(None, data)
        for number in range(KEYS):
            await store.wire.ask("SET", f"k{number}", "sound")
            assert server.rewrite_zeros() == ""
        await store.close()


async def test_a_running_store_rewrites_a_file_with_zeros_before_they_cost_anything(data: Path) -> None:
    path = await filled(data)
    store = await open_store(None, data)
    await store.wire.ask("SET", "k1", "kept")
    with path.open("ab") as file:
        file.write(HOLE)

    async def rewritten() -> bool:
        return not path.exists()

    async def found() -> list[str]:
        with suppress(StoreDown):
            return [await store.wire.ask("GET", key) for key in ("k1", "k2")]
        return []

    await until(rewritten)
    await store.wire.ask("SET", "k2", "kept, too")
    os.kill(int((data / "store" / "store.pid").read_text()), signal.SIGKILL)
    assert await until(found) == ["kept", "kept, too"]
    assert HOLE not in file_of(data).read_bytes()
    await store.close()


@pytest.mark.parametrize("damage", [b"\0\0nonsense\r\n", b"*1\r\n$9\r\nPING\r\n*1\r\n"])
async def test_a_file_that_is_damaged_otherwise_is_left_alone_and_said(data: Path, damage: bytes) -> None:
    path = await filled(data)
    damaged = path.read_bytes() + damage + path.read_bytes()
    path.write_bytes(damaged)
    with pytest.raises(StoreUnusable, match="the append only file"):
        await open_store(None, data)
    assert path.read_bytes() == damaged
