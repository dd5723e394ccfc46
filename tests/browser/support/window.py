"""Serves a site and acts in a browser as a customer: start, answer, look."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.async_api import Page, expect

from adapters.web.server import listen
from tests.adapters.web.support.site import Place

FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE: Final = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
PROBLEM: Final = "QuickBooks Desktop connection is not active"
MESSAGE: Final = "Your QuickBooks Desktop connection is not active. It was last active 3 days ago."
LABELS: Final = (
    ("Still failing", "Open the Web Connector"),
    ("Still failing", "Turn on Auto-Run"),
    ("Still failing", "Check Every-Min"),
    ("Has a value", "First, find your setup guide"),
    ("I have it", "Reset Every-Min"),
    ("Still failing", "Check the Password box"),
    ("Empty", "First, find your setup guide"),
    ("I have it", "Save the password again"),
    ("Still failing", "Email Conductor support"),
)
"""The longest way: each pressed label, and the title that follows."""


def chromium_path() -> str | None:
    """Return where Debian's Chromium is; None if it is not installed. The one without a window takes half the time."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@dataclass(frozen=True)
class House:
    """A site served at an address."""

    place: Place
    address: str


@asynccontextmanager
async def served(place: Place) -> AsyncIterator[House]:
    """Serve a site on a free port of this machine."""
    stop = asyncio.Event()
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(listen(place.asgi, "127.0.0.1", 0, stop, address.set_result))
    try:
        yield House(place, await address)
    finally:
        stop.set()
        await serving


async def begin(page: Page) -> None:
    """Choose the guide on the front page."""
    await press(page, PROBLEM)
    await titled(page, "Turn on your computer")


async def press(page: Page, label: str) -> None:
    """Press a button by its label."""
    await page.get_by_role("button", name=label, exact=True).click()


async def answer(page: Page, label: str, leads_to: str) -> None:
    """Press an answer and wait for the title that follows."""
    await press(page, label)
    await titled(page, leads_to)


async def titled(page: Page, title: str) -> None:
    """Wait until the live card has that title."""
    await expect(page.locator("#now")).to_have_text(title)


async def walk(page: Page, steps: int) -> None:
    """Give the first `steps` answers of the longest way."""
    for label, title in LABELS[:steps]:
        await answer(page, label, title)


async def focused(page: Page) -> str:
    """Return the id, name and value, or text of the focused element."""
    script = "(e => e.id || (e.name ? `${e.name}=${e.value}` : e.textContent.trim()))(document.activeElement)"
    return str(await page.evaluate(script))
