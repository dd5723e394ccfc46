"""Tests that no body takes more memory or time than its sender may have: files, forms and the webhooks."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from adapters.web.guard import BODY_LIMIT, REQUESTS_AT_ONCE, UPLOADS_AT_ONCE
from tests.adapters.web.support.site import Place, open_place

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
PATHS = ("/c/x/events", "/desk/c/x/reply")
"""The paths to which files may be sent."""


@pytest.mark.row("security", "Large bodies fill the memory or the disk before anyone knows who sends them")
async def test_only_a_form_with_files_may_be_large(place: Place) -> None:
    async with place.client() as client:
        for path in PATHS:
            text = b"text=" + b"x" * BODY_LIMIT
            answer = await client.post(path, content=text, headers={"content-type": FORM})
            assert answer.status_code == (413 if path == PATHS[0] else 303), (
                "the desk reads no stranger's form"
            )
        field = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"x" * (BODY_LIMIT + 1)
        answer = await client.post(PATHS[0], content=field, headers={"content-type": PARTS})
        assert answer.status_code == 400, "only files may be large, not the fields beside them"


class Senders:
    """Sends requests through a proxy, which never end until `go` is set."""

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self._application = application
        self.go = asyncio.Event()
        self.statuses: list[int] = []

    async def send(self, host: str, path: str, length: str) -> None:
        """Send one request whose body comes when `go` is set. Its status goes to `statuses`."""
        headers = {"host": "localhost", "x-forwarded-for": host, "content-type": PARTS}
        headers |= {"content-length": length} if length else {}
        scope: dict[str, Any] = {
            "type": "http",
            "method": "POST",
            "path": path,
            "scheme": "http",
            "query_string": b"",
            "client": ("10.0.0.1", 1),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }

        async def receive() -> Any:
            await self.go.wait()
            return {"type": "http.request", "body": b"", "more_body": False}

        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.statuses.append(message["status"])

        await self._application(scope, receive, answer)


@pytest.mark.row("security", "Large bodies fill the memory or the disk before anyone knows who sends them")
async def test_one_address_sends_so_many_large_bodies_at_once() -> None:
    async with open_place(trusted_proxies="10.0.0.1") as place, asyncio.TaskGroup() as sending:
        senders = Senders(place.asgi)

        def send(host: str, length: str) -> Any:
            return senders.send(host, PATHS[0], length)

        for number in range(UPLOADS_AT_ONCE):
            sending.create_task(send("203.0.113.7", "" if number % 2 else f"{BODY_LIMIT + 1}"))
        await asyncio.sleep(0)
        sending.create_task(send("203.0.113.7", ""))
        sending.create_task(send("203.0.113.7", f"{BODY_LIMIT + 1}"))
        await asyncio.sleep(0)
        assert senders.statuses == [429, 429]
        sending.create_task(send("203.0.113.7", "100"))
        sending.create_task(send("203.0.113.8", ""))
        await asyncio.sleep(0)
        assert len(senders.statuses) == 2, "short bodies and other addresses are served"
        senders.go.set()
    assert senders.statuses.count(429) == 2


@pytest.mark.row("security", "One address behind a proxy sends more than the process can answer")
async def test_calls_for_other_systems_are_counted_by_address_separately_from_those_of_people() -> None:
    hook: dict[str, Any] = {
        "ticket_webhook_url": "http://127.0.0.1:9/",
        "ticket_webhook_secret": "x" * 32,
        "trusted_proxies": "10.0.0.1",
    }
    async with open_place(**hook) as place, asyncio.TaskGroup() as sending:
        senders = Senders(place.asgi)
        for _ in range(REQUESTS_AT_ONCE):
            sending.create_task(senders.send("203.0.113.7", "/hooks/tickets", "9"))
        await asyncio.sleep(0)
        sending.create_task(senders.send("203.0.113.7", "/hooks/tickets", "9"))
        await asyncio.sleep(0)
        assert senders.statuses == [429]
        sending.create_task(senders.send("203.0.113.7", "/start", "9"))
        sending.create_task(senders.send("203.0.113.8", "/hooks/tickets", "9"))
        await asyncio.sleep(0)
        senders.go.set()
    assert senders.statuses.count(429) == 1


async def test_a_call_for_another_system_names_any_host_and_gets_the_headers_of_every_response() -> None:
    hook: dict[str, Any] = {"ticket_webhook_url": "http://127.0.0.1:9/", "ticket_webhook_secret": "x" * 32}
    async with open_place(public_url="https://help.example", **hook) as place, place.client() as client:
        answer = await client.post("/hooks/tickets", content=b"{}", headers={"host": "inside.example"})
        assert answer.status_code == 401
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "strict-transport-security" in answer.headers


async def test_a_flood_of_empty_fields_is_refused_before_it_is_parsed(place: Place) -> None:
    async with place.client() as client:
        for flood in (b"&" * 100_000, b"a&" * 50_000):
            answer = await client.post("/start", content=flood, headers={"content-type": FORM})
            assert answer.status_code == 400, "the parser takes half a second for such a form"
