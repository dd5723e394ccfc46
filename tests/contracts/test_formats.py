"""Tests the port Formats: processes switch to a newer format together, and never while an older one may be alive."""

import json
from typing import Any

import pytest
from redis.asyncio import Redis, RedisCluster

from adapters.storage.connections.connection_names import each_node
from adapters.storage.formats import NEWEST
from adapters.storage.records.formats import RedisFormats
from adapters.storage.store import Store
from bot.ports import TooOld
from flows.conversation import Conversation
from flows.effects import Ask, Timer
from flows.events import Answered
from tests.contracts.support.commits import begun, follow, record
from tests.contracts.support.servers import InMemory, Server
from tests.contracts.test_processes import process


@pytest.fixture
async def before(store: Store) -> Store:
    """Return a store as the releases before left it: of format 1."""
    await store.wire.ask("HSET", store.wire.keys.meta, "format", 1)
    await store.wire.ask("HDEL", store.wire.keys.meta, "writes")
    await store.prepare()
    assert store.wire.writes == 1
    return store


def formats(store: Store, pause_s: float = 0.0) -> RedisFormats:
    return RedisFormats(store.wire, pause_s=pause_s)


async def test_a_new_store_is_written_in_the_newest_format_at_once(store: Store) -> None:
    assert store.wire.writes == NEWEST
    status = await store.formats.advance()
    assert (status.stored, status.written, status.newest, status.doubts) == (NEWEST, NEWEST, NEWEST, ())


async def test_an_operator_says_so_and_all_processes_write_the_new_format(
    before: Store, other: Store
) -> None:
    await other.processes.announce(process("web"))
    assert other.wire.writes == 1
    status = await before.formats.switch()
    assert (status.stored, status.written, before.wire.writes) == (NEWEST, NEWEST, NEWEST)
    await other.processes.announce(process("web"))
    assert other.wire.writes == NEWEST


async def test_an_announced_process_that_cannot_read_it_keeps_everyone_from_switching(before: Store) -> None:
    await before.processes.announce(process("old", reads=1))
    assert (await before.formats.switch()).written == 1
    assert (await formats(before).advance()).written == 1
    await before.processes.leave("old")
    assert (await before.formats.switch()).written == NEWEST
    with pytest.raises(TooOld):
        await before.processes.announce(process("old", reads=1))


async def test_a_damaged_announcement_keeps_everyone_from_switching_until_it_is_forgotten(
    before: Store,
) -> None:
    await before.wire.ask("HSET", before.wire.keys.processes, "old", "strange")
    assert (await before.formats.switch()).written == 1
    await before.processes.announce(process("web"))
    assert (await before.formats.switch()).written == NEWEST


@pytest.mark.parametrize("switches", [False, True], ids=["written in format 1", "switched"])
async def test_a_store_of_format_1_gets_no_brief_rows(before: Store, switches: bool) -> None:
    if switches:
        await before.formats.switch()
    at = await begun(before)
    turn = at.turn + 1
    await record(before, follow(at, "k", change=plain_answer(at, turn)))
    rows = await before.wire.ask("LRANGE", before.wire.keys.shard(at.id).journals + at.id, 0, -1)
    assert isinstance(json.loads(rows[1])[1], str) is switches
    assert (await before.conversations.journal(at.id))[1].set["step"] == "bulb"


def plain_answer(at: Conversation, turn: int) -> dict[str, Any]:
    """Return the fields of a change as most answers make it."""
    return {
        "event": Answered(actor=at.contact, turn=at.turn, choice="still-failing"),
        "set": {"turn": turn, "step": "bulb", "prompt_effect": "stem.0"},
        "push": (at.step,),
        "effects": (Ask(id="stem.0", turn=turn),),
        "cancels": True,
        "timers": (Timer(kind="nudge", after="nudge"),),
    }


async def test_closing_a_store_is_taken_back_in_doubt(before: Store) -> None:
    await before.formats._step("close")
    assert (await before.formats.status()).stored == NEWEST
    assert (await before.formats._step("write"))[1] == 1  # too soon after it was closed
    assert await before.formats._step("open") == (1, 1)
    assert await formats(before)._step("write") == (1, 1)  # nothing is written that was not closed before


async def test_a_server_that_does_not_show_its_connections_is_a_doubt(before: Store, server: Server) -> None:
    if isinstance(server, InMemory):
        status = await formats(before).advance()
        assert (status.stored, status.written) == (1, 1)
        assert "does not show its connections" in status.doubts[0]


async def test_every_node_of_a_cluster_is_asked(before: Store) -> None:
    client = before.wire.client
    if not isinstance(client, RedisCluster):
        return
    for node in client.get_nodes():
        older = Redis(host=node.host, port=int(node.port))
        address = (await older.client_info())["addr"]
        rows = [row["addr"] for rows in await each_node(client, "client_list") for row in rows]
        assert address in rows
        assert any("without a name" in doubt for doubt in (await formats(before).advance()).doubts)
        await older.aclose()
