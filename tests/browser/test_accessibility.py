"""Tests every kind of page with axe-core, in light and in dark, on a desktop and on a phone."""

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
PHONE = SCREENS[-1]
COLORS = "color-contrast link-in-text-block"
"""The rules of axe whose findings depend on colors. The dark differs from the light by nothing else."""


async def flawless(page: Page, axe: str, where: str, rules: str = "") -> None:
    """Let axe judge the page, by all its rules or by those given; a finding names the element that it is about."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(axe)
    asked = {"resultTypes": ["violations"]} | ({"runOnly": rules.split()} if rules else {})
    found = await page.evaluate("asked => axe.run(document, asked)", asked)
    told = [f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]]
    assert told == [], where


async def flawless_everywhere(page: Page, axe: str, where: str) -> None:
    """Let axe judge the page in light and in dark, on a desk and on a phone, and see that it fits; a phone is left.

    One page is walked for all screens: it is walked on the phone, where buttons are the hardest to reach.
    """
    for screen in SCREENS:
        scheme, size = screen["color_scheme"], screen["viewport"]
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        told = f"{where}, {scheme}, {size['width']} wide"
        await flawless(page, axe, told, COLORS if scheme == "light" else "")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), told


async def test_axe_finds_nothing_from_the_front_page_to_the_end(tab: OpenTab, axe: str) -> None:
    page = await tab(reduced_motion="reduce", **PHONE)
    await flawless_everywhere(page, axe, "front page")
    await begin(page)
    await flawless_everywhere(page, axe, "first step")
    for label, title in LABELS[:-1]:
        await answer(page, label, title)
        await flawless_everywhere(page, axe, title)
    await page.locator("#later > summary").click()
    await flawless_everywhere(page, axe, "Later")
    await page.locator("#past > summary").click()
    await page.get_by_label("Add a message").fill("which page is that?")
    await press(page, "Send")
    await expect(page.locator(".since")).to_contain_text("Saved. If you talk to a person, they'll see it.")
    await flawless_everywhere(page, axe, "words")
    await press(page, "Continue on another device")
    await expect(page.locator(".code svg")).to_be_visible()
    await flawless_everywhere(page, axe, "another device")
    await press(page, "Talk to a person")
    await page.locator("#details > summary").click()
    await press(page, "Something else")
    await expect(page.get_by_role("button", name="✓ Something else")).to_be_disabled()
    await flawless_everywhere(page, axe, "ticket beside a step")
    await answer(page, "Still failing", "Email Conductor support")
    await flawless_everywhere(page, axe, "waiting")
    await answer(page, "It works now", "Solved")
    await flawless_everywhere(page, axe, "resolved")


async def test_axe_finds_nothing_on_the_pages_beside_the_way(tab: OpenTab, axe: str, house: House) -> None:
    page = await tab(reduced_motion="reduce", **PHONE)
    await page.get_by_label("Or paste the error message").fill("the cat sits on the keyboard")
    await press(page, "Find help")
    await titled(page, "What do you need help with?")
    await flawless_everywhere(page, axe, "the question which problem it is")
    await page.goto("/")
    await flawless_everywhere(page, axe, "front page of somebody who was here")
    await page.goto("/?flow=printer-offline")
    await flawless_everywhere(page, axe, "front page with a problem picked")
    await begin(page)
    await walk(page, 1)
    house.place.power.later = 3_600_000
    await page.reload()
    await expect(page.get_by_text("Welcome back.")).to_be_visible()
    await flawless_everywhere(page, axe, "welcome back")
    token = await house.place.site.vault.put(f"web/join/{page.url.partition('/c/')[2].partition('#')[0]}", 60)
    await page.goto(f"/go/{token}")
    await flawless_everywhere(page, axe, "continue here")
    await page.goto("/c/nothing")
    await flawless_everywhere(page, axe, "not found")
    house.place.power.on = False
    await page.goto("/")
    await flawless_everywhere(page, axe, "store down")
