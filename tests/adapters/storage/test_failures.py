"""Tests that every refusal of a running server is StoreDown with a reason, and that our own mistakes are not."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError

from adapters.storage.connections.clients import connect_cluster
from adapters.storage.failures import REFUSALS
from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import StoreDown

SAID = {
    "OOM": "OOM command not allowed when used memory > 'maxmemory'.",
    "READONLY": "READONLY You can't write against a read only replica. script: 1f2e, on @user_script:3.",
    "MISCONF": "MISCONF Errors writing to the AOF file: No space left on device",
    "NOREPLICAS": "NOREPLICAS Not enough good replicas to write.",
    "BUSY": "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
    "LOADING": "LOADING Redis is loading the dataset in memory",
    "TRYAGAIN": "TRYAGAIN Multiple keys request during rehashing of slot",
    "MOVED": "MOVED 3999 127.0.0.1:6381",
    "ASK": "ASK 3999 127.0.0.1:6381",
    "CLUSTERDOWN": "CLUSTERDOWN The cluster is down",
    "MASTERDOWN": "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "NOAUTH": "NOAUTH Authentication required.",
    "WRONGPASS": "WRONGPASS invalid username-password pair or user is disabled.",
    "NOPERM": "NOPERM User bot has no permissions to run the 'spublish' command",
}
"""What servers say, by the word that it begins with."""

NO_RIGHT = (
    "ERR The user executing the script can't run this command or subcommand script: 1f2e, on @user_script:9."
)


class Refusing:
    """A server that answers every command with the same error."""

    def __init__(self) -> None:
        self.says, self.port, self.connections = "", 0, 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while data := await reader.read(65536):
            greeting = data.count(b"SETINFO") + data.count(b"SETNAME")
            writer.write(b"+OK\r\n" * greeting + f"-{self.says}\r\n".encode() * (greeting == 0))
        writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Refusing]:
    made = Refusing()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()


@pytest.fixture
async def wire(server: Refusing) -> AsyncIterator[Wire]:
    client = Redis(port=server.port, protocol=2, decode_responses=True, retry=Retry(NoBackoff(), 0))
    yield Wire(client)
    await client.aclose()


async def test_every_refusal_has_a_reason_in_words_and_as_the_server_said_it(
    server: Refusing, wire: Wire
) -> None:
    assert set(SAID) == set(REFUSALS)
    call = ScriptCall(script("probe"), ["tt:x"], [1])
    for word, message in [*SAID.items(), ("NOPERM", NO_RIGHT)]:
        server.says = message
        for asked in (
            wire.ask("GET", "tt:x"),
            wire.run(call),
            wire.ask_all([("GET", "tt:x")]),
            wire.run_all([call]),
        ):
            with pytest.raises(StoreDown) as down:
                await asked
            assert str(down.value).startswith(REFUSALS[word]), message
            assert word in str(down.value)


async def test_no_refusal_is_taken_for_damage_not_even_of_what_a_script_counts(
    server: Refusing, wire: Wire
) -> None:
    asked_about: list[str] = []

    async def mend(keys: Sequence[str], _error: ResponseError) -> bool:
        asked_about.extend(keys)
        return False

    wire.mend = mend
    call = ScriptCall(script("spend"), ["tt:limit:a"], [1])
    for message in (*SAID.values(), NO_RIGHT):
        redirects = message.startswith(("MOVED", "ASK"))  # a script gives none
        server.says = message if redirects else f"{message} script: 1f2e, on @user_script:21."
        for asked in (wire.run(call), wire.run_all([call]), wire.ask_all([("GET", "tt:limit:a")])):
            with pytest.raises(StoreDown):
                await asked
        assert asked_about == [], message


async def test_a_read_only_server_is_left_so_that_the_next_connection_may_reach_the_primary(
    server: Refusing, wire: Wire
) -> None:
    server.says = SAID["READONLY"]
    for number in (1, 2):
        with pytest.raises(StoreDown):
            await wire.ask("SET", "tt:x", "1")
        assert server.connections == 2 * number - 1
        with pytest.raises(StoreDown):
            await wire.ask_all([("SET", "tt:x", "1")])
        assert server.connections == 2 * number
    server.says = SAID["OOM"]
    for _ in range(2):
        with pytest.raises(StoreDown):
            await wire.ask("SET", "tt:x", "1")
        assert server.connections == 5


async def test_a_mistake_of_ours_stays_what_it_is(server: Refusing, wire: Wire) -> None:
    for message in ("WRONGTYPE Operation against a key holding the wrong kind of value", "ERR syntax error"):
        server.says = message
        with pytest.raises(ResponseError):
            await wire.ask("GET", "tt:x")


async def test_a_cluster_of_which_no_node_answers_is_down() -> None:
    wire = Wire(connect_cluster("redis://127.0.0.1:1,127.0.0.1:2"))
    call = ScriptCall(script("probe"), ["tt:x"], [1])
    for asked in (
        wire.ask("GET", "tt:x"),
        wire.run(call),
        wire.ask_all([("GET", "tt:x")]),
        wire.run_all([call]),
    ):
        with pytest.raises(StoreDown, match="cannot be connected"):
            await asked
    with pytest.raises(StoreDown, match="cannot be connected"):
        await wire.infos()
    await wire.client.aclose()
