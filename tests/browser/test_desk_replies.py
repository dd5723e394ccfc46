"""Tests saved replies on the desk in a real browser: chosen, finished and sent, with and without a script."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.support.window import House, press
from tests.browser.test_accessibility import flawless
from tests.browser.test_desk import agent, asking, box, opened

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

READY = "Hi there, this is Ana. I've read what you tried so far, and I'm looking into it now."


async def test_one_is_chosen_finished_and_sent_with_keys(tab: OpenTab, house: House, axe: str) -> None:
    ana, customer = await agent(tab, house, "Ana"), await asking(tab)
    await opened(ana, customer)
    await ana.keyboard.press("k")
    first = ana.get_by_role("link", name="Say hello")
    await expect(first).to_be_focused()
    await flawless(ana, axe, "the list is open")
    await ana.keyboard.press("Enter")
    reply = box(ana, "Reply to the customer")
    await expect(reply).to_be_focused()
    await expect(reply).to_have_value(READY)
    await ana.keyboard.type(" One moment.")
    await ana.keyboard.press("Control+Enter")
    await expect(customer.locator(".line.agent .bubble")).to_have_text(f"{READY} One moment.")


async def test_what_was_written_already_is_kept_before_it(tab: OpenTab, house: House) -> None:
    ana, customer = await agent(tab, house, "Ana"), await asking(tab)
    await opened(ana, customer)
    reply = box(ana, "Reply to the customer")
    await reply.fill("Good evening!")
    await ana.get_by_text("Saved replies").click()
    await ana.get_by_role("link", name="Say hello").click()
    await expect(reply).to_have_value(f"Good evening!\n\n{READY}")


async def test_without_a_script_it_fills_the_box_all_the_same(tab: OpenTab, house: House) -> None:
    customer = await asking(tab)
    ana = await agent(tab, house, "Ana", java_script_enabled=False)
    await opened(ana, customer)
    await ana.get_by_text("Saved replies").click()
    await ana.get_by_role("link", name="Say hello").click()
    await expect(box(ana, "Reply to the customer")).to_have_value(READY)
    await press(ana, "Send to the customer")
    await expect(customer.locator(".line.agent .bubble")).to_have_text(READY)
