"""Runs a real headless browser on a real server, so that a test sees what a customer sees."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.adapters.web.support.site import Place, open_place
from tests.browser.support.window import FLAGS, House, chromium_path, served
from tests.conftest import need

OpenTab = Callable[..., Awaitable[Page]]

PATIENCE = 30_000
"""Milliseconds to wait for what should appear, long enough for a busy machine."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Start Debian's Chromium."""
    found = chromium_path()
    need("chromium", found)
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def place() -> AsyncIterator[Place]:
    """Compose the product on a store in memory."""
    async with open_place() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def house(place: Place) -> AsyncIterator[House]:
    """Serve the product at an address of this machine."""
    async with served(place) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def tab(chromium: Browser, house: House) -> AsyncIterator[OpenTab]:
    """Return a function that opens a tab of a new visitor, or with `beside` another tab of the same visitor.

    A complaint of the page's script or its content security policy fails the test.
    """
    complaints: list[str] = []

    async with AsyncExitStack() as stack:

        async def opened(beside: Page | None = None, path: str = "/", **context: Any) -> Page:
            if beside is None:
                found = await chromium.new_context(base_url=house.address, **context)
                stack.push_async_callback(found.close)
            else:
                found = beside.context
            page = await found.new_page()
            page.set_default_timeout(PATIENCE)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda said: (
                    complaints.append(said.text)
                    if said.type == "error" and "Failed to load resource" not in said.text
                    else None
                ),
            )
            await page.goto(path)
            return page

        yield opened
    assert complaints == []


@pytest.fixture
def axe() -> str:
    """Return the script that checks a page's accessibility."""
    from tests.browser.support.window import AXE

    need("axe-core", AXE.is_file())
    return AXE.read_text(encoding="utf-8")
