"""Takes the pictures of the agents' threads that the docs show: `python -m tests.stories.agents.support.screenshots`.

They are true: the real product with the library's guide, and what it sent to the stand-ins for Slack and Discord.
"""

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from playwright.async_api import Browser, async_playwright

from tests.adapters.discord.support import screenshots as discord_screenshots
from tests.adapters.slack.support import screenshots as slack_screenshots
from tests.adapters.slack.support.schema_check import shelf_of_the_library
from tests.browser.support.window import FLAGS, chromium_path
from tests.stories.agents.support.discord_room import open_desk
from tests.stories.agents.support.slack_room import DESK, Room, open_room

DOCS: Final = Path(__file__).parents[4] / "docs" / "pictures"
SETTINGS: Final = {"PRODUCT_NAME": "Acme Books", "SUPPORT_EMAIL": "help@acme.example"}
PASTED: Final = "Your QuickBooks Desktop connection is not active. It was last active 3 days ago."
NOTE: Final = "Second customer today with this. Windows installed updates last night."
REPLY: Final = "!Hi Ana, did your computer restart last night?"
TRY: Final = 4000
"""Milliseconds that the customer spends on a step."""

MARKS: Final = {"lock": "🔒", "white_check_mark": "✅"}


async def of_slack(browser: Browser) -> None:
    """A ticket's line and its thread: the packet, an internal note, a reply, and the customer's answer."""
    with TemporaryDirectory() as made:
        page = await slack_screenshots.opened(browser, 640, slack_screenshots.bundle(Path(made)))
    async with open_room(shelf=shelf_of_the_library(), **SETTINGS) as room:
        thread = await room.office.mention(room.ana, PASTED)
        for _step in range(2):
            await page.wait_for_timeout(TRY)
            await room.office.press(room.ana, room.live(thread), "Still failing")
        await room.office.press(room.ana, room.live(thread), "Talk to a person")
        await room.press(room.max, "Claim")
        await room.write(room.max, NOTE)
        await room.write(room.max, REPLY)
        await room.office.write(room.ana, "Yes! It restarted on its own.", thread)
        shown = [_seen(room, one) for one in room.slack.thread(DESK, room.thread())]
        await slack_screenshots.take(page, shown, DOCS / "slack-agents.png")


def _seen(room: Room, one: dict[str, Any]) -> dict[str, Any]:
    """A message with who wrote it and its marks, as the page draws it."""
    named: dict[str, Any] = json.loads(
        json.dumps(one).replace(f"<@{room.max.id}>", "<@max>")
    )  # as Slack's apps show a mention
    seen = named | {"marks": "".join(MARKS[mark] for mark in room.marks(one["ts"]))}
    return seen | ({"author": "max"} if one.get("user") == room.max.id else {})


async def of_discord(browser: Browser) -> None:
    """The same ticket's thread in Discord."""
    page = await discord_screenshots.opened(browser, 1.5)
    flows = shelf_of_the_library().flows
    async with discord_screenshots.stand_in() as discord, open_desk(discord, shelf=flows, **SETTINGS) as desk:
        await desk.ana.runs("fix", problem=PASTED)
        theirs = discord.threads(desk.shop.room)[-1]
        for label in ("Still failing", "Still failing", "Talk to a person"):
            await page.wait_for_timeout(TRY)
            await desk.ana.presses(await desk.shop.live(theirs), label)
        await desk.quiet()
        await desk.press(desk.max, "Claim")
        await desk.write(desk.max, NOTE)
        await desk.write(desk.max, REPLY)
        await desk.ana.writes(theirs, "Yes! It restarted on its own.")
        await discord.until(lambda: "restarted on its own" in str(desk.lines[-1].components))
        await desk.quiet()
        await discord_screenshots.take(page, [*desk.heads, *desk.lines], DOCS / "discord-agents.png")


async def main() -> None:
    """Start a browser and take them."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        await of_slack(browser)
        await of_discord(browser)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
