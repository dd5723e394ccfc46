"""Tests that people's files are fetched with the bot's token, and only from Slack's own hosts."""

from collections.abc import AsyncIterator

import pytest

from adapters.slack.app import Access, SlackApp
from bot.ports import Undeliverable
from flows.conversation import Address
from flows.events import File
from tests.fakes.slack import Slack

HERE = Address(channel="slack", workspace="T1", room="C1", thread="1.2", person="U1")


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as running:
        yield running


@pytest.fixture
async def app(slack: Slack) -> AsyncIterator[SlackApp]:
    made = SlackApp(Access(bot_token=slack.token, api_url=slack.api))
    yield made
    await made.close()


async def test_a_file_comes_as_it_was_sent(slack: Slack, app: SlackApp) -> None:
    name = await slack.person("U1").uploads("screen.png", b"\x89PNG...", "image/png")
    assert await app.files().fetch(HERE, File(id=name)) == b"\x89PNG..."


async def test_a_file_that_is_gone_is_told_as_such(slack: Slack, app: SlackApp) -> None:
    with pytest.raises(Undeliverable, match="file_not_found"):
        await app.files().fetch(HERE, File(id="F0GONE"))


@pytest.mark.row("security", "The bot token is sent to a host that isn't Slack's")
async def test_the_token_goes_to_no_host_that_is_not_slacks(slack: Slack, app: SlackApp) -> None:
    name = await slack.person("U1").uploads("screen.png", b"x", "image/png")
    for url in (
        "https://files.slack.com.evil.example/x",
        "http://files.slack.com/x",
        "https://evil.example/files.slack.com",
        "https://files.slack.com@evil.example/x",
        slack.address.replace("127.0.0.1", "localhost") + "/files-pri/x",
        "file:///etc/passwd",
    ):
        slack.workspace.files[name].url = url
        with pytest.raises(Undeliverable, match="host of Slack's"):
            await app.files().fetch(HERE, File(id=name))
    assert not slack.calls("download")


async def test_a_page_to_sign_in_is_no_file(slack: Slack, app: SlackApp) -> None:
    name = await slack.person("U1").uploads("screen.png", b"x", "image/png")
    slack.workspace.files[name].locked = True
    with pytest.raises(Undeliverable, match="sign in"):
        await app.files().fetch(HERE, File(id=name, kind="image/png"))
