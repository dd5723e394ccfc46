"""Floods the real page over a socket, with a small real store: the store stays bounded, and people are served."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.storage.budgets import RedisBudgets, RedisMemoryGauge
from adapters.storage.store import Store, open_store
from tests.adapters.web.support.agent import hidden
from tests.adapters.web.support.served import served
from tests.adapters.web.support.site import GUIDE, Place, open_place
from tests.adapters.web.support.visitor import Browser, begun

MB = 1024 * 1024
WORDS = " ".join(f"the sync stopped {number}" for number in range(190))
"""A text as long as what is kept of one message."""


class Town:
    """A served site with a real store of 16 MB and a clock that stands still, and clients at any address."""

    def __init__(self, place: Place, address: str, stack: AsyncExitStack) -> None:
        self.place = place
        self._address = address
        self._stack = stack
        self._transport = httpx.AsyncHTTPTransport()

    @property
    def store(self) -> Store:
        return self.place.app.store

    async def client(self, ip: str) -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            transport=self._transport,
            base_url=self._address,
            headers={"x-forwarded-for": ip},
            timeout=30,
        )
        self._stack.push_async_callback(client.aclose)
        return client

    async def starts(self, client: httpx.AsyncClient, text: str = WORDS) -> httpx.Response:
        """Start a conversation by the API, each time as another visitor."""
        return await client.post(
            "/api/conversations", json={"flow": GUIDE, "text": text, "key": secrets.token_urlsafe(24)}
        )

    async def used(self) -> int:
        return (await RedisMemoryGauge(self.store.wire).look()).used

    async def fill(self, fullness: float) -> None:
        """Fill the store up to that part of its memory with data of no one."""
        number = 0
        while (await RedisMemoryGauge(self.store.wire).look()).fullness < fullness:
            await self.store.wire.ask("SET", f"junk:{fullness}:{number}", "x" * 100_000, "EX", 600)
            number += 1


@pytest.fixture
async def clock() -> list[int]:
    return [1_800_000_000_000]


@pytest.fixture
async def town(tmp_path: Path, clock: list[int]) -> AsyncIterator[Town]:
    store = await open_store(None, tmp_path, memory_mb=16)
    changes: dict[str, Any] = {
        "budgets": RedisBudgets(store.wire, lambda: clock[0]),
        "memory": RedisMemoryGauge(store.wire, lambda: clock[0] / 1000),
    }
    async with (
        open_place(
            store=store, changes=changes, STARTS_PER_MINUTE="30", TRUSTED_PROXIES="127.0.0.1"
        ) as place,
        served(place) as (address, _),
        AsyncExitStack() as stack,
    ):
        yield Town(place, address, stack)


@pytest.mark.row("security", "One address fills the store")
async def test_one_address_cannot_fill_the_store_and_others_go_on(town: Town, clock: list[int]) -> None:
    answers = [await town.starts(await town.client("2001:db8:0:7::1"), "short")]
    before = await town.used()
    # All addresses of an IPv6 network are one.
    answers += [await town.starts(await town.client(f"2001:db8:0:7::{number:x}")) for number in range(2, 22)]
    statuses = [answer.status_code for answer in answers]
    assert statuses[:6] == [201] * 6
    assert statuses[-12:] == [429] * 12
    assert await town.used() - before < MB / 4
    refused = answers[-1]
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json()["code"] == "too_many"
    assert "Too many requests came from your network" in refused.json()["detail"]
    assert refused.json()["support"] == "help@acme.example"
    # A person is one click away in a conversation of the same address (law L7), but only so often.
    attacker = await town.client("2001:db8:0:7::ffff")
    own = answers[0].json()
    headers = {"authorization": f"Bearer {own['token']}"}
    events = f"/api/conversations/{own['id']}/events"
    said = await attacker.post(events, json={"type": "said", "text": WORDS, "key": "a"}, headers=headers)
    assert said.status_code == 429
    asked = await attacker.post(events, json={"type": "escalate", "key": "b"}, headers=headers)
    assert asked.status_code == 200, asked.text
    assert asked.json()["status"] == "waiting"
    # The page of the same address says it kindly, with the words that were sent, also without JavaScript.
    neighbor = await Browser(await town.client("2001:db8:0:7::9")).open("/")
    await neighbor.press("text", 429, text="My sync is broken")
    assert "Try again in" in neighbor.text
    assert "My sync is broken" in neighbor.text
    assert "help@acme.example" in neighbor.text
    assert int(neighbor.answer.headers["retry-after"]) >= 1
    # Visitors of other addresses notice nothing.
    visitor = await begun(await Browser(await town.client("198.51.100.7")).open("/"))
    await visitor.press("answered:still-failing")
    await visitor.press("escalate")
    # A minute later there is a little room again, and not more.
    clock[0] += 60_000
    later = [(await town.starts(attacker)).status_code for _ in range(9)]
    assert later[0] == 201
    assert later[-1] == 429


async def test_near_the_limit_new_starts_are_refused_first(town: Town, clock: list[int]) -> None:
    open_one = await begun(await Browser(await town.client("198.51.100.7")).open("/"))
    newcomer = await Browser(await town.client("198.51.100.8")).open("/")
    await town.fill(0.87)
    clock[0] += 2000
    await newcomer.press(f"flow:{GUIDE}", 503)
    assert "I can't start new conversations right now" in newcomer.text
    assert "help@acme.example" in newcomer.text
    refused = await town.starts(await town.client("198.51.100.9"), "short")
    assert (refused.status_code, refused.json()["code"]) == (503, "store_full")
    assert refused.json()["support"] == "help@acme.example"
    assert int(refused.headers["retry-after"]) >= 1
    # Files of customers are refused as well. Words, answers and people are not.
    fields = hidden(open_one.page, f"{open_one.path}/events") | {"do": "said", "text": "look"}
    files = {"files": ("a.txt", b"x", "text/plain")}
    sent = await open_one.client.post(f"{open_one.path}/events", data=fields, files=files)
    assert sent.status_code == 422
    assert "no space for files" in sent.text
    await open_one.press("said", text="It began after the update")
    await open_one.press("answered:still-failing")
    # Someone new who asks for a person still gets one.
    newcomer = await Browser(await town.client("198.51.100.8")).open("/")
    await newcomer.press("person")
    assert "/c/" in newcomer.path
    await town.fill(0.96)
    clock[0] += 2000
    await open_one.press("escalate")
    late = await Browser(await town.client("198.51.100.8")).open("/")
    await late.press(f"flow:{GUIDE}", 503)
