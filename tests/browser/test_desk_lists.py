"""Tests the desk's lists in a real browser: guided conversations, and a replayed path."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.support.window import House, begin, press, walk
from tests.browser.test_desk import agent, asking, opened

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_path_is_walked_by_keys_and_without_a_script_by_links(tab: OpenTab, house: House) -> None:
    customer = await asking(tab, steps=2)
    ana = await opened(await agent(tab, house, "Ana"), customer)
    await ana.keyboard.press("p")
    await expect(ana.locator("#path")).to_be_visible()
    shown, at = ana.locator(".screen"), ana.locator("#path strong")
    for key, place, title in (
        ("ArrowRight", "2 of 4", "Open the Web Connector"),
        ("j", "3 of 4", "Turn on Auto-Run"),
        ("Home", "1 of 4", "Turn on your computer"),
        ("End", "4 of 4", "Turn on Auto-Run"),
        ("ArrowLeft", "3 of 4", "Turn on Auto-Run"),
    ):
        await ana.wait_for_load_state()
        await ana.keyboard.press(key)
        await expect(at).to_have_text(place)
        await expect(shown).to_contain_text(title)
    ben = await agent(tab, house, "Ben", java_script_enabled=False)
    await ben.goto(ana.url)
    await ben.get_by_role("link", name="Previous").click()
    await expect(ben.locator(".screen")).to_contain_text("Open the Web Connector")
    await ana.wait_for_load_state()
    await ana.keyboard.press("u")
    await expect(ana.locator("#region")).to_be_visible()


async def test_those_the_bot_guides_come_and_go_while_an_agent_looks(tab: OpenTab, house: House) -> None:
    ana = await agent(tab, house, "Ana")
    await ana.get_by_role("link", name="With the bot").click()
    await expect(ana.get_by_text("The bot isn't guiding anyone right now")).to_be_visible()
    customer = await tab()
    await begin(customer)
    await expect(ana.locator(".row")).to_have_count(1)
    await expect(ana.locator("tbody")).to_contain_text("Turn on your computer")
    await walk(customer, 1)
    await expect(ana.locator("tbody")).to_contain_text("Open the Web Connector")
    await press(customer, "Talk to a person")
    await expect(ana.locator(".row")).to_have_count(0)
    await expect(ana.locator("#tab-waiting .count")).to_have_text("1")
