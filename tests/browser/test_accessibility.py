"""axe-core finds nothing on any kind of page, in light and in dark, on a desk and on a phone."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.support.window import LABELS, House, answer, begin, press, titled, walk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SCREENS: list[dict[str, Any]] = [
    {"color_scheme": "light", "viewport": {"width": 1000, "height": 800}},
    {"color_scheme": "dark", "viewport": {"width": 1000, "height": 800}},
    {"color_scheme": "light", "viewport": {"width": 360, "height": 740}},
    {"color_scheme": "dark", "viewport": {"width": 360, "height": 740}},
]


async def flawless(page: Page, axe: str, where: str) -> None:
    """Let axe judge the page; every finding is told with what it is about."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(axe)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    told = [f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]]
    assert told == [], where


@pytest.mark.parametrize(
    "screen", SCREENS, ids=lambda screen: f"{screen['color_scheme']}-{screen['viewport']['width']}"
)
async def test_axe_finds_nothing_from_the_front_page_to_the_end(
    tab: OpenTab, axe: str, screen: dict[str, Any]
) -> None:
    page = await tab(reduced_motion="reduce", **screen)
    await flawless(page, axe, "front page")
    await begin(page)
    await flawless(page, axe, "first step")
    for label, title in LABELS[:-1]:
        await answer(page, label, title)
        await flawless(page, axe, title)
    await page.locator("#later > summary").click()
    await flawless(page, axe, "Later")
    await page.locator("#past > summary").click()
    await page.get_by_label("Add a message").fill("which page is that?")
    await press(page, "Send")
    await expect(page.locator(".since")).to_contain_text("Saved. If you talk to a person, they'll see it.")
    await flawless(page, axe, "words")
    await press(page, "Continue on another device")
    await expect(page.locator(".code svg")).to_be_visible()
    await flawless(page, axe, "another device")
    await press(page, "Talk to a person")
    await page.locator("#details > summary").click()
    await press(page, "Something else")
    await expect(page.get_by_role("button", name="✓ Something else")).to_be_disabled()
    await flawless(page, axe, "ticket beside a step")
    await answer(page, "Still failing", "A person will help you")
    await flawless(page, axe, "waiting")
    await answer(page, "It works now", "Solved")
    await flawless(page, axe, "resolved")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_on_the_pages_beside_the_way(
    tab: OpenTab, axe: str, house: House, scheme: str
) -> None:
    page = await tab(color_scheme=scheme, reduced_motion="reduce")
    await page.get_by_label("Or paste the error message").fill("the cat sits on the keyboard")
    await press(page, "Find help")
    await titled(page, "What do you need help with?")
    await flawless(page, axe, "the question which problem it is")
    await page.goto("/")
    await flawless(page, axe, "front page of somebody who was here")
    await page.goto("/?flow=printer-offline")
    await flawless(page, axe, "front page with a problem picked")
    await begin(page)
    await walk(page, 1)
    house.place.power.later = 3_600_000
    await page.reload()
    await expect(page.get_by_text("Welcome back.")).to_be_visible()
    await flawless(page, axe, "welcome back")
    token = await house.place.site.vault.put(f"web/join/{page.url.partition('/c/')[2].partition('#')[0]}", 60)
    await page.goto(f"/go/{token}")
    await flawless(page, axe, "continue here")
    await page.goto("/c/nothing")
    await flawless(page, axe, "not found")
    house.place.power.on = False
    await page.goto("/")
    await flawless(page, axe, "store down")
