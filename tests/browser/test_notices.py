"""Tests notices in a real browser: an admin sets one, customers read it, agents see who set it; small screens."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.support.window import House, begin, press
from tests.browser.test_accessibility import PHONE, flawless_everywhere
from tests.browser.test_desk import agent, asking, opened
from tests.fakes.wait import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TITLE = "QuickBooks Desktop connection is not active"


async def test_a_notice_is_set_read_by_a_customer_and_taken_back(tab: OpenTab, house: House) -> None:
    chief, ana = await agent(tab, house, "Chief", "admin"), await agent(tab, house, "Ana")
    await chief.get_by_role("link", name="Notices").click()
    section = chief.get_by_role("region", name=TITLE)
    await section.get_by_role("textbox").fill("The vendor knows, and is on it.")
    await section.get_by_role("button", name="Post notice").click()
    await expect(section.get_by_text("Posted by Chief")).to_be_visible()
    await expect(section.locator(".read")).to_contain_text("Known issue: The vendor knows, and is on it.")
    customer = await tab()
    await begin(customer)

    async def told() -> bool:
        await customer.reload()
        return "The vendor knows, and is on it." in await customer.locator("main").inner_text()

    await until(told, 30)
    await ana.reload()
    await ana.get_by_role("link", name=TITLE).click()
    await expect(ana.get_by_text("Only admins can make changes.")).to_be_visible()
    await expect(ana.get_by_role("textbox")).to_have_count(0)
    await section.get_by_role("button", name="Remove notice").click()
    await expect(section.get_by_text("No notice")).to_be_visible()
    await expect(chief.locator(".deeds li")).to_have_count(2)


async def test_a_guide_is_paused_by_two_presses_and_goes_on_by_one(tab: OpenTab, house: House) -> None:
    chief = await agent(tab, house, "Chief", "admin", java_script_enabled=False)
    await chief.goto("/desk/notices")
    section = chief.get_by_role("region", name=TITLE)
    await section.locator("summary").click()
    await section.get_by_role("button", name="Send everyone to an agent").click()
    await expect(section.get_by_text("Customers go straight to an agent.")).to_be_visible()
    await section.get_by_role("button", name="Resume guide").click()
    await expect(section.get_by_text("No notice")).to_be_visible()


async def test_what_was_snoozed_is_put_back_into_sight(tab: OpenTab, house: House) -> None:
    ana, customer = await agent(tab, house, "Ana"), await asking(tab)
    await opened(ana, customer)
    await ana.keyboard.press("z")
    await ana.get_by_role("button", name="Snooze", exact=True).click()
    await expect(ana.locator(".heading .badge")).to_have_text("Snoozed")
    await press(ana, "Unsnooze")
    await expect(ana.locator(".heading .badge")).to_have_text("Needs reply")
    await expect(ana.locator("#snoozing")).to_be_visible()


async def test_axe_finds_nothing_on_notices(tab: OpenTab, house: House, axe: str) -> None:
    chief = await agent(tab, house, "Chief", "admin", reduced_motion="reduce", **PHONE)
    await chief.goto("/desk/notices")
    await flawless_everywhere(chief, axe, "nothing")
    sections = chief.locator(".outage")
    await sections.nth(0).get_by_role("textbox").fill("x" * 120)
    await sections.nth(0).get_by_role("button", name="Post notice").click()
    await expect(sections.nth(0).locator(".read")).to_be_visible()
    await sections.nth(1).locator("summary").click()
    await flawless_everywhere(chief, axe, "about to pause")
    await sections.nth(1).get_by_role("button", name="Send everyone to an agent").click()
    await expect(sections.nth(1).get_by_text("Customers go straight to an agent.")).to_be_visible()
    await flawless_everywhere(chief, axe, "a notice, and a guide that is paused")
    await chief.goto("/desk")
    await expect(chief.get_by_role("heading", name="Active incidents")).to_be_visible()
    await flawless_everywhere(chief, axe, "the queue")
    await chief.goto("/desk/notices")
    await (
        sections.nth(0)
        .get_by_role("textbox")
        .evaluate("box => { box.removeAttribute('maxlength'); box.value = 'x'.repeat(301) }")
    )
    await sections.nth(0).get_by_role("button", name="Update notice").click()
    await expect(chief.get_by_role("alert")).to_contain_text("A notice must have 1 to 300 characters")
    await flawless_everywhere(chief, axe, "a notice that was not taken")
