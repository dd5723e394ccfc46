"""Measures a peer in its own process: it needs Python alone, because a peer's environment has no more.

A conversation is a start and six answers `still-failing` to the steps `s1` to `s6`, which lead to `exhausted`.
"""

import asyncio
import json
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Final

STEPS: Final = ("s1", "s2", "s3", "s4", "s5", "s6")
END: Final = "exhausted"
STILL: Final = "still-failing"
EVENTS: Final = len(STEPS) + 1

Play = Callable[[str], Awaitable[str]]
"""Plays the conversation of that name and returns the state that the store has at its end."""

TEXT: Final = "Turn the lamp off, wait ten seconds, turn it on and look whether it lights. " * 2
"""What a step says."""


async def measure(play: Play, port: int, conversations: int, at_once: int) -> None:
    """Play so many conversations, so many at once, and print what they cost as a line of JSON.

    The server's figures are those of the Redis at `port`; 0 if the peer uses none.
    """
    await _play_all(play, "warm", max(conversations // 10, at_once), at_once)
    before, began, cpu = _server(port), time.perf_counter(), time.process_time()
    await _play_all(play, "run", conversations, at_once)
    wall, spent, after = time.perf_counter() - began, time.process_time() - cpu, _server(port)
    events = conversations * EVENTS
    figures = {
        "per_second": events / wall,
        "client_us": spent / events * 1e6,
        "server_us": (after["cpu"] - before["cpu"]) / events * 1e6,
        "trips": (after["trips"] - before["trips"]) / events,
    }
    print(json.dumps(figures))


def arguments() -> tuple[int, int, int]:
    """Return the port of Redis, the number of conversations, and how many of them at once."""
    port, conversations, at_once = map(int, sys.argv[1:4])
    return port, conversations, at_once


async def _play_all(play: Play, prefix: str, conversations: int, at_once: int) -> None:
    names = iter([f"{prefix}{at_once}.{number}" for number in range(conversations)])

    async def worker() -> None:
        for name in names:
            end = await play(name)
            if end != END:
                raise SystemExit(f"{name} ended in {end!r} instead of {END!r}")

    await asyncio.gather(*(worker() for _ in range(at_once)))


def _server(port: int) -> dict[str, float]:
    """Return the server's CPU in seconds, and how often it answered a client so far: commands that no script called."""
    if not port:
        return {"cpu": 0.0, "trips": 0.0}
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rwb") as stream:
        stream.write(b"INFO ALL\r\n")
        stream.flush()
        length = int(stream.readline()[1:])
        text = stream.read(length).decode()
    fields = dict(line.split(":", 1) for line in text.split("\r\n") if ":" in line)
    return {
        "cpu": float(fields["used_cpu_user"]) + float(fields["used_cpu_sys"]),
        "trips": float(fields["total_reads_processed"]),
    }
