"""Tests the front page while something is open or broken: another pasted error, words about anything, notices."""

import re

from bot.wiring.app import noticeboard
from tests.adapters.web.support.embedder import MESSAGE
from tests.adapters.web.support.site import GUIDE, Place
from tests.adapters.web.support.visitor import Browser, begun
from tests.fakes.wait import until

PRINTER = "The printer is offline"


async def test_another_pasted_error_finds_its_own_guide(browser: Browser) -> None:
    first = await browser.press("text", text=MESSAGE)
    there = first.path
    await (await browser.open("/")).press("text", text=PRINTER)
    assert browser.path != there
    assert "Printer shows as offline" in browser.text
    assert PRINTER in browser.text
    await browser.open(there)
    assert PRINTER not in browser.text
    await (await browser.open("/")).press("text", text=MESSAGE)
    assert browser.path == there, "the same error belongs to the guide that is open for it"


async def test_another_error_does_not_land_in_an_open_ticket(browser: Browser) -> None:
    await browser.press("text", text=MESSAGE)
    there = (await browser.press("escalate")).path
    await (await browser.open("/")).press("text", text=PRINTER)
    assert browser.path != there
    assert "Printer shows as offline" in browser.text


async def test_words_that_may_be_about_anything_are_asked_about(browser: Browser) -> None:
    there = (await browser.press("text", text=MESSAGE)).path
    story = "it went <wrong> again & again"
    await (await browser.open("/")).press("text", text=story)
    assert "Is this about “QuickBooks Desktop connection is not active”, or something new?" in browser.text
    assert "it went &lt;wrong&gt; again &amp; again</blockquote>" in browser.page
    await browser.press(f"here:{there.removeprefix('/c/')}", text=story)
    assert browser.path == there
    assert story in browser.text


async def test_something_new_gets_a_conversation_of_its_own(browser: Browser) -> None:
    seen = {(await browser.press("text", text=MESSAGE)).path}
    for story in ("it went wrong again", "and now that, too"):
        await (await browser.open("/")).press("text", text=story)
        await browser.press("new", text=story)
        assert browser.path not in seen
        assert story in browser.text
        assert "I don't recognize that error yet" in browser.text
        seen.add(browser.path)
    await (await browser.open("/")).press("text", text="something else")
    assert "Is this about one of these, or something new?" in browser.text


async def test_words_are_said_in_nobody_elses_conversation(browser: Browser, place: Place) -> None:
    there = (await browser.press("text", text=MESSAGE)).path
    async with place.client() as other:
        stranger = await Browser(other).open("/")
        form = stranger.form("text")
        await stranger.post(form, 404, do=f"here:{there.removeprefix('/c/')}", text="hello")
        await stranger.post(form, 404, do="here:../x", text="hello")
    await browser.open(there)
    assert "hello" not in browser.text


# ---------------------------------------------------------------- notices, and what was seen


async def test_the_front_page_and_a_paused_guide_say_what_is_broken(browser: Browser, place: Place) -> None:
    await noticeboard(place.app).say(GUIDE, "The vendor is <on> it.", "Chief")
    await noticeboard(place.app).pause(GUIDE, "Chief")
    await until(lambda: place.site.notices(), 30)
    await browser.open("/")
    assert "QuickBooks Desktop connection is not active Known issue: The vendor is <on> it." in browser.text
    await begun(browser)
    assert browser.text.index("Known issue: The vendor is <on> it.") < browser.text.index(
        "This guide is paused"
    )
    assert "This guide is paused right now, so a person has to help you instead." in browser.text


async def test_a_browser_with_the_script_says_itself_what_it_has_seen(browser: Browser, place: Place) -> None:
    await (await begun(browser)).press("escalate")
    conversation = browser.path.removeprefix("/c/")
    seen = await place.site.views.seen(conversation)
    assert seen == 2, "without the script, a page that was loaded counts as seen"
    browser.client.cookies.set("tt_script", "1", domain="help.example")
    await browser.press("said", text="hello")
    assert await place.site.views.seen(conversation) == seen
    proof = re.search(r'name="proof" value="([^"]+)"', browser.page)
    assert proof
    for version in ("3", "99"):
        sent = {"proof": proof[1], "version": version}
        assert (await browser.client.post(f"{browser.path}/seen", data=sent)).status_code == 204
        assert await place.site.views.seen(conversation) == 3
    wrong = {"proof": "x", "version": "3"}
    assert (await browser.client.post(f"{browser.path}/seen", data=wrong)).status_code == 403
    odd = {"proof": proof[1], "version": "three"}
    assert (await browser.client.post(f"{browser.path}/seen", data=odd)).status_code == 422
