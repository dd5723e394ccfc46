"""Tests in a real browser how the page asks what a customer's words meant."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.adapters.web.support.site import Place, open_place
from tests.browser.conftest import OpenTab
from tests.browser.support.window import begin, focused, press, titled
from tests.browser.test_accessibility import PHONE, flawless_everywhere
from tests.fakes.encoder import WordEncoder

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

QUESTION = "Sounds like it's working now. Is it fixed?"


@pytest_asyncio.fixture(loop_scope="session")
async def place() -> AsyncIterator[Place]:
    """Compose the product with an encoder, on a store in memory."""
    async with open_place(encoder=WordEncoder()) as opened:
        yield opened


async def say(page: Page, words: str) -> None:
    """Write a message and send it."""
    await page.get_by_label("Add a message").fill(words)
    await press(page, "Send")


async def test_the_question_takes_the_focus_and_is_in_view_with_its_buttons(tab: OpenTab) -> None:
    page = await tab(viewport={"width": 390, "height": 844})
    await begin(page)
    await say(page, "we are sailing again")
    await expect(page.locator("#asked")).to_have_text(QUESTION)
    assert await focused(page) == "asked"
    for label in ("Yes, fixed", "No"):
        await expect(page.get_by_role("button", name=label, exact=True)).to_be_in_viewport(ratio=1)
    await expect(page.locator("#heard")).to_have_text(QUESTION)
    await expect(page.get_by_text(QUESTION)).to_have_count(2)  # one is what a screen reader hears


async def test_a_yes_moves_on_and_the_question_is_gone(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await say(page, "we are sailing again")
    await press(page, "Yes, fixed")
    await titled(page, "Solved")
    await expect(page.locator("#asked")).to_have_count(0)
    assert await focused(page) == "now"


async def test_a_no_is_heard_and_what_is_typed_meanwhile_stays(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await say(page, "we are sailing again")
    await page.get_by_label("Add a message").fill("well, almost")
    await press(page, "No")
    await expect(page.locator("#asked")).to_have_count(0)
    await expect(page.locator("#heard")).to_contain_text("What you said is saved.")
    await expect(page.locator(".since")).to_contain_text(QUESTION)
    await expect(page.get_by_label("Add a message")).to_have_value("well, almost")


async def test_a_question_that_follows_another_is_announced_and_focused(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await say(page, "we are sailing again")
    await expect(page.locator("#asked")).to_have_text(QUESTION)
    await say(page, "a human being would be nice")
    await expect(page.locator("#asked")).to_have_text("Would you like to talk to a person?")
    assert await focused(page) == "asked"
    await expect(page.locator("#heard")).to_have_text("Would you like to talk to a person?")


async def test_another_tab_asks_as_well_and_keeps_its_focus(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    other = await tab(beside=page, path=page.url)
    await other.get_by_label("Add a message").focus()
    await say(page, "we are sailing again")
    await expect(other.locator("#asked")).to_have_text(QUESTION)
    assert await focused(other) == "words"
    await press(other, "No")
    await expect(page.locator("#asked")).to_have_count(0)


async def test_axe_finds_nothing_in_a_question(tab: OpenTab, axe: str) -> None:
    page = await tab(reduced_motion="reduce", **PHONE)
    await begin(page)
    await say(page, "we are sailing again")
    await expect(page.locator("#asked")).to_have_text(QUESTION)
    await flawless_everywhere(page, axe, "a question")
    await press(page, "Yes, fixed")
    await titled(page, "Solved")
    await say(page, "it came back to haunt me")
    await expect(page.locator("#asked")).to_have_text(
        "Sounds like the problem is back. Is it happening again?"
    )
    await flawless_everywhere(page, axe, "a question at the end")
