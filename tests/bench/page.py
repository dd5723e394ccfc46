"""What the page costs the server: its start, a press with the next step, and thousands of pages that stay open.

`python -m tests.bench.page [PAGES]` starts the product as an operator does and plays browsers; PAGES stay open.
"""

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from tests.adapters.web.support.visitor import Browser
from tests.bench.desk import FETCH, FLOW

ROOT: Final = Path(__file__).parents[2]
PRESSES: Final = ("still-failing", "still-failing", "still-failing", "blank")
BROWSERS: Final = 60
ROUNDS: Final = 5
STARTS: Final = 5
IDLE_S: Final = 5.0
"""Seconds for which open pages are watched while nothing happens."""

TICK_S: Final = 1 / os.sysconf("SC_CLK_TCK")
PLATFORMS: Final = "import slack_bolt.async_app, slack_sdk, aiohttp, discord"
"""What a process with both platforms imports of others'."""


async def figures(pages: int = 2000) -> AsyncIterator[str]:
    """Yield a figure a line."""
    starts, bare, python = _medians_of_starts()
    yield f"the page answers                {starts:8.2f} s after the start, without platforms"
    yield f"  beside the platforms' imports {bare:8.2f} s, and Python alone {python:.2f} s"
    with _product() as (process, address):
        costs = [await _presses(process.pid, address, number) for number in range(ROUNDS)]
        yield f"a press and its next step       {statistics.median(costs):8.2f} ms of the server's CPU"
        before = _memory_mb(process.pid)
        async for line in _open(process.pid, address, pages, before):
            yield line


def _medians_of_starts() -> tuple[float, float, float]:
    """Return the medians of rounds that take turns, in s: until the page answers, bare imports, and Python alone."""
    taken: tuple[list[float], ...] = ([], [], [])
    for _ in range(STARTS):
        began = time.perf_counter()
        with _product():
            taken[0].append(time.perf_counter() - began)
        for place, code in ((1, PLATFORMS), (2, "pass")):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            taken[place].append(time.perf_counter() - began)
    return statistics.median(taken[0]), statistics.median(taken[1]), statistics.median(taken[2])


@contextmanager
def _product() -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Run the product on an embedded store until its page answered, and then as long as the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {"PORT": "0", "DATA_DIR": folder, "TRUSTED_PROXIES": "127.0.0.1", "LOG_LEVEL": "warning"}
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env={**os.environ, **settings, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert process.stdout is not None
            address = next(line.split()[-1] for line in process.stdout if "The page" in line).rstrip("/")
            with urllib.request.urlopen(address, timeout=10) as answer:
                answer.read()
            yield process, address
        finally:
            process.terminate()
            process.wait(30)
            if process.stdout is not None:
                process.stdout.close()


async def _presses(pid: int, address: str, number: int) -> float:
    """Return the server's CPU of a press in ms: browsers press one after the other, each in its conversation."""
    browsers = [await _begun(address, f"10.{number}.0.{place}") for place in range(BROWSERS)]
    before = _cpu_s(pid)
    for press in PRESSES:
        for browser in browsers:
            await browser.press(f"answered:{press}")
    spent = _cpu_s(pid) - before
    for browser in browsers:
        await browser.client.aclose()
    return spent / (BROWSERS * len(PRESSES)) * 1000


async def _begun(address: str, client_address: str) -> Browser:
    """Return a browser with a conversation of its own, at a network address of its own."""
    headers = {"x-forwarded-for": client_address}
    browser = await Browser(httpx.AsyncClient(base_url=address, headers=headers)).open("/")
    await browser.press(f"flow:{FLOW}")
    browser.client.headers.update(FETCH)
    return browser


async def _open(pid: int, address: str, pages: int, before_mb: float) -> AsyncIterator[str]:
    """Open so many pages' streams, and yield what they cost while they are open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, pages + 500)), hard))
    browsers, streams = [], []
    try:
        for place in range(pages):
            if place % 20 == 0:
                browsers.append(await _begun(address, f"10.{100 + place // 250 // 20}.1.{place // 20 % 250}"))
            streams.append(await _stream(browsers[-1], address))
        began, cpu = time.perf_counter(), _cpu_s(pid)
        await asyncio.sleep(IDLE_S)
        idle = (_cpu_s(pid) - cpu) / (time.perf_counter() - began) * 100
        grown = (_memory_mb(pid) - before_mb) / pages * 1024
        pressed, cpu = time.perf_counter(), _cpu_s(pid)
        await browsers[0].press(f"answered:{PRESSES[0]}")
        took, spent = (time.perf_counter() - pressed) * 1000, (_cpu_s(pid) - cpu) * 1000
        yield f"{pages:6,} pages open               {idle:8.1f} % of a core while nothing happens, {grown:.0f} kB each"
        yield f"  a press in one of them        {took:8.1f} ms until the next step, {spent:.0f} ms of the server's CPU"
    finally:
        for writer in streams:
            writer.close()
        for browser in browsers:
            await browser.client.aclose()


async def _stream(browser: Browser, address: str) -> asyncio.StreamWriter:
    """Open the stream of a browser's page and wait for its first event."""
    host = address.removeprefix("http://")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(host.rpartition(":")[2]), limit=2**14)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items())
    head = {
        "Host": host,
        "Cookie": cookies,
        "X-Forwarded-For": browser.client.headers["x-forwarded-for"],
        "Accept": "text/event-stream",
    }
    lines = [f"GET {browser.path}/stream HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    status = await reader.readline()
    if b" 200 " not in status:
        raise SystemExit(f"a stream was refused: {status!r}")
    await reader.readuntil(b"event: version")
    return writer


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_S


def _memory_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


async def _main(pages: int = 2000) -> None:
    async for line in figures(pages):
        print(line, flush=True)


if __name__ == "__main__":
    asyncio.run(_main(*map(int, sys.argv[1:])))
