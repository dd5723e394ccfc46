"""Tests a customer who left the page and an agent in Slack: the mark says whether the reply was emailed."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.wiring.web import web
from tests.adapters.web.support.site import ADDRESS
from tests.adapters.web.support.visitor import Browser
from tests.fakes.backends import OtherSide, mailbox
from tests.fakes.wait import until
from tests.stories.agents.support.slack_room import Room, open_room


@pytest.fixture
async def side() -> AsyncIterator[OtherSide]:
    async with mailbox() as running:
        yield running


@pytest.fixture
async def room(side: OtherSide) -> AsyncIterator[Room]:
    """Agents in Slack, and a mail server; nobody is waited for."""
    given = {"SMTP_URL": side.address, "MAIL_FROM": "bot@fix.example", "MAIL_AFTER": "0"}
    async with open_room(PUBLIC_URL=ADDRESS, **given) as opened:
        yield opened


@pytest.fixture
async def browser(room: Room) -> AsyncIterator[Browser]:
    """Somebody on the page who asked for a person, gave an address, and left."""
    transport = httpx.ASGITransport(await web(room.office.app), raise_app_exceptions=False)  # type: ignore[arg-type] # an ASGI application
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        opened = await (await Browser(client).open("/")).press("flow:lamp")
        await opened.press("escalate")
        at = await room.office.app.store.conversations.load(opened.path.split("/")[2])
        assert at is not None
        await room.office.app.store.addresses.confirm(at.contact, "eve@post.example")
        await opened.press("details", reach="eve@post.example")
        await room.office.quiet()
        yield opened


async def marked(room: Room, ts: str, mark: str) -> list[str]:
    """The marks on a line once that one is there."""

    async def look() -> list[str]:
        found = room.marks(ts)
        return found if mark in found else []

    found: list[str] = await until(look, seconds=30)
    return found


async def test_it_stands_on_their_page_and_was_mailed(room: Room, browser: Browser, side: OtherSide) -> None:
    ts = await room.write(room.max, "!Is it <plugged> in?")
    assert await marked(room, ts, "email") == ["white_check_mark", "email"]
    (mail,) = [one for one in side.received if one.headers["To"] == "eve@post.example"]
    assert "Is it <plugged> in?" in mail.text
    await room.write(room.max, "They never plug it in")
    assert len([one for one in side.received if one.headers["To"] == "eve@post.example"]) == 1


async def test_a_mail_that_is_refused_is_a_warning_with_the_reason(
    room: Room, browser: Browser, side: OtherSide
) -> None:
    side.unknown.add("eve@post.example")
    ts = await room.write(room.max, "!Is it plugged in?")
    assert "warning" in await marked(room, ts, "warning")
    assert "554" in room.told()[-1]
    await browser.open(browser.path)
    assert "Is it plugged in?" in browser.text
