"""Tests over sockets that slow clients are cut off, and that one address cannot take every connection."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from functools import partial

import pytest

from adapters.web.doors.connections import Connections, Timeouts
from tests.adapters.web.support.served import opened, read_all, served
from tests.adapters.web.support.site import Place
from tests.fakes.wait import until

HALF_HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
HALF_BODY = (
    b"POST /start HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 100\r\n\r\ntext="
)
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Clock:
    """A clock that a test sets forward."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def connections(clock: Clock, per_address: int = 1000, most: int = 1000, trusted: str = "") -> Connections:
    return Connections(most, lambda host: host == trusted, Timeouts(), per_address, clock)


class Lines:
    """Opens connections to a site, and closes all of them at the end."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._open: list[Pair] = []

    async def dial(self, sent: bytes = b"") -> Pair:
        """Open a connection and send the bytes."""
        pair = await opened(self._address)
        self._open.append(pair)
        pair[1].write(sent)
        return pair

    async def many(self, count: int, sent: bytes = b"") -> list[Pair]:
        """Open that many connections and send the bytes on each."""
        return [await self.dial(sent) for _ in range(count)]

    async def close(self) -> None:
        """Close them all."""
        for _, writer in self._open:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@asynccontextmanager
async def lines(place: Place, known: Connections) -> AsyncIterator[Lines]:
    """Serve the site and open connections to it."""
    async with served(place, connections=known) as (address, _):
        dialed = Lines(address)
        try:
            yield dialed
        finally:
            await dialed.close()


async def settle(known: Connections, phases: Iterable[str]) -> None:
    """Wait until the server has seen connections in exactly these phases."""
    wanted = sorted(phases)

    async def settled() -> bool:
        return sorted(each.phase for each in known) == wanted

    try:
        await until(settled)
    except AssertionError:
        assert sorted(each.phase for each in known) == wanted


async def seen(known: Connections, phase: str, received: int) -> bool:
    """Return whether every connection in that phase has sent so many bytes."""
    return all(each.received >= received for each in known if each.phase == phase)


@pytest.mark.row("security", "Half-sent requests hold every connection")
async def test_half_sent_requests_are_closed_in_time_and_finished_ones_are_not(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    known = connections(clock)
    async with lines(place, known) as to:
        heads, bodies = await to.many(40, HALF_HEAD), await to.many(40, HALF_BODY)
        silent, idle = await to.many(5), await to.many(5, WHOLE)
        await settle(known, ["head"] * 40 + ["body"] * 40 + ["new"] * 5 + ["idle"] * 5)

        clock.time = 9.0
        for _, writer in heads:  # one byte after the other does not buy time
            writer.write(b"x")
        await until(lambda: seen(known, "head", len(HALF_HEAD) + 1))
        known.sweep()
        assert len(known) == 90

        clock.time = 10.5
        known.sweep()
        assert all([(await read_all(reader)).startswith(b"HTTP/1.1 408 ") for reader, _ in heads])
        assert [await read_all(reader) for reader, _ in silent] == [b""] * 5

        clock.time = 20.5
        known.sweep()
        assert all([(await read_all(reader)).startswith(b"HTTP/1.1 408 ") for reader, _ in bodies])
        await settle(known, ["idle"] * 5)
        assert not caplog.records, "a client that hangs up is no error"

        clock.time = 31.0
        known.sweep()
        assert all([(await read_all(reader)).startswith(b"HTTP/1.1 200 ") for reader, _ in idle])
        await settle(known, [])


async def test_a_large_upload_over_a_slow_line_gets_the_time_it_needs(place: Place) -> None:
    clock = Clock()
    known = connections(clock)
    async with lines(place, known) as to:
        reader, writer = await to.dial()
        writer.write(HALF_BODY.replace(b"100", b"300000"))
        await settle(known, ["body"])
        for number in range(4):
            writer.write(b"x" * 60_000)
            await until(partial(seen, known, "body", 60_000 * (number + 1)))
            clock.time += 10.0
            known.sweep()
        assert clock.time > Timeouts().body_s
        assert len(known) == 1, "it sends faster than BODY_RATE"
        clock.time += 30.0
        known.sweep()
        assert (await read_all(reader)).startswith(b"HTTP/1.1 408 ")


@pytest.mark.row("security", "A client that reads nothing holds a response for ever")
async def test_a_response_that_no_one_reads_and_a_body_that_no_one_needs_end(place: Place) -> None:
    clock = Clock()
    known = connections(clock)
    async with lines(place, known) as to:
        greedy = await to.dial()
        await settle(known, ["new"])
        for each in known:
            each.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        unheard = await to.dial()
        page = b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        greedy[1].transport.pause_reading()  # type: ignore[attr-defined]  # a client that takes nothing
        greedy[1].write(page * 20)
        unheard[1].write(HALF_BODY.replace(b"/start", b"/nothing"))
        await settle(known, ["unread", "rest"])

        clock.time = 5.5
        known.sweep()
        assert b"404 Not Found" in await read_all(unheard[0])

        clock.time = 31.0
        known.sweep()
        await settle(known, [])


@pytest.mark.row("security", "One address opens every connection")
async def test_one_address_gets_so_many_connections_and_idle_ones_make_room(place: Place) -> None:
    known = connections(Clock(), per_address=8)
    async with lines(place, known) as to:
        idle, half = await to.many(2, WHOLE), await to.many(6, HALF_HEAD)
        await settle(known, ["idle"] * 2 + ["head"] * 6)
        for (reader, _), more in zip(idle, await to.many(2, HALF_HEAD), strict=True):
            half.append(more)
            assert (await read_all(reader)).startswith(b"HTTP/1.1 200 ")
        refused, _ = await to.dial()
        assert (await read_all(refused)).startswith(b"HTTP/1.1 429 ")
        half[0][1].close()
        await settle(known, ["head"] * 7)
        reader, writer = await to.dial()
        writer.write(WHOLE)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")


async def test_a_proxy_is_not_one_client_but_all_connections_have_a_limit(place: Place) -> None:
    known = connections(Clock(), per_address=1, most=4, trusted="127.0.0.1")
    async with lines(place, known) as to:
        await to.many(4, HALF_HEAD)
        await settle(known, ["head"] * 4)
        refused, _ = await to.dial()
        assert (await read_all(refused)).startswith(b"HTTP/1.1 429 ")
