"""Tests sign-in by an issuer in a real browser: to its page, back to the conversation, and out again."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from adapters.web.desk.oidc import routes
from tests.adapters.web.support.oidc_agent import trusting
from tests.adapters.web.support.site import Place
from tests.browser.conftest import OpenTab
from tests.browser.support.window import House, press
from tests.browser.test_accessibility import PHONE, flawless_everywhere
from tests.browser.test_desk import asking
from tests.fakes.issuer import FakeIssuer, issuing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def acme() -> AsyncIterator[FakeIssuer]:
    async with issuing() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def place(acme: FakeIssuer) -> AsyncIterator[Place]:
    """The site's address is known only once it answers, so links are made of the request's."""
    async with trusting(acme, changes={"public_url": ""}) as opened:
        yield opened


async def test_they_sign_in_at_the_issuer_and_land_on_the_conversation(tab: OpenTab, house: House) -> None:
    customer = await asking(tab)
    conversation = customer.url.rpartition("/")[2]
    ana = await tab(path=f"/desk/c/{conversation}")
    await ana.get_by_role("link", name="Sign in with Acme").click()
    await expect(ana.get_by_role("heading", name="The issuer")).to_be_visible()
    assert not ana.url.startswith(house.address)
    await press(ana, "Go on as Ana")
    await expect(ana.locator("#region")).to_be_visible()
    assert ana.url == f"{house.address}/desk/c/{conversation}"
    await press(ana, "Claim")
    await ana.get_by_role("textbox", name="Reply to the customer").fill("Hello, this is Ana.")
    await press(ana, "Send to the customer")
    await expect(customer.locator(".line.agent")).to_contain_text("Ana")
    await ana.get_by_role("button", name="Sign out").click()
    await ana.get_by_role("link", name="sign out of Acme too").click()
    await expect(ana.get_by_text("Signed out of the issuer")).to_be_visible()
    await ana.goto(f"/desk/c/{conversation}")
    await expect(ana.get_by_role("link", name="Sign in with Acme")).to_be_visible()


async def test_who_cancels_there_reads_what_to_do_and_can_try_again(tab: OpenTab) -> None:
    ana = await tab(path="/desk")
    await ana.get_by_role("link", name="Sign in with Acme").click()
    await press(ana, "Cancel")
    await expect(ana.get_by_role("heading", name="Sign-in was canceled")).to_be_visible()
    await ana.get_by_role("link", name="Sign in again").click()
    await press(ana, "Go on as Ana")
    await expect(ana.get_by_role("heading", name="Queue")).to_be_visible()


async def test_axe_finds_nothing_on_the_way_in(tab: OpenTab, acme: FakeIssuer, axe: str) -> None:
    page = await tab(path="/desk/sign-in", reduced_motion="reduce", **PHONE)
    await flawless_everywhere(page, axe, "sign in")
    await page.goto(routes.BACK)
    await flawless_everywhere(page, axe, "too old")
    acme.person["groups"] = []
    await page.goto(routes.START)
    await press(page, "Go on as Ana")
    await expect(page.get_by_role("heading", name="You don't have access yet")).to_be_visible()
    await flawless_everywhere(page, axe, "no access")
    acme.person["groups"] = ["chiefs"]
    await page.goto(routes.START)
    await press(page, "Go on as Ana")
    await page.goto("/desk/accounts")
    await flawless_everywhere(page, axe, "accounts")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_text("you may still be signed in to Acme")).to_be_visible()
    await flawless_everywhere(page, axe, "signed out")
