"""Tests `store switch`: an operator lets all processes write the newest format, unless an older one is alive."""

import asyncio
from collections.abc import Awaitable, Callable

from adapters.storage.formats import NEWEST
from adapters.storage.server.embedded import Embedded
from adapters.storage.store import Store, connect
from bot.ports import LiveProcess
from tests.bot.commands.operators.test_doctor import free_port, told
from tests.bot.commands.support.shell import Shell

OLD = LiveProcess(id="old", roles=("web",), release="0.1.0", reads=1, started=1, host="shop", pid=7)


async def in_the_store(shell: Shell, work: Callable[[Store], Awaitable[object]]) -> None:
    """Do something in the store of that shell."""
    server = await Embedded.attach(shell.here / "data")
    store = Store(connect(f"unix://{server.socket}"), embedded=server)
    await work(store)
    await store.close()


async def make_older(store: Store) -> None:
    """Make the store one of format 1, with a live process that reads no other."""
    await store.wire.ask("HSET", store.wire.keys.meta, "format", 1)
    await store.wire.ask("HDEL", store.wire.keys.meta, "writes")
    await store.processes.announce(OLD)


def test_an_operator_switches_once_no_older_process_is_alive(shell: Shell) -> None:
    assert "Format 2 is written" in shell.run("store", "switch").stdout
    asyncio.run(in_the_store(shell, make_older))
    doctor = shell.run("doctor", PORT=free_port()).stdout
    assert "web: process 7 on shop, release 0.1.0" in told(doctor, "processes")
    assert f"this release could write format {NEWEST}" in told(doctor, "format")
    refused = shell.run("store", "switch", "--yes")
    assert refused.exit_code == 1
    assert "A process of an older release is running" in refused.stderr
    asyncio.run(in_the_store(shell, lambda store: store.processes.leave("old")))
    assert shell.run("store", "switch").exit_code == 1  # nobody answers the question
    switched = shell.run("store", "switch", "--yes")
    assert switched.exit_code == 0, switched.output
    assert f"Format {NEWEST} is written" in switched.stdout
