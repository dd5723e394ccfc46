"""Tests that damaged data in the store stops no process: the rest goes on, and an operator sees what is damaged."""

import asyncio
import json
import urllib.request
from pathlib import Path

from adapters.storage.store import Store, open_store
from bot.wiring.app import compose
from bot.wiring.flow_files import FlowFiles
from bot.wiring.settings import load_settings
from flows.events import Escalated, Started
from tests.bot.commands.support.shell import Shell, lines_up_to
from tests.fakes.flows import catalogue
from tests.fakes.wait import wait_for

DOORS = ("web/ana", "web/ben")


async def with_tickets(store: Store) -> list[str]:
    """Open two tickets. Return the ids of their conversations."""
    app = compose(load_settings({}), store, FlowFiles(catalogue=catalogue(), readings=()))
    await store.revisions.keep(catalogue().by_id["lamp"])
    found = []
    for door in DOORS:
        actor = door.replace("/", ":")
        started = await app.receive(
            Started(key="s", actor=actor, door=door, flow="lamp", address=f"web|||{door}|")
        )
        assert started is not None
        at = started.conversation
        await app.receive(Escalated(key="e", actor=actor, conversation=at.id))
        found.append(at.id)
    return found


async def damage(data: Path) -> list[str]:
    """Open tickets, then write what no release can read. Return the ids; the last conversation is intact."""
    store = await open_store(None, data)
    ids = await with_tickets(store)
    shard = store.wire.keys.shard(ids[0])
    await store.wire.ask("ZADD", shard.alarms, 0, "garbage")
    await store.wire.ask("HSET", shard.records + ids[0], "s", "?")
    await store.close()
    return ids


def test_a_running_bot_outlives_damaged_data_and_serves_everyone_else(shell: Shell) -> None:
    data = shell.here / "data"
    ids = asyncio.run(damage(data))
    with shell.running("run", PORT="0") as process:
        page = next(line.split()[-1] for line in lines_up_to(process, "To stop") if "The page" in line)

        def set_aside() -> bool:
            assert process.poll() is None, "the process ended"
            return bool(shell.json("outbox")["quarantined"])

        wait_for(set_aside)
        with urllib.request.urlopen(f"{page}/", timeout=10) as answer:
            assert answer.status == 200
        exported = shell.run("tickets", "--export")
        assert [json.loads(line)["conversation"] for line in exported.stdout.splitlines()] == ids[1:]
        assert "1 ticket left out." in exported.stderr
        assert {entry["kind"] for entry in shell.json("outbox")["quarantined"]} == {"timer", "record"}
        assert "damaged data" in shell.run("doctor", PORT="0").output
        assert process.poll() is None
