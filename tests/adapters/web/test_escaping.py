"""Tests that templates show as text what people bring: in forms, addresses, names of files and names of accounts."""

import pytest

from tests.adapters.web.support.agent import hidden, signed_in
from tests.adapters.web.support.site import Place
from tests.adapters.web.support.visitor import Browser, begun

SCRIPT = "\"><script>alert(1)</script>'"


@pytest.mark.row("security", "What people write runs as a script in someone's browser")
async def test_templates_show_as_text_what_people_bring(place: Place) -> None:
    async with place.client() as client, place.client() as desk:
        browser = Browser(client)
        pages = {"an address": (await client.get("/", params={"text": SCRIPT})).text}
        await begun(await browser.open("/"))
        fields = hidden(browser.page, f"{browser.path}/events") | {"do": "said", "text": SCRIPT}
        file = {"files": (f"{SCRIPT}.txt", b"x", "text/plain")}
        await client.post(f"{browser.path}/events", data=fields, files=file)
        pages["a customer's page"] = (await browser.open(browser.path)).page
        pages["a refused form"] = (await client.post("/start", data=fields | {"do": "other"})).text

        ana = await signed_in(place, desk, SCRIPT[:40], "admin")
        pages["the queue"] = ana.page
        pages["a search"] = (await ana.open(f"/desk/find?q={SCRIPT}")).page
        pages["the desk"] = (await ana.open(f"/desk{browser.path}")).page
        pages["accounts"] = (await ana.open("/desk/accounts")).page
    for where, page in pages.items():
        assert "<script>alert" not in page, where
        assert "&lt;script&gt;alert" in page, where
