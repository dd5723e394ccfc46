"""Tests failovers and moves under traffic: writing continues without a restart, and refusals have a reason."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from redis.asyncio import RedisCluster

from adapters.storage.keys import shard_of_door
from adapters.storage.store import open_store
from tests.bot.commands.support.shell import Shell, lines_up_to
from tests.chaos.failovers.servers import cluster, pair, watched
from tests.chaos.failovers.traffic import Traffic
from tests.fakes.wait import until, wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(90)]


@asynccontextmanager
async def traffic_to(url: str, folder: Path) -> AsyncIterator[Traffic]:
    store = await open_store(url, folder)
    traffic = Traffic(store)
    try:
        await traffic.begin()
        yield traffic
    finally:
        await traffic.end()
        await store.close()


async def test_writing_follows_the_primary_among_listed_nodes(tmp_path: Path) -> None:
    with pair() as two:
        async with traffic_to(two.url, tmp_path) as traffic:
            await asyncio.to_thread(two.swap)
            await traffic.every_writer()
            assert await traffic.store.health.check() == {}
        assert not traffic.store.wire.identity.lost, (
            "the demoted one was empty for a moment, while it was copied"
        )


async def test_the_page_goes_on_after_sentinels_fail_over(tmp_path: Path) -> None:
    with (
        watched() as two,
        Shell(tmp_path).running(
            "web", REDIS_URL=two.url, PORT="0", SUPPORT_EMAIL="help@acme.example"
        ) as process,
    ):
        said = lines_up_to(process, "To stop")
        page = next(word for line in said for word in line.split() if word.startswith("http"))
        async with httpx.AsyncClient(base_url=page, timeout=20) as client:
            begun = {"flow": "connection-not-active", "key": "k7Jq0xVb2mWcR9tYp4LzAa"}
            state = (await client.post("/api/conversations", json=begun)).json()
            events, login = (
                f"/api/conversations/{state['id']}/events",
                {"authorization": f"Bearer {state['token']}"},
            )
            wait_for(two.pair.level)
            await asyncio.to_thread(two.pair.primary.kill)
            click = {"type": "answered", "turn": state["turn"], "choice": "still-failing", "key": "click-1"}
            refused = await client.post(events, json=click, headers=login)
            assert (refused.status_code, refused.json()["support"]) == (503, "help@acme.example")
            await asyncio.to_thread(two.elect)

            async def counted() -> httpx.Response | None:
                answer = await client.post(events, json=click, headers=login)
                return answer if answer.status_code == 200 else None

            after = (await until(counted)).json()
            assert after["prompt"]["progress"]["at"] == 2
            assert after["version"] == state["version"] + 1, "the click counted once"

            async def ready() -> bool:
                return (await client.get("/readyz")).status_code == 200

            await until(ready)
        assert process.poll() is None


async def test_writing_continues_while_a_cluster_moves_slots_and_fails_over(tmp_path: Path) -> None:
    with cluster() as three:
        dead = "127.0.0.1:1,"
        async with traffic_to(three.url.replace("//", f"//{dead}"), tmp_path) as traffic:
            wire = traffic.store.wire
            assert isinstance(wire.client, RedisCluster)
            slot = wire.client.keyslot(wire.shards[shard_of_door("traffic/0")].identity)
            target = next(node for node in three.primaries() if node is not three.owner(slot))
            await asyncio.to_thread(three.move, slot, target)
            await traffic.every_writer()
            await asyncio.to_thread(three.fail_over, target, at_once=True)
            await traffic.every_writer()
            traffic.store.health.check_again()
            assert await traffic.store.health.check() == {}
