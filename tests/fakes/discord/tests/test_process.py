"""Tests the stand-in as a process, controlled over HTTP and used by the real client."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import pytest_asyncio

from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import pointed_at, stand_in
from tests.fakes.discord.tests.support.client import Bot, online, step

__all__ = ["stand_in"]


class Apart:
    """The stand-in in another process, with its address and control."""

    def __init__(self, where: dict[str, str], session: aiohttp.ClientSession) -> None:
        self.where = where
        self._session = session

    async def __call__(self, what: str, **given: Any) -> Any:
        async with self._session.post(f"{self.where['control']}/{what}", json=given) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()


@pytest_asyncio.fixture
async def apart() -> AsyncIterator[Apart]:
    """Start a stand-in's process for a test."""
    command = [sys.executable, "-m", "tests.fakes.discord", "--port", "0"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    where = json.loads(await process.stdout.readline())
    try:
        async with aiohttp.ClientSession() as session:
            with pointed_at(where["api"], where["gateway"]):
                yield Apart(where, session)
    finally:
        process.terminate()
        assert await process.wait() == 0


async def test_a_story_is_told_to_a_stand_in_that_is_a_process(apart: Apart) -> None:
    made = await apart("guild", name="Workshop", text=["help"], members=["Ana"])
    room, ana = made["channels"]["help"], made["members"]["Ana"]
    async with asyncio.timeout(60), online(apart.where["token"], Bot()) as (bot,):
        await apart("fault", kind="limit", method="POST", path="/channels/*/messages", seconds=0.01)
        await bot.get_partial_messageable(room).send(view=step("Restart it", "again"))
        (message,) = await apart("messages", of=room)
        clicked = await person(apart, ana, "presses", message["id"], "Press again")
        assert [one["type"] for one in clicked["answers"]] == [7]
        asked = await person(apart, ana, "runs", "fix", problem="Router")
        assert asked["text"] == "## Router"
        await apart("gateway", does="drop")
        heard = asyncio.create_task(bot.wait_for("message", check=lambda said: said.author.id == ana))
        await person(apart, ana, "writes", room, "still there?")
        assert (await heard).content == "still there?"
        statuses = [one["status"] for one in await apart("calls", method="POST", path="/channels/*/messages")]
        assert statuses == [429, 200]


async def person(apart: Apart, who: int, does: str, *arguments: Any, **named: Any) -> Any:
    """Let a person act in the stand-in's process."""
    return await apart("person", who=who, does=does, **{"with": arguments}, **named)


async def test_the_buttons_of_a_client_that_was_killed_work_when_it_is_back(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana = guild.text("help"), guild.member("Ana")
    async with in_a_process(stand_in) as first:
        await ana.runs("fix", room, problem="Router")
        first.kill()
        await stand_in.until(lambda: not any(one.connected for one in stand_in.gateway.sessions))
    (message,) = stand_in.messages(room)
    clicked = await ana.presses(message, "Press step:1", waits=False)
    stand_in.passes(3.1)
    assert clicked.failed
    async with in_a_process(stand_in):
        again = await ana.presses(message, "Press step:1")
        assert (again.answers[0].type, message.text) == (7, "## Restart it")
    assert len(stand_in.gateway.identified) == 2


@asynccontextmanager
async def in_a_process(stand_in: Discord) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the small client in its own process, connected, until the end."""
    where = [stand_in.api, stand_in.gateway_url, stand_in.token]
    synced = len(stand_in.calls("PUT", "/applications/*/commands"))
    command = [sys.executable, "-m", "tests.fakes.discord.tests.support.client", *where]
    process = await asyncio.create_subprocess_exec(*command)
    try:
        await stand_in.connected()
        await stand_in.until(lambda: len(stand_in.calls("PUT", "/applications/*/commands")) > synced)
        await stand_in.until(stand_in.commands)
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
