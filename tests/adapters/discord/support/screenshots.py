"""Takes the picture of a step in Discord that the docs show: `python -m tests.adapters.discord.support.screenshots`.

The message is the one that the product sends to the stand-in; `drawing` draws it as Discord's client does.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Page, async_playwright

from tests.adapters.discord.support.drawing import STYLE, Json, message
from tests.adapters.discord.support.schema_check import every_flow
from tests.adapters.discord.support.workspace import workshop
from tests.browser.support.emoji import draw_emoji
from tests.browser.support.small_png import keep
from tests.browser.support.window import FLAGS, chromium_path
from tests.fakes.discord import Discord, Message
from tests.fakes.discord.client_address import pointed_at

DOCS: Final = Path(__file__).parents[4] / "docs" / "pictures"
NAME: Final = "Troubletree"


async def opened(browser: Browser, scale: float) -> Page:
    """A blank page that messages are drawn on."""
    return await browser.new_page(viewport={"width": 640, "height": 200}, device_scale_factor=scale)


async def take(page: Page, shown: Sequence[Message], file: Path) -> None:
    """Draw these one below the other and take their picture."""
    drawn = "".join(message(_sheet(one)) for one in shown)
    await page.set_content(f"<style>{STYLE}</style>{drawn}")
    await draw_emoji(page)
    await keep(page, file, full_page=True)


def _sheet(one: Message) -> Json:
    return {
        "author": NAME if one.author.bot else one.author.name,
        "app": one.author.bot,
        "content": one.content,
        "components": one.components,
        "marks": "".join(one.reactions),
    }


@asynccontextmanager
async def stand_in() -> AsyncIterator[Discord]:
    """Discord, which the client library in this process talks to."""
    async with Discord.running() as discord:
        with pointed_at(discord.api, discord.gateway_url):
            yield discord


async def step(browser: Browser) -> None:
    """The third step, with its warning: what a customer sees most of the time."""
    flows = tuple(flow for flow in every_flow() if flow.id == "connection-not-active")
    async with stand_in() as discord, workshop(discord, shelf=flows, PRODUCT_NAME="Acme Books") as shop:
        ana = shop.person("Ana")
        await shop.begins(ana, "connection is not active")
        for _step in range(2):
            await ana.presses(await shop.live(ana), "Still failing")
        await take(await opened(browser, 1), [await shop.live(ana)], DOCS / "discord.png")


async def main() -> None:
    """Start a browser and take it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        await step(browser)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
