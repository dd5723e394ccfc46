"""Tests that lines come from terminals, pipes and files, whole and in order, to the end."""

import asyncio
import os
from pathlib import Path

from adapters.terminal.lines import LONGEST, Lines


async def every(lines: Lines) -> list[str]:
    """Return all lines up to the end."""
    found = []
    while (line := await lines.next()) is not None:
        found.append(line)
    return found


async def test_a_pipe_gives_its_lines_and_then_its_end() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"one\r\ntwo\nthree without an end")
    os.close(writer)
    assert await every(Lines(reader)) == ["one", "two", "three without an end"]


async def test_a_file_is_read_like_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "answers"
    path.write_bytes(b"1\n\n2\n")
    source = os.open(path, os.O_RDONLY)
    assert await every(Lines(source)) == ["1", "", "2"]


async def test_nothing_at_all_is_the_end() -> None:
    assert await Lines(os.open(os.devnull, os.O_RDONLY)).next() is None


async def test_bytes_that_are_no_text_do_no_harm() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"\xff\xfe\n")
    assert await Lines(reader).next() == "\ufffd\ufffd"


async def test_a_line_without_end_is_cut() -> None:
    reader, writer = os.pipe()
    writing = asyncio.create_task(asyncio.to_thread(os.write, writer, b"x" * 9000 + b"\nnext\n"))
    lines = Lines(reader)
    assert await lines.next() == "x" * LONGEST
    assert await lines.next() == "next"
    await writing


async def test_others_work_on_while_nobody_types() -> None:
    reader, writer = os.pipe()
    waiting = asyncio.create_task(Lines(reader).next())
    for _ in range(10):
        await asyncio.sleep(0)
    assert not waiting.done()
    os.write(writer, b"at last\n")
    assert await waiting == "at last"


async def test_whoever_stops_waiting_loses_nothing() -> None:
    reader, writer = os.pipe()
    lines = Lines(reader)
    waiting = asyncio.create_task(lines.next())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    os.write(writer, b"still here\n")
    assert await lines.next() == "still here"


async def test_a_paste_into_a_terminal_comes_as_one_and_lines_of_a_pipe_do_not() -> None:
    master, slave = os.openpty()
    os.write(master, b"first\nsecond\nthird\n")
    lines = Lines(slave)
    assert await lines.next() == "first"
    assert await lines.pasted() == ("second", "third")
    os.close(master)
    reader, writer = os.pipe()
    os.write(writer, b"first\nsecond\n")
    lines = Lines(reader)
    assert await lines.next() == "first"
    assert await lines.pasted() == ()


async def test_a_terminal_that_goes_away_is_the_end() -> None:
    master, slave = os.openpty()
    os.close(master)
    assert await Lines(slave).next() is None
