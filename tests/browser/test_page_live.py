"""Tests what reaches an open page by itself: notices, replies and whether they were seen, and a failing connection."""

import pytest
from playwright.async_api import Page, ViewportSize, expect

from bot.wiring.app import noticeboard
from tests.adapters.web.support.site import GUIDE
from tests.browser.conftest import OpenTab
from tests.browser.support.window import House, begin, press, titled
from tests.browser.test_accessibility import PHONE, flawless_everywhere
from tests.browser.test_desk import agent, asking, box, opened

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SMALL: ViewportSize = {"width": 420, "height": 420}
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


RUNG = """() => {
  window.rung = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) { window.rung += 1; return start.call(this, at); };
}"""


async def reply(agent: Page, text: str) -> None:
    await box(agent, "Reply to the customer").fill(text)
    await box(agent, "Reply to the customer").press("Control+Enter")


async def test_a_notice_comes_to_an_open_page_and_goes_by_itself(tab: OpenTab, house: House) -> None:
    page = await tab()
    await begin(page)
    notices = noticeboard(house.place.app)
    await notices.say(GUIDE, "The vendor is on it.", "Chief")
    await expect(page.locator(".card .words")).to_contain_text("Known issue: The vendor is on it.")
    await expect(page.locator("#heard")).to_have_text("Known issue: The vendor is on it.")
    await expect(page.get_by_role("button", name="Still failing")).to_be_enabled()
    await notices.unsay(GUIDE, "Chief")
    await expect(page.locator(".card .words")).not_to_contain_text("Known issue")


async def test_a_reply_is_seen_once_it_is_in_view(tab: OpenTab, house: House) -> None:
    ana, customer = await agent(tab, house, "Ana"), await asking(tab)
    await customer.set_viewport_size(SMALL)
    await opened(ana, customer)
    await customer.evaluate("scrollTo(0, 0)")  # before the reply, which is seen at once where it is in view
    await reply(ana, "Is the other computer on?")
    pill = customer.get_by_role("button", name="New reply from Ana")
    await expect(pill).to_be_visible()
    assert (await customer.title()).startswith("(1) ")
    await expect(ana.locator(".fate")).to_contain_text("Not seen yet")
    await pill.click()
    await expect(customer.locator(".line.agent")).to_be_in_viewport()
    await expect(pill).to_be_hidden()
    assert not (await customer.title()).startswith("(")
    await expect(ana.locator(".fate")).to_have_text("Seen")


async def test_a_reply_makes_a_sound_where_the_customer_asked_for_one(tab: OpenTab, house: House) -> None:
    ana, customer = await agent(tab, house, "Ana"), await asking(tab)
    await customer.evaluate(RUNG)
    await opened(ana, customer)
    await customer.set_viewport_size({"width": 900, "height": 1800})
    await reply(ana, "Is the other computer on?")
    await expect(customer.locator(".line.agent")).to_have_count(1)
    assert await customer.evaluate("rung") == 0
    sound = customer.get_by_role("button", name="Play a sound when someone replies")
    await sound.click()
    assert await customer.evaluate("rung") == 1, "a sample"
    await reply(ana, "And the printer?")
    await expect(customer.locator(".line.agent")).to_have_count(2)
    assert await customer.evaluate("rung") == 2
    await expect(sound).to_have_attribute("aria-pressed", "true")
    await sound.click()
    assert await customer.evaluate("rung") == 2


async def test_a_hidden_tab_counts_replies_and_sees_none(tab: OpenTab, house: House) -> None:
    ana, customer = await agent(tab, house, "Ana"), await asking(tab)
    await opened(ana, customer)
    await customer.set_viewport_size({"width": 900, "height": 1800})
    await customer.clock.install()
    await customer.evaluate(HIDE, True)
    await reply(ana, "Hello")
    await expect(ana.locator(".fate")).to_contain_text("Not seen yet")
    await customer.clock.run_for(21_000)
    await expect(customer).to_have_title("(1) You're talking to Ana · Acme Books support")
    await expect(ana.locator(".fate")).to_contain_text("Not seen yet")
    await customer.evaluate(HIDE, False)
    await expect(customer).to_have_title("You're talking to Ana · Acme Books support")
    await expect(ana.locator(".fate")).to_have_text("Seen")


async def test_a_refresh_that_is_lost_is_tried_again_and_says_who_is_away(tab: OpenTab, house: House) -> None:
    ana, customer = await agent(tab, house, "Ana"), await asking(tab)
    await opened(ana, customer)
    lost = "**/c/*"
    await customer.route(lost, lambda route: route.fulfill(status=503, body="away"))
    await press(ana, "Claim")
    await expect(customer.locator("#connection")).to_have_text("Can't reach the server. Trying again…")
    await customer.unroute(lost)
    await titled(customer, "You're talking to Ana")
    await expect(customer.locator("#connection")).to_have_count(0)
    await customer.context.set_offline(True)
    await press(customer, "Send")
    await expect(customer.locator("#notice")).to_contain_text("You're offline.")
    await customer.context.set_offline(False)


async def test_axe_finds_nothing_on_what_is_new(tab: OpenTab, house: House, axe: str) -> None:
    page = await tab(reduced_motion="reduce", **PHONE)
    notices = noticeboard(house.place.app)
    await notices.say(GUIDE, "The vendor is on it.", "Chief")
    await begin(page)
    await expect(page.locator(".card .words")).to_contain_text("Known issue")
    conversation = page.url
    await page.goto("/")
    await expect(page.locator(".known")).to_be_visible()
    await flawless_everywhere(page, axe, "a notice on the front page")
    await page.get_by_label("Or paste the error message").fill("the cat sits on the keyboard")
    await press(page, "Find help")
    await expect(page.get_by_role("heading", name="or something new?")).to_be_visible()
    await flawless_everywhere(page, axe, "the question what it is about")
    await page.goto(conversation)
    await press(page, "Talk to a person")
    ana = await agent(tab, house, "Ana")
    await opened(ana, page)
    await page.evaluate("scrollTo(0, 0)")
    await reply(ana, "Hello\n\n" * 20)
    await expect(page.get_by_role("button", name="New reply from Ana")).to_be_visible()
    await page.route("**/c/*", lambda route: route.fulfill(status=503, body="away"))
    await press(ana, "Release")
    await expect(page.locator("#connection")).to_be_visible()
    await flawless_everywhere(page, axe, "a reply out of view, and a server that is away")


async def test_the_desk_says_that_the_server_is_away_and_catches_up(tab: OpenTab, house: House) -> None:
    ana, ben, customer = await agent(tab, house, "Ana"), await agent(tab, house, "Ben"), await asking(tab)
    await opened(ben, customer)
    for page, lost in ((ana, "**/desk"), (ben, "**/desk/c/*")):
        await page.route(lost, lambda route: route.fulfill(status=502, body="away"))
        if page is ben:
            await customer.get_by_label("Add a message").fill("still here, and nothing works")
            await press(customer, "Send")
        await expect(page.locator("#connection")).to_have_text("Can't reach the server. Trying again…")
        await page.unroute(lost)
        await expect(page.locator("#connection")).to_have_count(0)
    await expect(ben.locator(".by-said").last).to_contain_text("still here, and nothing works")
