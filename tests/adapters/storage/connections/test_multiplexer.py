"""Tests that callers who share one connection get their own answers, whatever happens to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import hiredis
import pytest
from redis import exceptions
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from adapters.storage.connections.multiplexer import LONG_BYTES, Multiplexer


class Server:
    """Answers ECHO with its argument, GREETINGS with OK, and others as a test says. Counts connections and reads."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self.reads: list[list[list[bytes]]] = []
        self.answer: Callable[[list[bytes]], bytes | None] = lambda _command: b"+OK\r\n"
        self.open: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open.append(writer)
        parser = hiredis.Reader(notEnoughData=...)
        while data := await reader.read(1 << 20):
            parser.feed(data)
            heard: list[list[bytes]] = []
            while (command := parser.gets()) is not ...:
                heard.append(command)
            mine = [command for command in heard if command[0] != b"CLIENT"]
            self.reads += [mine] if mine else []
            for command in heard:
                if writer.is_closing():
                    break
                if command[0] == b"ECHO":
                    writer.write(b"$%d\r\n%s\r\n" % (len(command[1]), command[1]))
                elif command[0] == b"CLIENT":
                    writer.write(b"+OK\r\n")
                elif (answer := self.answer(command)) is not None:
                    writer.write(answer)
        writer.close()

    def drop(self) -> None:
        """Close every connection."""
        for writer in self.open:
            writer.close()
        self.open.clear()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    made.drop()
    listening.close()


@pytest.fixture
async def client(server: Server) -> AsyncIterator[Redis]:
    options: Any = {
        "decode_responses": True,
        "encoding_errors": "surrogateescape",
        "protocol": 2,
        "socket_timeout": 0.3,
    }
    made = Redis(port=server.port, retry=Retry(NoBackoff(), 1), **options)
    yield made
    await made.aclose()


@pytest.fixture
def shared(client: Redis) -> Multiplexer:
    return Multiplexer(client)


async def test_a_hundred_callers_share_one_connection_and_few_writes(
    server: Server, shared: Multiplexer
) -> None:
    assert await shared.send(("ECHO", "first")) == "first"
    answers = await asyncio.gather(*(shared.send(("ECHO", n)) for n in range(100)))
    assert answers == [f"{n}" for n in range(100)]
    assert server.connections == 1
    # The first one goes at once; those that come while it is on its way go together.
    assert [len(read) for read in server.reads] in ([1, 1, 99], [1, 100])


async def test_an_error_is_the_answer_of_its_own_caller_alone(server: Server, shared: Multiplexer) -> None:
    server.answer = lambda command: b"-WRONGTYPE no\r\n" if command[0] == b"BAD" else b"+OK\r\n"
    commands: list[tuple[Any, ...]] = [("ECHO", "a"), ("BAD",), ("ECHO", "b")]
    answers = await asyncio.gather(*map(shared.send, commands), return_exceptions=True)
    assert (answers[0], type(answers[1]), answers[2]) == ("a", exceptions.ResponseError, "b")
    one, error, other = await shared.send_all(commands)
    assert (one, type(error), other) == ("a", exceptions.ResponseError, "b")


async def test_a_caller_who_goes_away_leaves_the_answers_of_others_in_order(shared: Multiplexer) -> None:
    await shared.send(("ECHO", "ready"))
    callers = [asyncio.create_task(shared.send(("ECHO", n))) for n in range(10)]
    await asyncio.sleep(0)
    for gone in callers[::3]:
        gone.cancel()
    await asyncio.wait(callers)
    assert [each.result() for each in callers if not each.cancelled()] == ["1", "2", "4", "5", "7", "8"]


async def test_commands_whose_answers_were_lost_are_repeated_on_a_new_connection(
    server: Server, shared: Multiplexer
) -> None:
    await shared.send(("ECHO", "ready"))

    def lose(_command: list[bytes]) -> None:
        server.answer = lambda _command: b"+AGAIN\r\n"
        server.drop()

    server.answer = lose
    answers = await asyncio.gather(*(shared.send(("WORK", n)) for n in range(5)))
    assert answers == ["AGAIN"] * 5
    assert server.connections == 2


async def test_a_connection_that_is_lost_twice_is_an_error(server: Server, shared: Multiplexer) -> None:
    def lose(_command: list[bytes]) -> None:
        server.drop()

    server.answer = lose
    for send in (shared.send(("WORK",)), shared.send_all([("WORK",), ("ECHO", "a")])):
        with pytest.raises(exceptions.ConnectionError):
            await send
    server.answer = lambda _command: b"+OK\r\n"
    assert await shared.send(("WORK",)) == "OK"


async def test_a_server_that_does_not_answer_in_time_gets_a_new_connection(
    server: Server, shared: Multiplexer
) -> None:
    silent = True

    def sometimes(_command: list[bytes]) -> bytes | None:
        return None if silent else b"+OK\r\n"

    server.answer = sometimes
    outcomes = await asyncio.gather(*(shared.send(("WORK", n)) for n in range(5)), return_exceptions=True)
    assert {type(each) for each in outcomes} == {exceptions.TimeoutError}
    before = server.connections
    silent = False
    assert await shared.send(("WORK",)) == "OK"
    assert server.connections == before + 1


async def test_an_answer_that_cannot_be_read_ends_the_connection(server: Server, shared: Multiplexer) -> None:
    server.answer = lambda _command: b"!no such thing\r\n"
    with pytest.raises(exceptions.ConnectionError):
        await shared.send(("WORK",))
    server.answer = lambda _command: b"+OK\r\n"
    assert await shared.send(("WORK",)) == "OK"


async def test_a_long_command_holds_up_no_one(server: Server, shared: Multiplexer) -> None:
    text = "x" * LONG_BYTES
    await shared.send(("ECHO", "ready"))
    assert await shared.send(("ECHO", text)) == text
    assert server.connections == 2
    assert await shared.send_all([("ECHO", text)]) == [text]


async def test_damaged_text_is_sent_as_it_was_read(server: Server, shared: Multiplexer) -> None:
    damaged = b"a\xff\xfe".decode(errors="surrogateescape")
    assert await shared.send(("ECHO", damaged)) == damaged
    assert server.reads[-1] == [[b"ECHO", b"a\xff\xfe"]]


async def test_a_connection_is_closed_after_its_last_answer(server: Server, shared: Multiplexer) -> None:
    held: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()

    def hold(_command: list[bytes]) -> None:
        held.set_result(server.open[-1])

    server.answer = hold
    await shared.send(("ECHO", "ready"))
    waiting = asyncio.create_task(shared.send(("SLOW",)))
    writer = await held
    retiring = asyncio.create_task(shared.retire())
    await asyncio.sleep(0)
    assert await shared.send(("ECHO", "on another one")) == "on another one"
    assert not retiring.done()
    writer.write(b"+late\r\n")
    assert await waiting == "late"
    await retiring
    assert server.connections == 2


async def test_answers_are_read_as_the_client_reads_them(server: Server, shared: Multiplexer) -> None:
    server.answer = lambda _command: b"*2\r\n$1\r\na\r\n$1\r\nb\r\n"
    assert await shared.send(("HGETALL", "h")) == {"a": "b"}
    assert await shared.send_all([("HGETALL", "h"), ("HMGET", "h", "x")]) == [{"a": "b"}, ["a", "b"]]
