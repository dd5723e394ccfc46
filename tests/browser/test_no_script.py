"""Tests the page in a real browser without JavaScript, without a mouse, on a small screen."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.support.window import LABELS, PROBLEM, answer, begin, focused, press, titled, walk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


# ---------------------------------------------------------------- without JavaScript, by keyboard, on a phone


async def test_without_javascript_the_same_buttons_are_forms(tab: OpenTab) -> None:
    page = await tab(java_script_enabled=False)
    await begin(page)
    await walk(page, 4)
    await answer(page, "Back", "Check Every-Min")
    await page.locator("#later > summary").click()
    await press(page, "Tomorrow")
    await expect(page.locator(".since")).to_contain_text("I'll check in with you tomorrow")
    await page.get_by_label("Add a message").fill("blank")
    await press(page, "Send")
    await titled(page, "Check the Password box")
    await press(page, "Talk to a person")
    await expect(page.get_by_role("heading", name=re.compile("Ticket #"))).to_be_visible()
    await expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    await expect(page.get_by_label("Summary of what you've tried")).to_be_visible()
    await press(page, "Continue on another device")
    await expect(page.locator(".code svg")).to_be_visible()


async def test_the_whole_of_it_can_be_done_by_keyboard(tab: OpenTab) -> None:
    page = await tab()
    await page.keyboard.press("Tab")
    assert await focused(page) == "Skip to main content"
    for _ in range(10):
        await page.keyboard.press("Tab")
        if PROBLEM in await page.evaluate("document.activeElement.textContent"):
            break
    await page.keyboard.press("Enter")
    await titled(page, "Turn on your computer")
    await page.locator("#now").focus()
    await page.keyboard.press("Tab")
    assert await focused(page) == "do=answered:fixed"
    await page.keyboard.press("Tab")
    outline = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px", "where the focus is can be seen"
    await page.keyboard.press("Space")
    await titled(page, "Open the Web Connector")
    await page.get_by_label("Add a message").focus()
    await page.keyboard.type("which row?")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".since")).to_contain_text("Saved. If you talk to a person, they'll see it.")
    assert await focused(page) == "words", "one goes on writing where one was"
    await page.locator("#later > summary").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".since")).to_contain_text("check in with you in an hour")
    assert await focused(page) == "Later"
    await page.locator("#now").focus()
    for _ in range(4):
        await page.keyboard.press("Tab")
    assert await focused(page) == "do=back"
    await page.keyboard.press("Enter")
    await titled(page, "Turn on your computer")


async def test_a_phone_shows_it_all_without_sideways_scrolling_and_with_large_targets(tab: OpenTab) -> None:
    for width in (320, 360):
        page = await tab(viewport={"width": width, "height": 740}, is_mobile=True, has_touch=True)
        await fits(page)
        await begin(page)
        for label, title in LABELS:
            await fits(page)
            await answer(page, label, title)
        await page.locator("#details > summary").click()
        await press(page, "Continue on another device")
        await expect(page.locator(".code svg")).to_be_visible()
        await fits(page)
        await answer(page, "It works now", "Solved")
        await fits(page)


async def fits(page: Page) -> None:
    """Nothing is wider than the screen, and every button is tall enough for a thumb."""
    # What is still growing into its place has not its size yet.
    await page.evaluate("Promise.allSettled(document.getAnimations().map(each => each.finished))")
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(over) <= 0
    small = """[...document.querySelectorAll('button, summary, .button, input:not([type=hidden]), textarea')]
        .filter(e => e.checkVisibility({contentVisibilityAuto: true}) && e.getBoundingClientRect().height < 44)
        .map(e => e.outerHTML)"""
    assert await page.evaluate(small) == []
