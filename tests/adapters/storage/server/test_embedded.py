"""Tests the embedded server: the first process starts it, others join it, the last stops it, and no data is lost."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from adapters.storage.server.embedded import Embedded
from adapters.storage.store import open_store
from bot.ports import StoreDown
from tests.fakes import warm_process
from tests.fakes.embedded import attached, running
from tests.fakes.wait import until, wait_for

JOINER = """
import asyncio, json, sys
from pathlib import Path
from adapters.storage.store import open_store

async def main():
    store = await open_store(None, Path(sys.argv[1]))
    info = (await store.wire.infos())[0]
    print(json.dumps({"pid": info["process_id"], "run": info["run_id"]}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await store.close()
    print("closed", flush=True)

asyncio.run(main())
"""


def joiner(data: Path) -> "subprocess.Popen[str]":
    """Run another process that attaches, reports its server, and leaves when it reads a line."""
    return warm_process.start(
        ["-c", JOINER, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def hears(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def leave(process: "subprocess.Popen[str]") -> None:
    out, _ = process.communicate("\n", timeout=30)
    assert out.strip() == "closed"
    assert process.returncode == 0


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


@pytest.mark.row("security", "Another user of the machine reads the embedded store")
async def test_only_this_user_can_reach_it_and_there_is_no_port(data: Path) -> None:
    async with attached(data) as server:
        assert server.socket.stat().st_mode & 0o777 == 0o700
        assert server.folder.stat().st_mode & 0o777 == 0o700
    store = await open_store(None, data)
    info = (await store.wire.infos())[0]
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
    from tests.contracts.support.commits import begun, follow

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
    """Attach and detach, so that no server stays."""

    async def visit() -> None:
        async with attached(data):
            pass

    asyncio.run(visit())
    assert not running(data)


async def test_a_server_that_was_killed_is_started_again_by_whoever_is_attached(data: Path) -> None:
    store, other = await open_store(None, data), await open_store(None, data)
    await store.wire.ask("SET", "x", "kept")
    for _ in range(2):
        before = (await store.wire.infos())[0]["process_id"]
        os.kill(before, signal.SIGKILL)

        async def back(before: int = before) -> bool:
            with suppress(StoreDown):
                return bool((await store.wire.infos())[0]["process_id"] != before)
            return False

        await until(back, 30)
        assert await other.wire.ask("GET", "x") == "kept"
    await store.close()
    assert running(data)
    await other.close()
    assert not running(data)


async def test_a_server_that_was_killed_with_its_bot_comes_back_with_the_next(data: Path) -> None:
    killed = joiner(data)
    server = json.loads(hears(killed))["pid"]
    killed.kill()
    killed.communicate()
    os.kill(server, signal.SIGKILL)
    wait_for(lambda: not running(data))
    async with attached(data):
        assert running(data)
    assert not running(data)


async def test_a_torn_end_of_the_file_is_no_obstacle(data: Path) -> None:
    """A power cut can leave the last write incomplete."""
    store = await open_store(None, data)
    await store.wire.ask("SET", "x", "kept")
    await store.close()
    (file,) = (data / "store" / "appendonlydir").glob("*.incr.aof")
    file.write_bytes(file.read_bytes() + b"*3\r\n$3\r\nSET\r\n$1\r\nx")
    store = await open_store(None, data)
    assert await store.wire.ask("GET", "x") == "kept"
    await store.close()
