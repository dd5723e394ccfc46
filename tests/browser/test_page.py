"""The page in a real browser: walking it, leaving it, two at once, by keyboard, without JavaScript, on a phone."""

import re

import pytest
from playwright.async_api import Page, expect

from adapters.web.markup import MINUTES
from tests.browser.conftest import OpenTab
from tests.browser.window import LABELS, MESSAGE, PROBLEM, House, answer, begin, press, titled, walk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def focused(page: Page) -> str:
    """The id, name and value, or text of what has the focus."""
    script = "(e => e.id || (e.name ? `${e.name}=${e.value}` : e.textContent.trim()))(document.activeElement)"
    return str(await page.evaluate(script))


# ---------------------------------------------------------------- walking


async def test_the_shortest_way_ends_with_advice_and_one_button(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await walk(page, 1)
    await answer(page, "Fixed it", "Solved")
    await expect(page.get_by_text("bottom-right corner of the Web Connector")).to_be_visible()
    await answer(page, "It's back", "Open the Web Connector")


async def test_the_longest_way_ends_with_a_ticket(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await walk(page, len(LABELS))
    await expect(page.get_by_role("heading", name=re.compile(r"Ticket #\d+"))).to_be_visible()
    await expect(page.get_by_label("Summary of what was tried")).to_have_value(
        re.compile("Save the password again")
    )
    await expect(page.get_by_role("link", name="Write to support@conductor.is")).to_be_visible()
    await answer(page, "It works now", "Solved")


async def test_a_pasted_message_finds_its_guide(tab: OpenTab) -> None:
    page = await tab()
    await page.get_by_label("Or paste the error message").fill(MESSAGE)
    await press(page, "Find help")
    await titled(page, "Is your computer on?")
    await expect(page.get_by_text("Conductor cannot reach the QuickBooks Web Connector")).to_be_visible()


async def test_the_next_step_comes_without_a_reload_and_takes_the_focus(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await page.evaluate("window.mark = 'still here'")
    await walk(page, 1)
    assert await page.evaluate("window.mark") == "still here"
    assert await focused(page) == "now"
    await expect(page.locator("#heard")).to_have_text("Step 2 of 5. Open the Web Connector")
    assert await page.title() == "Step 2 of 5: Open the Web Connector \u2013 Acme Books support"
    await expect(page.locator(".last")).to_contain_text("Still failing")


async def test_back_and_start_over_return(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await walk(page, 3)
    await answer(page, "Back", "Turn on Auto-Run")
    await answer(page, "Start over", "Is your computer on?")
    await expect(page.get_by_role("button", name="Back")).to_be_disabled()


async def test_later_is_answered_where_it_was_pressed(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await page.locator("#later > summary").click()
    await press(page, "When I'm at that computer")
    await expect(page.locator(".since")).to_contain_text(
        "I'll stay quiet until you are back at that computer."
    )
    await expect(page.locator("#heard")).to_contain_text("I'll stay quiet")


async def test_words_are_understood_where_they_are_plain_and_kept_where_not(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    field = page.get_by_label("Write what you see")
    await field.fill("which of the three rows?")
    await press(page, "Send")
    await expect(page.locator(".since")).to_contain_text("I have kept your words")
    await expect(field).to_have_value("")
    await field.fill("still broken")
    await press(page, "Send")
    await titled(page, "Open the Web Connector")


async def test_talk_to_a_person_gives_the_number_at_once_and_details_may_follow(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await press(page, "Talk to a person")
    await expect(page.get_by_role("heading", name=re.compile(r"Ticket #\d+"))).to_be_focused()
    await titled(page, "Is your computer on?")
    await page.locator("#details > summary").click()
    await page.get_by_label("How can we reach you?").fill("ana@shop.example")
    await press(page, "I see a different error")
    await expect(page.get_by_role("button", name="✓ I see a different error")).to_be_disabled()
    await expect(page.get_by_label("How can we reach you?")).to_have_value("ana@shop.example")
    await press(page, "Add to the ticket")
    await expect(page.get_by_label("Summary of what was tried")).to_have_value(re.compile("ana@shop.example"))
    await press(page, "Never mind, I'll go on with the guide")
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
    await titled(page, "Look at Every-Min")
    await page.goto("/")
    await page.get_by_role("link", name=PROBLEM).click()
    await titled(page, "Look at Every-Min")


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


# ---------------------------------------------------------------- two at once


async def test_a_stale_button_of_an_old_tab_says_where_things_stand(tab: OpenTab) -> None:
    old = await tab()
    await begin(old)
    await old.route("**/stream", lambda route: route.abort())
    await old.reload()
    new = await tab(beside=old, path=old.url)
    await walk(new, 2)
    await press(old, "Fixed it")
    await titled(old, "Turn on Auto-Run")
    await expect(old.locator("#notice")).to_contain_text("That was answered already.")
    await expect(old.locator("#notice")).to_be_focused()


async def test_two_tabs_show_the_same_step(tab: OpenTab) -> None:
    one = await tab()
    await begin(one)
    two = await tab(beside=one, path=one.url)
    await titled(two, "Is your computer on?")
    await walk(one, 1)
    await titled(two, "Open the Web Connector")
    await answer(two, "Still failing", "Turn on Auto-Run")
    await titled(one, "Turn on Auto-Run")


async def test_news_takes_neither_the_focus_nor_what_was_typed(tab: OpenTab) -> None:
    one = await tab()
    await begin(one)
    two = await tab(beside=one, path=one.url)
    field = two.get_by_label("Write what you see")
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
    for page in (one, two):
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
    await expect(page.get_by_text(f"within {MINUTES} minutes")).to_be_visible()
    assert await page.locator(".code svg path").count() > 0
    address = await page.get_by_label("Address").input_value()
    phone = await tab(path=address, viewport={"width": 360, "height": 740})
    await press(phone, "Continue here")
    await titled(phone, "Turn on Auto-Run")
    await answer(phone, "Still failing", "Look at Every-Min")
    await titled(page, "Look at Every-Min")


# ---------------------------------------------------------------- when the network or the store is away


async def test_without_a_network_nothing_is_lost_and_the_buttons_come_back(tab: OpenTab) -> None:
    page = await tab()
    await begin(page)
    await page.get_by_label("Write what you see").fill("half a sentence")
    await page.context.set_offline(True)
    await press(page, "Still failing")
    await expect(page.locator("#notice")).to_contain_text("You seem to be offline.")
    await expect(page.get_by_role("button", name="Still failing")).to_be_enabled()
    await page.context.set_offline(False)
    await answer(page, "Still failing", "Open the Web Connector")
    await expect(page.get_by_label("Write what you see")).to_have_value("half a sentence")


async def test_with_the_store_down_a_click_shows_the_support_address_and_works_later(
    tab: OpenTab, house: House
) -> None:
    page = await tab()
    await begin(page)
    house.place.power.on = False
    await press(page, "Still failing")
    await expect(page.locator("#notice")).to_contain_text("Acme support help@acme.example")
    house.place.power.on = True
    await answer(page, "Still failing", "Open the Web Connector")


# ---------------------------------------------------------------- without JavaScript, by keyboard, on a phone


async def test_without_javascript_the_same_buttons_are_forms(tab: OpenTab) -> None:
    page = await tab(java_script_enabled=False)
    await begin(page)
    await walk(page, 4)
    await answer(page, "Back", "Look at Every-Min")
    await page.locator("#later > summary").click()
    await press(page, "Tomorrow")
    await expect(page.locator(".since")).to_contain_text("I'll ask tomorrow")
    await page.get_by_label("Write what you see").fill("blank")
    await press(page, "Send")
    await titled(page, "Look at the Password box")
    await press(page, "Talk to a person")
    await expect(page.get_by_role("heading", name=re.compile("Ticket #"))).to_be_visible()
    await expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    await expect(page.get_by_label("Summary of what was tried")).to_be_visible()
    await press(page, "Continue on another device")
    await expect(page.locator(".code svg")).to_be_visible()


async def test_the_whole_of_it_can_be_done_by_keyboard(tab: OpenTab) -> None:
    page = await tab()
    await page.keyboard.press("Tab")
    assert await focused(page) == "Skip to the content"
    for _ in range(10):
        await page.keyboard.press("Tab")
        if PROBLEM in await page.evaluate("document.activeElement.textContent"):
            break
    await page.keyboard.press("Enter")
    await titled(page, "Is your computer on?")
    await page.locator("#now").focus()
    await page.keyboard.press("Tab")
    assert await focused(page) == "do=answered:fixed"
    await page.keyboard.press("Tab")
    outline = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px", "where the focus is can be seen"
    await page.keyboard.press("Space")
    await titled(page, "Open the Web Connector")
    for _ in range(3):
        await page.keyboard.press("Tab")
    assert await focused(page) == "do=back"
    await page.keyboard.press("Enter")
    await titled(page, "Is your computer on?")


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
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(over) <= 0
    small = """[...document.querySelectorAll('button, summary, .button, input:not([type=hidden]), textarea')]
        .filter(e => e.checkVisibility({contentVisibilityAuto: true}) && e.getBoundingClientRect().height < 44)
        .map(e => e.outerHTML)"""
    assert await page.evaluate(small) == []
