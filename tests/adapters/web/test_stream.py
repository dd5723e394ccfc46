"""Tests server-sent events over a real socket: news of every change, and an end when the client or process leaves."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from adapters.web.server import listen
from adapters.web.stream import AT_ONCE
from bot.wiring.app import noticeboard
from tests.adapters.web.support.served import served
from tests.adapters.web.support.site import GUIDE, Place
from tests.fakes.wait import until


async def events(lines: AsyncIterator[str]) -> AsyncIterator[dict[str, str]]:
    """Return the events of a stream, without comments."""
    event: dict[str, str] = {}
    async for line in lines:
        if line == "":
            if event:
                yield event
            event = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            event[name] = value


async def begun(client: httpx.AsyncClient) -> tuple[str, dict[str, str], dict[str, Any]]:
    given = (await client.post("/api/conversations", json={"flow": GUIDE})).json()
    return f"/api/conversations/{given['id']}", {"Authorization": f"Bearer {given['token']}"}, given


async def test_a_stream_begins_with_the_state_and_tells_of_every_change(place: Place) -> None:
    async with served(place) as (address, _), httpx.AsyncClient(base_url=address) as client:
        path, bearer, given = await begun(client)
        async with client.stream("GET", f"{path}/stream", headers=bearer) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            told = events(answer.aiter_lines())
            first = await anext(told)
            assert first["event"] == "state"
            assert first["id"] == str(given["version"])
            assert json.loads(first["data"]) == {name: given[name] for name in given if name != "token"}
            sent = {"type": "answered", "turn": 1, "choice": "still-failing"}
            await client.post(f"{path}/events", json=sent, headers=bearer)
            second = await anext(told)
            assert json.loads(second["data"])["prompt"]["step"] == "web-connector"
            assert int(second["id"]) > int(first["id"])


async def test_a_notice_reaches_open_screens_within_seconds(place: Place) -> None:
    async with served(place) as (address, _), httpx.AsyncClient(base_url=address) as client:
        await client.get("/")
        given = (await client.post("/api/conversations", json={"flow": GUIDE})).json()
        bearer = {"Authorization": f"Bearer {given['token']}"}
        path = f"/api/conversations/{given['id']}/stream"
        async with (
            client.stream("GET", path, headers=bearer) as product,
            client.stream("GET", f"/c/{given['id']}/stream") as page,
            asyncio.timeout(30),
        ):
            state, version = events(product.aiter_lines()), events(page.aiter_lines())
            await anext(state)
            assert (await anext(version))["data"] == str(given["version"])
            await noticeboard(place.app).say(GUIDE, "The vendor is on it.", "Chief")
            told = json.loads((await anext(state))["data"])
            assert told["prompt"]["text"].startswith("Known issue: The vendor is on it.")
            posted = (await anext(version))["data"]
            assert posted.startswith(f"{given['version']} ")
            await noticeboard(place.app).unsay(GUIDE, "Chief")
            assert (await anext(version))["data"] == str(given["version"])


async def test_streams_end_at_once_when_the_process_is_to_stop(place: Place) -> None:
    async with served(place) as (address, stop), httpx.AsyncClient(base_url=address) as client:
        path, bearer, _ = await begun(client)
        async with client.stream("GET", f"{path}/stream", headers=bearer) as answer:
            told = events(answer.aiter_lines())
            await anext(told)
            stop.set()
            async with asyncio.timeout(3):
                assert [event async for event in told] == []


async def test_who_leaves_is_forgotten(place: Place) -> None:
    streams = place.asgi.state.streams
    async with served(place) as (address, _), httpx.AsyncClient(base_url=address) as client:
        path, bearer, _ = await begun(client)
        async with client.stream("GET", f"{path}/stream", headers=bearer) as answer:
            await anext(events(answer.aiter_lines()))
            assert len(streams) == 1
        async with asyncio.timeout(30):
            while len(streams):
                await client.get("/healthz")


@pytest.mark.row("security", "One person opens streams without end")
async def test_one_person_holds_so_many_streams_and_no_more_even_if_opened_at_once(place: Place) -> None:
    async with served(place) as (address, _):
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=address, limits=limits) as client:
            path, bearer, _ = await begun(client)

            async def opened() -> httpx.Response:
                return await client.send(
                    client.build_request("GET", f"{path}/stream", headers=bearer), stream=True
                )

            answers = await asyncio.gather(*(opened() for _ in range(AT_ONCE + 8)))
            statuses = [answer.status_code for answer in answers]
            assert (statuses.count(200), statuses.count(429)) == (AT_ONCE, 8)
            held = [answer for answer in answers if answer.status_code == 200]
            for answer in held:
                await anext(events(answer.aiter_lines()))
            for answer in answers:
                await answer.aclose()

            async def reopened() -> bool:
                answer = await opened()
                await answer.aclose()
                return answer.status_code == 200

            await until(reopened)


async def test_the_page_hears_its_version_by_cookie_alone(place: Place) -> None:
    async with served(place) as (address, _), httpx.AsyncClient(base_url=address) as client:
        await client.get("/")
        given = (await client.post("/api/conversations", json={"flow": GUIDE})).json()
        async with client.stream("GET", f"/c/{given['id']}/stream") as answer:
            event = await anext(events(answer.aiter_lines()))
            assert event["event"] == "version"
            assert event["data"] == str(given["version"])
        stranger = httpx.AsyncClient(base_url=address)
        assert (await stranger.get(f"/c/{given['id']}/stream")).status_code == 404
        await stranger.aclose()


async def test_a_port_that_is_taken_is_said(place: Place) -> None:
    async with served(place) as (address, _):
        port = int(address.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            await listen(place.asgi, "127.0.0.1", port, asyncio.Event())
