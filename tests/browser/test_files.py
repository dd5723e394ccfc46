"""Tests files in a real browser: from the customer's page to the desk and back, with and without a script."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.support.window import House, press
from tests.browser.test_desk import agent, asking, box, opened

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
PAGE = b"<script>alert(1)</script>"


def given(name: str, kind: str, content: bytes) -> Any:
    return {"name": name, "mimeType": kind, "buffer": content}


async def had(page: Page, name: str) -> tuple[bytes, dict[str, str]]:
    """What the link of that name leads to, and how it is handed out."""
    href = await page.get_by_role("link", name=name).last.get_attribute("href")
    answer = await page.request.get(href or "")
    assert answer.status == 200
    return await answer.body(), answer.headers


@pytest.mark.parametrize("script", [True, False])
async def test_a_picture_goes_to_the_desk_and_a_file_comes_back(
    tab: OpenTab, house: House, script: bool
) -> None:
    customer = await asking(tab) if script else await _asking_without(tab)
    await customer.get_by_label("Attach up to 4 files").last.set_input_files(
        given("my screen.png", "image/png", PICTURE)
    )
    await press(customer, "Send")
    await expect(customer.get_by_role("link", name="my screen.png").last).to_be_visible()
    assert (await had(customer, "my screen.png"))[0] == PICTURE
    ana = await agent(tab, house, "Ana", java_script_enabled=script)
    await opened(ana, customer)
    content, headers = await had(ana, "my screen.png")
    assert (content, headers["content-type"]) == (PICTURE, "image/png")
    await box(ana, "Reply to the customer").fill("Use this one.")
    await ana.get_by_label("Attach up to 4 files").set_input_files(given("fix.html", "text/html", PAGE))
    await press(ana, "Send to the customer")
    await expect(ana.get_by_role("link", name="fix.html").first).to_be_visible()
    if not script:
        await customer.reload()
    await expect(customer.get_by_role("link", name="fix.html")).to_be_visible()
    content, headers = await had(customer, "fix.html")
    assert (content, headers["content-type"]) == (PAGE, "application/octet-stream")
    assert headers["content-disposition"].startswith("attachment")
    assert "sandbox" in headers["content-security-policy"]


async def _asking_without(tab: OpenTab) -> Page:
    page = await tab(java_script_enabled=False)
    await page.get_by_role("button", name="Talk to a person").first.click()
    return page


async def test_what_is_too_large_is_told_and_the_words_are_kept(tab: OpenTab) -> None:
    customer = await asking(tab)
    field = customer.locator("#words")
    await field.fill("like this")
    await customer.get_by_label("Attach up to 4 files").last.set_input_files(
        given("huge.bin", "application/octet-stream", bytes(6 * 1024 * 1024))
    )
    await press(customer, "Send")
    await expect(customer.locator("#notice")).to_contain_text("“huge.bin” is larger than 5 MB")
    await expect(field).to_have_value("like this")
