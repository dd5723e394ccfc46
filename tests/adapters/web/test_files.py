"""Tests files over HTTP: who can load them, how large they may be, and how many are stored."""

import re

import httpx
import pytest

from bot.ports import Upload
from flows.acts import Noted, Replied
from flows.events import File
from tests.adapters.web.support.agent import Customer, signed_in
from tests.adapters.web.support.site import Place, open_place
from tests.adapters.web.support.visitor import Browser

PICTURE = b"\x89PNG\r\n\x1a\n1234"


@pytest.mark.parametrize("address", ["/c/{}/files/1/0", "/c/{}/files/999/9", "/desk/c/{}/files/1/0"])
async def test_a_stranger_gets_none(place: Place, address: str) -> None:
    maria = Customer(place)
    await maria.come()
    async with place.client() as stranger:
        answer = await stranger.get(address.format((await maria.at()).id))
        assert answer.status_code in (303, 404)


@pytest.mark.row("security", "A customer reads an internal note or its file")
async def test_a_file_on_a_note_is_had_on_the_desk_and_nowhere_else(place: Place, browser: Browser) -> None:
    await browser.press("flow:connection-not-active")
    at = browser.path.rpartition("/")[2]
    kept = File(id="z", name="zebra.png", kind="image/png", size=9, at=f"kept||{at}")
    await place.app.store.kept.hold((Upload(file=kept, content=b"\x89PNG\r\n\x1a\nz"),), {})
    note_of_hers = Noted(conversation=at, actor="desk:x", text="zebra", files=(kept,), key="n")
    noted = await place.app.receive(note_of_hers)
    reply_of_hers = Replied(conversation=at, actor="desk:x", text="hello", files=(kept,), key="r")
    replied = await place.app.receive(reply_of_hers)
    assert noted is not None
    assert replied is not None
    theirs = f"/c/{at}/files"
    note, reply = noted.conversation.version, replied.conversation.version
    assert (await browser.client.get(f"{theirs}/{note}/0")).status_code == 404
    assert (await browser.client.get(f"{theirs}/{reply}/0")).content.endswith(b"z")
    async with place.client() as client:
        await signed_in(place, client, "Ana")
        assert (await client.get(f"/desk{theirs}/{note}/0")).content.endswith(b"z")


async def sends(browser: Browser, count: int, text: str = "") -> httpx.Response:
    """Send that many files with a form, as a browser does."""
    form = browser.form("said")
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    files = [("files", (f"{n}.png", PICTURE, "image/png")) for n in range(count)]
    return await browser.client.post(
        f"{browser.path}/events", data=hidden | {"do": "said", "text": text}, files=files
    )


async def test_files_alone_are_enough_and_too_many_are_none(browser: Browser) -> None:
    await browser.press("flow:connection-not-active")
    assert (await sends(browser, 5)).status_code == 422
    assert "up to 4 files" in (await sends(browser, 5)).text
    assert (await sends(browser, 4)).status_code == 303
    assert (await browser.open(browser.path)).page.count(".png<") == 4


async def test_where_there_is_no_room_the_words_can_go_without() -> None:
    async with open_place(FILES_MB="0") as full, full.client() as client:
        browser = await Browser(client).open("/")
        await browser.press("flow:connection-not-active")
        answer = await sends(browser, 1, "like this")
        assert answer.status_code == 422
        assert "no space for files" in answer.text
        assert (await sends(browser, 0, "like this")).status_code == 303


@pytest.mark.row("security", "An uploaded file runs in a reader's browser")
@pytest.mark.row("security", "A file of someone else's conversation is fetched by its address")
async def test_what_is_no_picture_is_only_downloaded_by_those_who_see_it(
    place: Place, browser: Browser
) -> None:
    await browser.press("flow:connection-not-active")
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', browser.form("said")))
    page = ("files", ("pic\u202egnp.html.png", b"<script>alert(1)</script>", "image/png"))
    sent = await browser.client.post(f"{browser.path}/events", data=hidden | {"do": "said"}, files=[page])
    assert sent.status_code == 303
    await browser.open(browser.path)
    assert "\u202e" not in browser.page
    link = re.search(r'href="(/c/[^"]+/files/[^"]+)"', browser.page)
    assert link
    async with place.client() as stranger:
        await stranger.get("/")
        assert (await stranger.get(link[1])).status_code == 404
    answer = await browser.client.get(link[1])
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
