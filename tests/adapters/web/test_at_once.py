"""Tests how much one network address has open at once: streams, and requests through a proxy."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from adapters.web.doors.at_once import AtOnce
from adapters.web.guard import REQUESTS_AT_ONCE, Guard, TooMany
from adapters.web.notice_watch import NoticeWatch
from adapters.web.stream import Streams
from tests.adapters.web.support.site import Place, open_place


def test_a_slot_is_left_once() -> None:
    slots = AtOnce(1)
    first = slots.take("ana")
    assert first is not None
    assert slots.take("ana") is None
    assert slots.take("ben") is not None
    first.leave()
    first.leave()
    assert len(slots) == 1
    assert slots.take("ana") is not None


async def nothing(_version: int) -> str | None:
    return None


async def test_streams_of_one_address_have_a_limit_of_their_own(place: Place) -> None:
    streams = Streams(place.site.feed, NoticeWatch(place.site.notices), per_address=2)

    def opened(host: str, person: str) -> Any:
        request = Request({"type": "http", "client": (host, 1), "headers": []})
        return streams.open(request, "c", person, "version", nothing)

    opened("203.0.113.7", "ana")
    opened("203.0.113.7", "ben")
    with pytest.raises(TooMany) as refused:
        opened("203.0.113.7", "cleo")
    assert refused.value.everyone
    opened("203.0.113.8", "cleo")
    assert len(streams) == 3, "a refused stream takes no slot of its person"


@pytest.mark.row("security", "One address behind a proxy sends more than the process can answer")
async def test_behind_a_proxy_each_real_address_has_so_many_requests_at_once() -> None:
    go, answers, statuses = asyncio.Event(), list[dict[bytes, bytes]](), []
    embedding = "https://books.example"

    async def slow(_scope: Any, _receive: Any, send: Any) -> None:
        await go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def answer(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
            answers.append(dict(message["headers"]))

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    def ask(guard: Guard, host: str) -> Any:
        headers = [(b"host", b"localhost"), (b"x-forwarded-for", host.encode())]
        headers.append((b"origin", embedding.encode()))
        scope = {"type": "http", "method": "GET", "path": "/api/v1", "scheme": "http", "headers": headers}
        return guard(scope | {"client": ("10.0.0.1", 1)}, receive, answer)

    async with (
        open_place(trusted_proxies="10.0.0.1", embed_origins=embedding) as place,
        asyncio.TaskGroup() as asked,
    ):
        guard = Guard(slow, place.site)
        for _ in range(REQUESTS_AT_ONCE):
            asked.create_task(ask(guard, "203.0.113.7"))
        await asyncio.sleep(0)
        asked.create_task(ask(guard, "203.0.113.7"))
        await asyncio.sleep(0)
        assert statuses == [429]
        (refused,) = answers
        assert refused[b"access-control-allow-origin"].decode() == embedding, "the embedding page reads it"
        assert refused[b"x-content-type-options"] == b"nosniff"
        asked.create_task(ask(guard, "203.0.113.8"))
        await asyncio.sleep(0)
        go.set()
    assert statuses.count(200) == REQUESTS_AT_ONCE + 1
