"""Tests the space for uploaded files through the real page and desk: each recorded file takes it once, others none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from adapters.storage.store import open_store
from adapters.web.files import UploadedFile
from adapters.web.uploads import record, shares_of_customer, uploads_of
from bot.ports import Contended
from flows.events import Event, Said
from tests.adapters.web.support.agent import Agent, hidden, signed_in
from tests.adapters.web.support.served import served
from tests.adapters.web.support.site import Place, open_place
from tests.adapters.web.support.visitor import Browser, begun

KB = 1024
MB = 1024 * KB


class Street:
    """A served site with a real store, and visitors who each have an address of their own."""

    def __init__(self, place: Place, address: str, stack: AsyncExitStack) -> None:
        self.place = place
        self._address = address
        self._stack = stack
        self._transport = (
            httpx.AsyncHTTPTransport()
        )  # one for all, because each loads certificates for a while

    async def visitor(self, ip: str) -> Browser:
        """Open the guide in a new browser at that address."""
        browser = await Browser(await self._client({"x-forwarded-for": ip})).open("/")
        return await begun(browser)

    async def agent(self) -> Agent:
        return await signed_in(self.place, await self._client({}), "Ana")

    async def _client(self, headers: dict[str, str]) -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            transport=self._transport, base_url=self._address, headers=headers, timeout=30
        )
        self._stack.push_async_callback(client.aclose)
        return client

    async def stored(self) -> int:
        """Return the bytes of all files in the store."""
        wire = self.place.app.store.wire
        found = [key async for key in wire.client.scan_iter(f"{wire.keys.prefix}:kept:*")]
        return sum([int(await wire.ask("STRLEN", key)) * 3 // 4 for key in found])


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    """Serve a site with one megabyte for files."""
    store = await open_store(None, tmp_path)
    async with (
        open_place(store=store, FILES_MB="1", TRUSTED_PROXIES="127.0.0.1") as place,
        served(place) as (address, _),
        AsyncExitStack() as stack,
    ):
        yield Street(place, address, stack)


async def send(browser: Browser, size: int, do: str = "said", text: str = "look") -> int:
    """Send a form with a file of that size, as a browser does. Return the status."""
    fields = hidden(browser.page, f"{browser.path}/events")
    file = ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(size - 8), "image/png")
    data = fields | {"do": do, "text": text}
    answer = await browser.client.post(f"{browser.path}/events", data=data, files={"files": file})
    return answer.status_code


@pytest.mark.row("security", "Uploads at once take more space than there is")
async def test_files_that_come_at_once_never_take_more_than_there_is(street: Street) -> None:
    crowd = await asyncio.gather(*(street.visitor(f"192.0.2.{number}") for number in range(12)))
    statuses = await asyncio.gather(*(send(browser, 180 * KB) for browser in crowd))
    assert set(statuses) == {303, 422}
    assert 500 * KB < await street.stored() < MB
    # Customers filled their share. A reply of an agent still brings its file.
    ana = await street.agent()
    at = crowd[statuses.index(303)].path.rpartition("/")[2]
    await ana.open(f"/desk/c/{at}")
    reply = f"/desk/c/{at}/reply"
    data = hidden(ana.page, reply) | {"text": "see here"}
    before = await street.stored()
    answer = await ana.client.post(reply, data=data, files={"files": ("b.bin", bytes(200 * KB), "x/y")})
    assert answer.status_code == 303, answer.text
    assert await street.stored() >= before + 200 * KB
    # Deleting the message frees its room.
    conversations = street.place.app.store.conversations
    (version,) = [found for found, said in (await conversations.words(at)).items() if said.text == "see here"]
    await ana.open(f"/desk/c/{at}")
    await ana.press(f"/desk/c/{at}/take-back", version=str(version))
    assert await street.stored() == before


async def test_what_was_refused_or_came_twice_takes_no_room(street: Street) -> None:
    maria, mona = await street.visitor("192.0.2.1"), await street.visitor("192.0.2.2")
    await asyncio.gather(*(send(maria, 20 * KB) for _ in range(12)))
    assert await send(maria, 20 * KB) == 303
    assert 20 * KB <= await street.stored() <= 21 * KB, "a form that was sent thirteen times has one copy"
    assert (await maria.open(maria.path)).page.count("a.png<") == 1
    # Without a ticket, nothing can be added to it; a message for a button that is not there is refused as well.
    assert await send(mona, 30 * KB, do="details", text="") in (303, 409)
    assert await send(mona, 30 * KB, do="no-such-button") == 422
    assert await street.stored() <= 21 * KB
    used = await street.place.app.store.wire.ask("HGETALL", street.place.app.store.wire.keys.uploads[2])
    assert all(int(size) <= 21 * KB for size in used.values()), used


async def test_a_message_that_collided_with_others_takes_no_room(place: Place) -> None:
    async def contended(event: Event) -> None:
        raise Contended(event.key)

    site = replace(place.site, receive=contended)
    uploads = uploads_of(site, [UploadedFile("a.txt", "text/plain", b"x" * KB)], "07c", "web:ana", "key")
    said = Said(conversation="07c", key="a", files=tuple(upload.file for upload in uploads))
    with pytest.raises(Contended):
        await record(site, said, uploads, shares_of_customer(site, "ana", "192.0.2.1"))
    wire = place.app.store.wire
    assert await wire.ask("HGETALL", wire.keys.uploads[2]) == {}


async def test_one_visitor_and_one_address_leave_room_for_others(street: Street) -> None:
    greedy = await street.visitor("2001:db8::1")
    sent = []
    for number in range(4):
        await greedy.open(greedy.path)
        sent.append(await send(greedy, 100 * KB, text=f"look {number}"))
    assert sent == [303, 303, 303, 422]
    # Others of the same network have a share as well, and then those of other networks.
    neighbors = [await send(await street.visitor(f"2001:db8::{number}"), 100 * KB) for number in (2, 3, 4)]
    assert neighbors == [303, 303, 422]
    assert await send(await street.visitor("2001:db8:0:1::1"), 100 * KB) == 303
