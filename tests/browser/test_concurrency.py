"""Tests the page in a real browser: two tabs, another device, double clicks, and a network or store that is down."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from adapters.web.page.markup import MINUTES
from tests.browser.conftest import OpenTab
from tests.browser.support.window import House, answer, begin, press, titled, walk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


# ---------------------------------------------------------------- two at once


async def test_a_stale_button_of_an_old_tab_says_where_things_stand(tab: OpenTab) -> None:
    old = await tab()
    await begin(old)
    await old.route("**/stream", lambda route: route.abort())
    await old.reload()
    await old.route("**/c/*", lambda route: route.abort())
    new = await tab(beside=old, path=old.url)
    await walk(new, 2)
    await press(old, "Fixed it")
    await titled(old, "Turn on Auto-Run")
    await expect(old.locator("#notice")).to_contain_text("That step was already answered.")
    await expect(old.locator("#notice")).to_be_focused()


async def test_two_tabs_show_the_same_step(tab: OpenTab) -> None:
    one = await tab()
    await begin(one)
    two = await tab(beside=one, path=one.url)
    await titled(two, "Turn on your computer")
    await walk(one, 1)
    await titled(two, "Open the Web Connector")
    await answer(two, "Still failing", "Turn on Auto-Run")
    await titled(one, "Turn on Auto-Run")


async def test_news_takes_neither_the_focus_nor_what_was_typed(tab: OpenTab) -> None:
    one = await tab()
    await begin(one)
    two = await tab(beside=one, path=one.url)
    field = two.get_by_label("Add a message")
    await field.press_sequentially("it says 1604 and")
    await field.press("ArrowLeft")
    await walk(one, 1)
    await titled(two, "Open the Web Connector")
    await expect(field).to_be_focused()
    await two.keyboard.type("X")
    await expect(field).to_have_value("it says 1604 anXd")


async def test_one_wins_when_two_tabs_press_at_once(tab: OpenTab, house: House) -> None:
    one = await tab()
    await begin(one)
    two = await tab(beside=one, path=one.url)
    both = asyncio.Barrier(2)

    async def held(route: Route) -> None:
        """Neither is sent before both have been pressed, else the first one's news may reach the second tab."""
        await both.wait()
        await route.continue_()

    for page in (one, two):
        await page.route("**/events", held)
        await page.evaluate("document.querySelector('[value=\"answered:still-failing\"]').click()")
    for page in (one, two):
        await titled(page, "Open the Web Connector")
    found = await house.place.site.look(one.url.partition("/c/")[2].partition("#")[0])
    assert found
    assert found.conversation.path == ("computer-on",)


async def test_a_double_click_counts_once(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await page.get_by_role("button", name="Still failing").dblclick()
    await titled(page, "Open the Web Connector")
    await expect(page.locator("#notice")).to_have_count(0)


async def test_another_device_goes_on_at_the_same_step(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await walk(page, 2)
    await press(page, "Continue on another device")
    await expect(page.get_by_role("heading", name="Continue on another device")).to_be_focused()
    await expect(page.get_by_text(f"expires in {MINUTES} minutes")).to_be_visible()
    assert await page.locator(".code svg path").count() > 0
    address = await page.get_by_label("Link", exact=True).input_value()
    phone = await tab(path=address, viewport={"width": 360, "height": 740})
    await press(phone, "Continue here")
    await titled(phone, "Turn on Auto-Run")
    await answer(phone, "Still failing", "Check Every-Min")
    await titled(page, "Check Every-Min")


# ---------------------------------------------------------------- when the network or the store is away


async def test_without_a_network_nothing_is_lost_and_the_buttons_come_back(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await page.get_by_label("Add a message").fill("half a sentence")
    await page.context.set_offline(True)
    await press(page, "Still failing")
    await expect(page.locator("#notice")).to_contain_text("You're offline.")
    await expect(page.get_by_role("button", name="Still failing")).to_be_enabled()
    await page.context.set_offline(False)
    await answer(page, "Still failing", "Open the Web Connector")
    await expect(page.get_by_label("Add a message")).to_have_value("half a sentence")


async def test_with_the_store_down_a_click_shows_the_support_address_and_works_later(
    tab: OpenTab, house: House
) -> None:
    page = await tab()
    await begin(page)
    house.place.power.on = False
    await press(page, "Still failing")
    await expect(page.locator("#notice")).to_contain_text("Contact Acme support at help@acme.example")
    house.place.power.on = True
    await answer(page, "Still failing", "Open the Web Connector")
