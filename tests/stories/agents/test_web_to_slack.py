"""The customer on the web page, the agent in Slack: nothing of either is known to the other's code."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.wiring.app import web
from tests.adapters.web.support.site import ADDRESS
from tests.adapters.web.support.visitor import Browser
from tests.fakes.slack import labels
from tests.stories.agents.support.slack_room import Room


@pytest.fixture
async def browser(room: Room) -> AsyncIterator[Browser]:
    """A browser of somebody who walks the guide on the page."""
    asgi = await web(room.office.app)
    transport = httpx.ASGITransport(asgi, raise_app_exceptions=False)  # type: ignore[arg-type] # an ASGI application
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        yield await (await Browser(client).open("/")).press("flow:lamp")


async def test_claim_reply_and_answer_across(room: Room, browser: Browser) -> None:
    await browser.press("escalate")
    await room.office.quiet()
    assert "🔴 Customer " in room.heads()[0]
    assert "Web page" in str(room.packet()["blocks"])
    ts = await room.write(room.max, "!Is it <plugged> in?")
    assert room.marks(ts) == ["white_check_mark"]
    await browser.open(browser.path)
    assert "Is it <plugged> in?" in browser.text
    await browser.press("said", text="Yes <!channel>")
    await room.office.quiet()
    assert room.told()[-1].endswith("Yes &lt;!channel&gt;")
    assert labels(room.lines()[-1])[0] == "Reply"


async def test_a_note_is_not_on_the_page_and_a_hand_back_is(room: Room, browser: Browser) -> None:
    await browser.press("escalate")
    await room.office.quiet()
    await room.write(room.max, "Forgets the plug, I bet")
    await room.press(room.max, "Claim")
    await room.press(room.max, "Hand back…")
    await room.fill(room.max, {"step": "switch"})
    await browser.open(browser.path)
    assert "I bet" not in browser.page
    assert "Press the switch" in browser.text
    await browser.press("answered:fixed")
    await room.office.quiet()
    assert "✅" in room.heads()[0]
