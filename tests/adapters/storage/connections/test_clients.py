"""Tests what is said of addresses at which no suitable server answers."""

import asyncio
from pathlib import Path

import pytest

from adapters.storage.health import StoreUnusable
from adapters.storage.store import open_store
from bot.ports import StoreDown


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer as a Sentinel that watches nothing does, and as a node of a cluster."""
    while data := await reader.read(65536):
        for command, said in (
            (b"SETNAME", b"+OK\r\n"),
            (b"SETINFO", b"+OK\r\n" * data.count(b"SETINFO")),
            (b"SELECT", b"-ERR SELECT is not allowed in cluster mode\r\n"),
            (b"\r\nINFO\r\n", b"$17\r\ncluster_enabled:1\r\n"),
            (b"SENTINEL", b"*0\r\n"),
        ):
            if command in data:
                writer.write(said)
    writer.close()


async def test_sentinels_that_name_no_primary_are_said_with_the_reason_of_each(tmp_path: Path) -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(StoreDown) as down:
            await open_store(f"redis+sentinel://:hunter2@127.0.0.1:1,127.0.0.1:{port}/main", tmp_path)
    said = str(down.value)
    assert said.startswith("no Sentinel of REDIS_URL names a primary of main (127.0.0.1:1 does not answer: ")
    assert f"127.0.0.1:{port} watches no such service" in said
    assert "hunter2" not in said
    assert "<" not in said


async def test_a_database_of_a_cluster_is_refused_with_the_remedy(tmp_path: Path) -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(StoreUnusable, match="REDIS_URL: a cluster has no numbered databases; leave out"):
            await open_store(f"redis://127.0.0.1:{port}/3", tmp_path)
