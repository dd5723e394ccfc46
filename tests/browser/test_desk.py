"""Tests the desk in a real browser: two agents and a customer at once, shortcuts, drafts, small screens, axe-core."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from bot.ports import Role
from bot.wiring.demo import seed
from tests.browser.conftest import OpenTab
from tests.browser.support.window import House, answer, begin, press, titled, walk
from tests.browser.test_accessibility import PHONE, flawless_everywhere

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def agent(tab: OpenTab, house: House, name: str, role: Role = "agent", **context: Any) -> Page:
    """Somebody who has come in by an invitation."""
    assert house.place.site.desk is not None
    token = await house.place.site.desk.sign_in.invite(role, name)
    page = await tab(path=f"/desk/in/{token}", **context)
    await press(page, "Sign in")
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    return page


async def asking(tab: OpenTab, steps: int = 2) -> Page:
    """A customer who walked a little and asked for a person."""
    page = await tab()
    await begin(page)
    await walk(page, steps)
    await press(page, "Talk to a person")
    await expect(page.locator("#ticket")).to_be_visible()
    return page


async def opened(page: Page, customer: Page) -> Page:
    """The agent's page on that customer's conversation, by its address."""
    await page.get_by_label("Ticket number or conversation link").fill(customer.url)
    await press(page, "Open")
    await expect(page.locator("#region")).to_be_visible()
    return page


def box(page: Page, name: str) -> Any:
    return page.get_by_role("textbox", name=name)


# ---------------------------------------------------------------- two agents and a customer at once


async def test_two_agents_and_a_customer_from_asking_to_solved(tab: OpenTab, house: House) -> None:
    ana, ben = await agent(tab, house, "Ana"), await agent(tab, house, "Ben")
    await expect(ana.get_by_text("No one is waiting")).to_be_visible()
    customer = await asking(tab)
    await expect(ana.locator(".row")).to_have_count(1)
    assert (await ana.title()).startswith("(1) Queue")
    await ana.locator(".row").click()
    await ben.locator(".row").click()
    # One claims; the other sees it without asking, and is told when they try all the same.
    stale = ben.get_by_role("button", name="Claim")
    await ben.route("**/desk/c/*", lambda route: route.abort())
    await press(ana, "Claim")
    await expect(ana.get_by_role("button", name="Release")).to_be_visible()
    await titled(customer, "You're talking to Ana")
    await stale.click()
    await expect(ben.locator("#notice")).to_contain_text("assigned to Ana")
    await ben.unroute("**/desk/c/*")
    await expect(box(ben, "Reply to the customer")).not_to_be_editable()
    # A note stays, a reply arrives with a name.
    await box(ben, "Internal note").fill("zebra: they called last week")
    await press(ben, "Add note")
    await expect(ana.locator(".by-note")).to_contain_text("zebra")
    await box(ana, "Reply to the customer").fill("Hello, I am looking at it.")
    await box(ana, "Reply to the customer").press("Control+Enter")
    await expect(customer.locator(".since .line.agent")).to_contain_text("Hello, I am looking at it.")
    await expect(customer.locator(".since .line.agent .by")).to_contain_text("Ana")
    await customer.get_by_label("Message Ana").fill("Thank you, Ana")
    await press(customer, "Send")
    await expect(ana.locator(".by-said").last).to_contain_text("Thank you, Ana")
    # Handed back at a step, with one ticked; the customer goes on and fixes it.
    await ana.locator("#hand-back > summary").click()
    await ana.get_by_label("Continue at").select_option("every-min")
    await ana.get_by_text("Mark steps as done").click()
    await ana.get_by_label("Turn on Auto-Run").check()
    await press(ana, "Hand back")
    await titled(customer, "Check Every-Min")
    await answer(customer, "Has a value", "First, find your setup guide")
    await answer(customer, "I have it", "Reset Every-Min")
    await answer(customer, "Fixed it", "Solved")
    await expect(ana.locator(".badge")).to_have_text("Resolved")
    await expect(ben.locator(".trail")).to_contain_text("Turn on Auto-Run")
    assert "zebra" not in await customer.content()


async def test_a_note_that_begins_as_a_reply_is_asked_about(tab: OpenTab, house: House) -> None:
    ana, customer = await agent(tab, house, "Ana"), await asking(tab)
    await opened(ana, customer)
    await box(ana, "Internal note").fill("!have you tried the other computer")
    await press(ana, "Add note")
    await expect(ana.locator("#doubt")).to_be_focused()
    await expect(ana.locator("#doubt")).to_contain_text("Did you mean to send it to the customer?")
    await expect(customer.locator(".line.agent")).to_have_count(0)
    await ana.locator("#doubt").get_by_role("button", name="Send to the customer").click()
    await expect(customer.locator(".line.agent .bubble")).to_have_text("have you tried the other computer")
    await expect(ana.locator("#doubt")).to_have_count(0)
    await expect(box(ana, "Internal note")).to_have_value("")


async def test_drafts_survive_news_and_a_reload_each_in_its_own_box(tab: OpenTab, house: House) -> None:
    ana, customer = await agent(tab, house, "Ana"), await asking(tab)
    await opened(ana, customer)
    await box(ana, "Internal note").fill("for us alone")
    reply = box(ana, "Reply to the customer")
    await reply.press_sequentially("half a sentence")
    await reply.press("ArrowLeft")
    await customer.get_by_label("Add a message").fill("the box says nothing")
    await press(customer, "Send")
    await expect(ana.locator(".by-said").last).to_contain_text("the box says nothing")
    await expect(reply).to_be_focused()
    await ana.keyboard.type("X")
    await expect(reply).to_have_value("half a sentencXe")
    await ana.reload()
    await expect(reply).to_have_value("half a sentencXe")
    await expect(box(ana, "Internal note")).to_have_value("for us alone")


async def test_a_person_who_is_put_out_sees_nothing_more(tab: OpenTab, house: House) -> None:
    ana, customer = await agent(tab, house, "Ana"), await asking(tab)
    chief = await agent(tab, house, "Chief", "admin")
    await opened(ana, customer)
    await chief.get_by_role("link", name="Accounts").click()
    await chief.get_by_text("Remove Ana").first.click()
    await press(chief, "Remove Ana now")
    await expect(chief.get_by_text("Ana", exact=True)).to_have_count(0)
    await box(ana, "Reply to the customer").fill("Hello?")
    await press(ana, "Send to the customer")
    await expect(ana.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
    await expect(customer.locator(".line.agent")).to_have_count(0)


# ---------------------------------------------------------------- keys


async def test_everything_is_done_with_keys(tab: OpenTab, house: House) -> None:
    ana, customer = await agent(tab, house, "Ana"), await asking(tab)
    await expect(ana.locator(".row")).to_have_count(1)
    await ana.keyboard.press("j")
    await expect(ana.locator(".row").first).to_be_focused()
    await ana.keyboard.press("Enter")
    await expect(ana.locator("#region")).to_be_visible()
    await ana.keyboard.press("?")
    await expect(ana.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    await ana.keyboard.press("Escape")
    await ana.keyboard.press("c")
    await expect(ana.get_by_role("button", name="Release")).to_be_visible()
    await ana.keyboard.press("r")
    await ana.keyboard.type("chat, not keys")
    await ana.keyboard.press("Control+Enter")
    await expect(customer.locator(".line.agent .bubble")).to_have_text("chat, not keys")
    await ana.keyboard.press("Escape")
    await ana.keyboard.press("n")
    await expect(box(ana, "Internal note")).to_be_focused()
    await ana.keyboard.press("Escape")
    await ana.keyboard.press("h")
    await expect(ana.get_by_label("Continue at")).to_be_focused()
    await ana.keyboard.press("Escape")
    await ana.keyboard.press("e")
    await expect(ana.get_by_label("What fixed it?")).to_be_focused()
    await ana.keyboard.press("Escape")
    await ana.keyboard.press("x")
    await expect(ana.locator(".badge")).to_have_text("Waiting on customer")
    await ana.keyboard.press("u")
    await expect(ana.get_by_role("heading", name="Queue")).to_be_visible()


async def test_what_is_begun_before_a_slow_answer_comes_is_left_alone(tab: OpenTab, house: House) -> None:
    ana, customer = await agent(tab, house, "Ana"), await asking(tab)
    await opened(ana, customer)
    go = asyncio.Event()

    async def late(route: Route) -> None:
        """The reply is recorded at once, and its answer is slow."""
        answer = await route.fetch()
        await go.wait()
        await route.fulfill(response=answer)

    await ana.route("**/reply", late)
    await box(ana, "Reply to the customer").fill("One moment.")
    await box(ana, "Reply to the customer").press("Control+Enter")
    await expect(customer.locator(".line.agent .bubble")).to_have_text("One moment.")
    await box(ana, "Reply to the customer").fill("And which version is it?")
    await box(ana, "Reply to the customer").press("Escape")
    await ana.keyboard.press("e")
    await ana.get_by_label("What fixed it?").select_option(index=2)
    chosen = await ana.get_by_label("What fixed it?").input_value()
    go.set()
    await expect(ana.locator(".by-reply")).to_contain_text("One moment.")
    await expect(ana.get_by_label("What fixed it?")).to_be_focused()
    await expect(ana.get_by_label("What fixed it?")).to_have_value(chosen)
    await expect(box(ana, "Reply to the customer")).to_have_value("And which version is it?")


async def test_single_letters_can_be_switched_off(tab: OpenTab, house: House) -> None:
    ana, customer = await agent(tab, house, "Ana"), await asking(tab)
    await opened(ana, customer)
    await ana.keyboard.press("?")
    await ana.get_by_label("Use single-key shortcuts").uncheck()
    await press(ana, "Close")
    await ana.keyboard.press("n")
    await expect(box(ana, "Internal note")).not_to_be_focused()
    await ana.reload()
    await ana.keyboard.press("c")
    await expect(ana.get_by_role("button", name="Claim")).to_be_visible()


async def test_news_in_the_queue_leaves_the_focus_where_it_was(tab: OpenTab, house: House) -> None:
    ana = await agent(tab, house, "Ana")
    await asking(tab)
    await expect(ana.locator(".row")).to_have_count(1)
    await ana.locator(".row").first.focus()
    await asking(tab)
    await expect(ana.locator(".row")).to_have_count(2)
    await expect(ana.locator(".row").first).to_be_focused()
    await expect(ana.locator("#heard")).to_have_text("2 waiting")


# ---------------------------------------------------------------- other eyes, small screens, no script


async def test_axe_finds_nothing_on_the_desk_and_its_lists(tab: OpenTab, house: House, axe: str) -> None:
    await seed(house.place.app.receive, house.place.app.store.views)
    outside = await tab(path="/desk/sign-in", reduced_motion="reduce", **PHONE)
    await flawless_everywhere(outside, axe, "sign in")
    ana = await agent(tab, house, "Ana", "admin", reduced_motion="reduce", **PHONE)
    for which in ("waiting", "open", "mine", "guiding", "resolved"):
        await ana.goto(f"/desk?tab={which}")
        await flawless_everywhere(ana, axe, which)
    await ana.goto("/desk/accounts")
    await ana.get_by_label("Name (optional)").fill("Ben")
    await press(ana, "Create invite link")
    await flawless_everywhere(ana, axe, "accounts")
    await ana.goto("/desk/c/nothing")
    await flawless_everywhere(ana, axe, "not found")


async def test_axe_finds_nothing_on_a_conversation_of_the_desk(tab: OpenTab, house: House, axe: str) -> None:
    await seed(house.place.app.receive, house.place.app.store.views)
    ana = await agent(tab, house, "Ana", "admin", reduced_motion="reduce", **PHONE)
    for name in ("Maria Lopez", "Aisha Khan", "Jonas Weber"):
        await ana.goto("/desk?tab=open")
        await ana.get_by_role("link", name=name).click()
        await flawless_everywhere(ana, axe, name)
    await ana.keyboard.press("p")
    await expect(ana.get_by_role("heading", name="Jonas Weber's path")).to_be_visible()
    await flawless_everywhere(ana, axe, "the path")
    await ana.go_back()
    await press(ana, "Claim")
    await expect(ana.get_by_role("button", name="Release")).to_be_visible()
    for act in await ana.locator(".act > summary").all():
        await act.click()
    await ana.get_by_text("Mark steps as done").click()
    await flawless_everywhere(ana, axe, "all actions")
    await ana.locator("#note").fill("!what is this")
    await press(ana, "Add note")
    await expect(ana.locator("#doubt")).to_be_visible()
    await flawless_everywhere(ana, axe, "a doubtful note")


async def test_without_javascript_an_agent_helps_all_the_same(tab: OpenTab, house: House) -> None:
    customer = await asking(tab)
    ana = await agent(tab, house, "Ana", java_script_enabled=False)
    await ana.get_by_role("link", name="Customer").first.click()
    await press(ana, "Claim")
    await box(ana, "Internal note").fill("quiet")
    await press(ana, "Add note")
    await box(ana, "Reply to the customer").fill("Without a script")
    await press(ana, "Send to the customer")
    await expect(customer.locator(".line.agent .bubble")).to_have_text("Without a script")
    await ana.locator("#resolving > summary").click()
    await ana.get_by_label("What fixed it?").select_option(index=0)
    await ana.get_by_role("button", name="Resolve").click()
    await titled(customer, "Solved")
    await ana.get_by_role("button", name="Sign out").click()
    await expect(ana.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
