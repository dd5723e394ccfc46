"""Tests the page with outdated, repeated or foreign forms, on another device, and when the store is down."""

import re

import pytest

from tests.adapters.web.support.site import Place
from tests.adapters.web.support.visitor import Browser, begun

# ---------------------------------------------------------------- stale, repeated, foreign


async def test_a_form_sent_twice_counts_once(browser: Browser) -> None:
    form = (await begun(browser)).form("answered:still-failing")
    for _ in range(2):
        await browser.post(form, do="answered:still-failing")
    assert "Step 2 of 5" in browser.text
    assert "That step was already answered" not in browser.text


async def test_a_stale_button_says_where_things_stand(browser: Browser) -> None:
    form = (await begun(browser)).form("answered:still-failing")
    await browser.press("answered:still-failing")
    await browser.post(form, do="answered:fixed")
    assert "That step was already answered. Here's where you are now." in browser.text
    assert "Step 2 of 5" in browser.text


async def test_words_typed_under_a_step_that_has_passed_are_kept_and_answer_nothing(browser: Browser) -> None:
    form = (await begun(browser)).form("said")
    await browser.press("answered:still-failing")
    await browser.post(form, do="said", text="it says 1604, still failing")
    assert "it says 1604, still failing" in browser.text
    assert "Step 2 of 5" in browser.text
    await browser.post(form, do="said", text="still failing")
    assert "Step 2 of 5" in browser.text


async def test_words_for_a_turn_to_come_stay_in_the_field(browser: Browser) -> None:
    form = (await begun(browser)).form("said")
    await browser.post(form, 409, do="said", text="it says 1604", turn="9")
    assert "it says 1604</textarea>" in browser.page


async def test_two_buttons_of_one_page_both_count(browser: Browser) -> None:
    form = (await begun(browser)).form("later:hour")
    await browser.post(form, do="later:hour")
    await browser.post(form, do="escalate")
    assert "Ticket #" in browser.text


@pytest.mark.row("security", "A stranger opens someone's conversation by its id")
async def test_a_conversation_of_another_browser_is_not_found(browser: Browser, place: Place) -> None:
    await begun(browser)
    async with place.client() as client:
        stranger = await Browser(client).open(browser.path, 404)
        assert "from another browser" in stranger.text
        await stranger.open("/")
        await stranger.open(browser.path, 404)
        client.cookies.set("tt_recent", browser.path.removeprefix("/c/"))
        assert "Continue where you left off" not in (await stranger.open("/")).text, (
            "an id alone opens nothing"
        )


async def test_addresses_that_do_not_exist_are_said_kindly(browser: Browser) -> None:
    for path in (
        "/nothing",
        "/c/00unknown",
        "/c/%00",
        "/c/" + "a" * 500,
        "/static/x/nothing.css",
        "/go/nothing",
    ):
        await browser.open(path, 404)
        assert "Home" in browser.text


# ---------------------------------------------------------------- another device


async def moved(browser: Browser) -> str:
    """Ask for a link to another device. Return its path."""
    form = browser.form("escalate").replace("/events", "/link", 1)
    await browser.post(form)
    found = re.search(r'value="https://help\.example(/go/[A-Za-z0-9_-]{22,})"', browser.page)
    assert found
    assert "<svg" in browser.page.split('class="code"')[1]
    return found[1]


async def test_another_device_goes_on_by_a_link_that_works_once(browser: Browser, place: Place) -> None:
    await (await begun(browser)).press("answered:still-failing")
    there = browser.path
    link = await moved(browser)
    async with place.client() as client, place.client() as late:
        phone, third = Browser(client), Browser(late)
        for _ in range(3):
            await phone.open(link)
        assert "Continue here?" in phone.text, "a preview does not spend it"
        await third.open(link)
        await phone.post(re.findall(r"<form.*?</form>", phone.page, re.DOTALL)[0])
        assert phone.path == there
        await phone.press("answered:still-failing")
        assert "Step 3 of 5" in phone.text
        await third.post(re.findall(r"<form.*?</form>", third.page, re.DOTALL)[0], 404)
        assert "This link has expired." in third.text
        await third.open(there, 404)
    assert "Step 3 of 5" in (await browser.open(there)).text, "the first device stays in"


@pytest.mark.row("security", "A one-time link is opened twice, or something else is used as one")
async def test_a_link_is_not_anything_else_the_vault_keeps(browser: Browser, place: Place) -> None:
    token = await place.site.vault.put("something else", 60)
    await browser.open(f"/go/{token}", 404)


# ---------------------------------------------------------------- the store is down


async def test_with_the_store_down_pages_and_clicks_show_the_support_address(
    browser: Browser, place: Place
) -> None:
    form = (await begun(browser)).form("answered:still-failing")
    place.power.on = False
    await browser.open(browser.path, 503)
    assert "Contact Acme support at help@acme.example" in browser.text
    await browser.post(form, 503, do="answered:still-failing")
    assert "I can't save your answers right now" in browser.text
    assert "help@acme.example" in browser.text
    await browser.open("/", 503)
    place.power.on = True
    await browser.post(form, do="answered:still-failing")
    assert "Step 2 of 5" in browser.text, "and the same click counts once it is back"


async def test_the_front_page_of_a_new_visitor_needs_no_store(place: Place) -> None:
    place.power.on = False
    async with place.client() as client:
        browser = await Browser(client).open("/")
        await browser.press("person", 503)
        assert "help@acme.example" in browser.text


# ---------------------------------------------------------------- health


async def test_health_tells_of_the_process_and_readiness_of_the_store(place: Place) -> None:
    async with place.client() as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.head("/readyz")).status_code == 200
        place.power.problems = {"slack": "SLACK_BOT_TOKEN was revoked"}
        degraded = await client.get("/readyz")
        assert degraded.status_code == 200, "the page works without a chat platform"
        assert degraded.json() == {"status": "ok", "problems": {"slack": "SLACK_BOT_TOKEN was revoked"}}
        place.power.wrong = {"eviction": "allkeys-lru loses conversations"}
        unready = await client.get("/readyz")
        assert unready.status_code == 503
        assert unready.json() == {
            "status": "unready",
            "wrong": {"eviction": "allkeys-lru loses conversations"},
        }
        place.power.on = False
        assert (await client.get("/readyz")).json()["wrong"] == {"reachable": "no answer"}
        assert (await client.get("/healthz")).status_code == 200
