"""Tests that a server that accepts commands but never answers delays only one caller."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from adapters.storage.connections import transport
from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import StoreDown


class Mute:
    """A server that accepts commands and answers +OK only when told to."""

    def __init__(self) -> None:
        self.heard = 0
        self.speaks = False
        self.knows_scripts = True
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(4096):
            self.heard += data.count(b"\r\nPING\r\n")
            # How a client introduces itself is answered always; of the rest each command begins with a star.
            greeted = data.count(b"CLIENT")
            unknown = not self.knows_scripts and b"EVALSHA" in data
            answer = b"-NOSCRIPT No matching script.\r\n" if unknown else b"+PONG\r\n"
            writer.write(answer * (data.count(b"*") if self.speaks else greeted))
        writer.close()


@pytest.fixture
async def mute() -> AsyncIterator[Mute]:
    made = Mute()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


@pytest.fixture
async def wire(mute: Mute) -> AsyncIterator[Wire]:
    client = Redis(port=mute.port, socket_timeout=0.2, protocol=2, retry=Retry(NoBackoff(), 0))
    yield Wire(client)
    await client.aclose()


async def test_while_it_hangs_the_others_are_told_at_once(mute: Mute, wire: Wire) -> None:
    with pytest.raises(StoreDown):
        await wire.ask("PING")
    assert mute.heard == 1
    told = await asyncio.gather(*(wire.ask("PING") for _ in range(100)), return_exceptions=True)
    assert all(isinstance(each, StoreDown) for each in told)
    assert mute.heard == 1


async def test_once_it_answers_it_is_asked_again(mute: Mute, wire: Wire) -> None:
    with pytest.raises(StoreDown):
        await wire.ask("PING")
    mute.speaks = True
    async with asyncio.timeout(20):
        while True:
            try:
                assert await wire.ask("PING")
                break
            except StoreDown:
                await asyncio.sleep(0)
    answers = await asyncio.gather(*(wire.ask("PING") for _ in range(100)))
    assert len(answers) == 100


async def test_a_server_that_hung_and_restarted_without_scripts_gets_them_at_once(
    mute: Mute, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "HUNG_RETRY_S", 0.05)
    with pytest.raises(StoreDown):
        await wire.ask("PING")
    mute.speaks, mute.knows_scripts = True, False
    call = ScriptCall(script("probe"), ["tt:x"], [1])
    async with asyncio.timeout(1):
        while True:
            try:
                assert await wire.run(call) == b"PONG"
                break
            except StoreDown:
                await asyncio.sleep(0)
