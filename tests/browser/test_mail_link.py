"""Tests that after a customer left and an agent replied, the email's link opens the conversation at the reply."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.adapters.web.support.site import Place, open_place
from tests.browser.conftest import OpenTab
from tests.browser.support.window import House, press, titled
from tests.browser.test_accessibility import flawless
from tests.browser.test_desk import agent, asking, box, opened
from tests.fakes.backends import OtherSide, Received, mailbox
from tests.fakes.wait import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
ADDRESS = "ana@post.example"
WITHIN = 30_000
"""Milliseconds to wait for what happens on a busy machine."""


@pytest_asyncio.fixture(loop_scope="session")
async def side() -> AsyncIterator[OtherSide]:
    async with mailbox() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def place(side: OtherSide) -> AsyncIterator[Place]:
    """The product with a mail server, and no grace: who has not seen it when it is said is mailed it."""
    async with open_place(
        public_url="https://help.example",
        smtp_url=side.address,
        mail_from="bot@fix.example",
        mail_after="0",
    ) as running:
        yield running
        await running.app.outbox.idle()


async def reachable(tab: OpenTab, side: OtherSide) -> Page:
    """A customer who waits for a person and gave an address."""
    page = await asking(tab)
    await page.locator("#details > summary").click()
    await page.get_by_label("How can we reach you?").fill(ADDRESS)
    await press(page, "Add to ticket")
    await expect(page.locator(".since")).to_contain_text(f"I'll email you at {ADDRESS}")
    await confirm(tab, (await mailed(side, 1))[-1])
    return page


async def confirm(tab: OpenTab, mail: Received) -> None:
    """Open the link that confirms the address, and confirm it."""
    link = next(line for line in mail.text.splitlines() if "/confirm/" in line)
    page = await tab(path=urlsplit(link).path)
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"Email replies to {ADDRESS}?")
    await press(page, "Confirm")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Confirmed")
    await page.close()


async def mailed(side: OtherSide, count: int) -> list[Received]:
    """That many mails to the customer."""

    async def look() -> list[Received]:
        found = [mail for mail in side.received if mail.headers["To"] == ADDRESS]
        return found if len(found) >= count else []

    found: list[Received] = await until(look, seconds=30)
    return found


async def test_a_customer_who_left_is_mailed_and_comes_back_to_the_reply(
    tab: OpenTab, house: House, side: OtherSide, axe: str
) -> None:
    ana, customer = await agent(tab, house, "Ana"), await reachable(tab, side)
    await opened(ana, customer)
    await customer.close()
    await box(ana, "Internal note").fill("zebra: they called before")
    await press(ana, "Add note")
    await expect(ana.locator(".by-note")).to_contain_text("zebra")
    await box(ana, "Reply to the customer").fill("Is <it> plugged in?")
    await press(ana, "Send to the customer")
    _, mail = await mailed(side, 2)
    await expect(ana.locator(".fate").last).to_have_text("Emailed, not opened yet", timeout=WITHIN)
    assert "Is <it> plugged in?" in mail.text
    assert "Is &lt;it&gt; plugged in?" in mail.html
    assert "zebra" not in mail.raw.decode()
    # Another device: the link shows who may go on, a press opens the conversation at the reply.
    link = next(line for line in mail.text.splitlines() if line.startswith("https://help.example/c/"))
    phone = await tab(path=urlsplit(link).path)
    await flawless(phone, axe, "the way back")
    await press(phone, "Continue here")
    said = phone.locator(".line.agent")
    await expect(said).to_contain_text("Is <it> plugged in?")
    await expect(said).to_be_focused()
    await expect(ana.locator(".fate").last).to_have_text("Seen", timeout=WITHIN)
    await phone.get_by_label("Message Ana").fill("It is")
    await press(phone, "Send")
    await expect(ana.locator(".by-said").last).to_contain_text("It is")


async def test_what_an_open_page_shows_is_seen(tab: OpenTab, house: House, side: OtherSide) -> None:
    ana, customer = await agent(tab, house, "Ana"), await reachable(tab, side)
    await opened(ana, customer)
    await box(ana, "Reply to the customer").fill("I am looking at it.")
    await press(ana, "Send to the customer")
    await expect(customer.locator(".line.agent")).to_contain_text("I am looking at it.")
    await expect(ana.locator(".fate").last).to_have_text("Seen", timeout=WITHIN)
    await titled(customer, "You're talking to Ana")


async def test_words_that_lie_among_what_is_past_are_opened(
    tab: OpenTab, house: House, side: OtherSide
) -> None:
    ana, customer = await agent(tab, house, "Ana"), await reachable(tab, side)
    await opened(ana, customer)
    await customer.close()
    await box(ana, "Reply to the customer").fill("Look at the switch, please.")
    await press(ana, "Send to the customer")
    _, mail = await mailed(side, 2)
    await expect(ana.locator(".by-reply")).to_contain_text("Look at the switch")
    await ana.locator("#hand-back > summary").click()
    await press(ana, "Hand back")
    *_, again = await mailed(side, 3)
    assert "Ana handed this back to me. Let's continue at" in again.text
    assert again.headers["In-Reply-To"] == mail.identity
    link = next(line for line in mail.text.splitlines() if line.startswith("https://help.example/c/"))
    back = await tab(beside=customer, path=urlsplit(link).path)
    await expect(back.locator(".line.agent")).to_be_visible()
    await expect(back.locator(".line.agent")).to_be_focused()
