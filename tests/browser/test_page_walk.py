"""Tests the page in a real browser: walking from a problem to its end, leaving and coming back."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import OpenTab
from tests.browser.support.window import (
    LABELS,
    MESSAGE,
    PROBLEM,
    House,
    answer,
    begin,
    focused,
    press,
    titled,
    walk,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


# ---------------------------------------------------------------- walking


async def test_the_shortest_way_ends_with_advice_and_one_button(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await walk(page, 1)
    await answer(page, "Fixed it", "Solved")
    await expect(page.get_by_text("bottom-right corner of the Web Connector")).to_be_visible()
    await answer(page, "It's happening again", "Open the Web Connector")


async def test_the_longest_way_ends_with_a_ticket(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await walk(page, len(LABELS))
    await expect(page.get_by_role("heading", name=re.compile(r"Ticket #\d+"))).to_be_visible()
    await expect(page.get_by_label("Summary of what you've tried")).to_have_value(
        re.compile("Save the password again")
    )
    await expect(page.get_by_role("link", name="Email support@conductor.is")).to_be_visible()
    await answer(page, "It works now", "Solved")


async def test_a_pasted_message_finds_its_guide(tab: OpenTab) -> None:
    page = await tab()
    await page.get_by_label("Or paste the error message").fill(MESSAGE)
    await press(page, "Find help")
    await titled(page, "Turn on your computer")
    await expect(page.get_by_text("Conductor can't reach the QuickBooks Web Connector")).to_be_visible()


async def test_the_next_step_comes_without_a_reload_and_takes_the_focus(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await page.evaluate("window.mark = 'still here'")
    await walk(page, 1)
    assert await page.evaluate("window.mark") == "still here"
    assert await focused(page) == "now"
    await expect(page.locator("#heard")).to_have_text("Step 2 of 5. Open the Web Connector")
    assert await page.title() == "Step 2 of 5: Open the Web Connector \u00b7 Acme Books support"
    await expect(page.locator(".last")).to_contain_text("Still failing")


async def test_back_and_start_over_return(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await walk(page, 3)
    await answer(page, "Back", "Turn on Auto-Run")
    await answer(page, "Start over", "Turn on your computer")
    await expect(page.get_by_role("button", name="Back")).to_be_disabled()


async def test_later_is_answered_where_it_was_pressed(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await page.locator("#later > summary").click()
    await press(page, "When I'm back at that computer")
    await expect(page.locator(".since")).to_contain_text("I'll wait until you're back at that computer.")
    await expect(page.locator("#heard")).to_contain_text("I'll wait until")


async def test_words_are_understood_where_they_are_plain_and_kept_where_not(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    field = page.get_by_label("Add a message")
    await field.fill("which of the three rows?")
    await press(page, "Send")
    await expect(page.locator(".since")).to_contain_text("Saved. If you talk to a person, they'll see it.")
    await expect(field).to_have_value("")
    await field.fill("still broken")
    await press(page, "Send")
    await titled(page, "Open the Web Connector")


async def test_what_is_typed_before_a_slow_answer_comes_is_kept(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    asked, go = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        answered = await route.fetch()
        asked.set()
        await go.wait()
        await route.fulfill(response=answered)

    await page.route("**/events", late)
    field = page.locator("#words")
    await field.fill("which of the three rows?")
    await press(page, "Send")
    await asyncio.wait_for(asked.wait(), 30)
    await field.fill("the second one is grey")
    go.set()
    await expect(page.get_by_text("which of the three rows?")).to_be_visible()
    await expect(field).to_have_value("the second one is grey")


async def test_talk_to_a_person_gives_the_number_at_once_and_details_may_follow(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await press(page, "Talk to a person")
    await expect(page.get_by_role("heading", name=re.compile(r"Ticket #\d+"))).to_be_focused()
    await titled(page, "Turn on your computer")
    await page.locator("#details > summary").click()
    await page.get_by_label("How can we reach you?").fill("ana@shop.example")
    await press(page, "I see a different error")
    await expect(page.get_by_role("button", name="✓ I see a different error")).to_be_disabled()
    await expect(page.get_by_label("How can we reach you?")).to_have_value("ana@shop.example")
    await press(page, "Add to ticket")
    await expect(page.get_by_label("Summary of what you've tried")).to_have_value(
        re.compile("ana@shop.example")
    )
    await press(page, "Never mind, I'll keep trying")
    await expect(page.get_by_role("heading", name=re.compile("Ticket"))).to_have_count(0)


async def test_the_summary_is_copied_with_one_press(tab: OpenTab) -> None:
    page = await tab(permissions=["clipboard-read", "clipboard-write"])
    await begin(page)
    await press(page, "Talk to a person")
    await press(page, "Copy")
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert (await page.evaluate("navigator.clipboard.readText()")).startswith("Ticket #")


# ---------------------------------------------------------------- leaving and coming back


async def test_a_reload_shows_the_same_step(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await walk(page, 3)
    await page.reload()
    await titled(page, "Check Every-Min")
    await page.goto("/")
    await page.get_by_role("link", name=PROBLEM).click()
    await titled(page, "Check Every-Min")


async def test_days_later_it_goes_on_at_the_same_place_with_the_way_back(tab: OpenTab, house: House) -> None:
    page = await tab()
    await begin(page)
    await walk(page, 2)
    there = page.url
    await page.close()
    house.place.power.later = 3 * 24 * 3600 * 1000
    again = await tab(beside=page, path=there)
    await titled(again, "Turn on Auto-Run")
    await expect(again.get_by_text("Welcome back.")).to_be_visible()
    await expect(again.locator(".again")).to_contain_text("Update Web Services")


async def test_the_browsers_own_back_button_shows_where_things_stand(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await walk(page, 2)
    await page.goto("/")
    await page.go_back()
    await titled(page, "Turn on Auto-Run")


async def test_added_details_are_confirmed_in_view_and_stay_in_their_field(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await press(page, "Talk to a person")
    await page.locator("#details > summary").click()
    await page.get_by_label("How can we reach you?").fill("+43 1 234 567")
    await page.get_by_label("Anything else?").fill("after five, please")
    await press(page, "Add to ticket")
    await expect(page.locator("#details .added")).to_contain_text("after five, please")
    await expect(page.locator("#details .added p")).to_be_in_viewport()
    await expect(page.get_by_label("How can we reach you?")).to_have_value("+43 1 234 567")
    await expect(page.get_by_label("Anything else?")).to_have_value("")
