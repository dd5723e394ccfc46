"""Takes the pictures of the page that the docs show: `python -m tests.browser.support.screenshots [FOLDER]`.

They are true: the real product, a real browser, the library's guide. Without a FOLDER, `docs/pictures` gets those
that the docs show; with one, it gets every kind of page, in light, in dark and on a phone, to be looked at.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page, async_playwright

from adapters.hearing.encoder import SentenceEncoder
from bot.wiring.demo import seed
from bot.wiring.labeled_examples import labeled_examples
from tests.adapters.web.support.site import open_place
from tests.browser.support.small_png import keep
from tests.browser.support.window import (
    FLAGS,
    LABELS,
    House,
    answer,
    begin,
    chromium_path,
    press,
    served,
    titled,
    walk,
)

DOCS: Final = Path(__file__).parents[3] / "docs" / "pictures"
SCREENS: Final[dict[str, dict[str, Any]]] = {
    "light": {"viewport": {"width": 900, "height": 800}},
    "dark": {"viewport": {"width": 900, "height": 800}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True},
}


async def opened(browser: Browser, house: House, screen: dict[str, Any]) -> Page:
    """A tab of a new visitor that keeps still."""
    context = await browser.new_context(base_url=house.address, reduced_motion="reduce", **screen)
    page = await context.new_page()
    await page.goto("/")
    return page


async def readme(browser: Browser, house: House) -> None:
    """The third step, with its warning: what a customer sees most of the time."""
    wide = {"viewport": {"width": 760, "height": 880}, "device_scale_factor": 1.5}
    page = await opened(browser, house, wide)
    await begin(page)
    await walk(page, 2)
    await page.mouse.move(0, 0)
    await keep(page, DOCS / "page.png", full_page=True)


async def suggestion(browser: Browser) -> None:
    """The question whether words meant an answer, which needs the real encoder."""
    encoder = SentenceEncoder(labeled_examples())
    await encoder.warm()
    async with open_place(encoder=encoder) as place, served(place) as house:
        page = await opened(
            browser, house, {"viewport": {"width": 760, "height": 880}, "device_scale_factor": 1.5}
        )
        await begin(page)
        await walk(page, 1)
        await page.get_by_label("Add a message").fill("hey I think that did the trick")
        await press(page, "Send")
        await page.locator("#asked").wait_for()
        await page.mouse.move(0, 0)
        await page.evaluate("scrollTo(0, 0)")
        card, words = (
            await page.locator(".card.step").bounding_box(),
            await page.locator("#say").bounding_box(),
        )
        assert card
        assert words
        seen = {"x": 0, "y": card["y"] - 8, "width": 760, "height": words["y"] - card["y"] + 8}
        await keep(page, DOCS / "page-suggestion.png", full_page=True, clip=seen)
        await page.context.close()
    await encoder.close()


async def desk(browser: Browser, house: House) -> None:
    """The queue, and a conversation with a note and a reply: what agents see most of the time."""
    await seed(house.place.app.receive, house.place.app.store.views)
    page = await colleague(browser, house, "Ana", {"viewport": {"width": 1180, "height": 900}})
    await page.goto("/desk?tab=open")
    await keep(page, DOCS / "desk-queue.png", clip={"x": 0, "y": 0, "width": 1180, "height": 640})
    await page.get_by_role("link", name="Aisha Khan").click()
    await press(page, "Take over")
    await page.get_by_role("button", name="Release").wait_for()
    await page.mouse.move(0, 0)
    await keep(page, DOCS / "desk.png", clip={"x": 0, "y": 0, "width": 1180, "height": 890})


async def colleague(browser: Browser, house: House, called: str, screen: dict[str, Any]) -> Page:
    """A tab of an agent who has just come in."""
    assert house.place.site.desk is not None
    token = await house.place.site.desk.sign_in.invite("admin", called)
    page = await opened(browser, house, screen)
    await page.goto(f"/desk/in/{token}")
    await press(page, "Sign in")
    await page.locator("#queue").wait_for()
    return page


async def of_the_desk(browser: Browser, house: House, folder: Path) -> None:
    """The desk's pages on every kind of screen."""
    await seed(house.place.app.receive, house.place.app.store.views)
    for name, screen in SCREENS.items():
        page = await colleague(browser, house, f"Ana {name}", screen)
        for what, path in (("queue", "/desk?tab=open"), ("accounts", "/desk/accounts")):
            await page.goto(path)
            await page.screenshot(path=folder / f"{name}-desk-{what}.png", full_page=True)
        await page.goto("/desk?tab=open")
        await page.get_by_role("link", name="Aisha Khan").click()
        await page.screenshot(path=folder / f"{name}-desk-conversation.png", full_page=True)


async def every(browser: Browser, house: House, folder: Path) -> None:
    """Every kind of page on every kind of screen."""
    for name, screen in SCREENS.items():
        page = await opened(browser, house, screen)

        async def take(what: str, page: Page = page, name: str = name) -> None:
            await page.mouse.move(0, 0)
            await page.screenshot(path=folder / f"{name}-{what}.png", full_page=True)

        await take("home")
        await begin(page)
        await take("first")
        await walk(page, 3)
        await take("observe")
        await press(page, "Continue on another device")
        await page.locator(".code svg").wait_for()
        await take("device")
        await press(page, "Talk to a person")
        await page.locator("#details > summary").click()
        await take("ticket")
        for label, title in LABELS[3:]:
            await answer(page, label, title)
        await take("waiting")
        await answer(page, "It works now", "Solved")
        await take("resolved")
        await answer(page, "It's happening again", "Save the password again")
        await titled(page, "Save the password again")
        await take("reopened")


async def main(folder: Path | None) -> None:
    """Start the product and a browser, and take them."""
    async with open_place() as place, served(place) as house, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        if folder:
            await every(browser, house, folder)
            await of_the_desk(browser, house, folder)
        else:
            await readme(browser, house)
            await suggestion(browser)
            await desk(browser, house)
        await browser.close()


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    (given or DOCS).mkdir(parents=True, exist_ok=True)
    asyncio.run(main(given))
