"""Tests that files are shared in Slack once, whatever becomes of the words they belong to, and may take their time."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.slack.api.client import SlackClient
from adapters.slack.api.files import Files
from adapters.slack.api.preflight import Identity
from adapters.slack.api.shared_files import SharedFiles
from adapters.slack.sender import SlackSender
from adapters.slack.uploads import SlackUploads
from adapters.storage.store import Store
from bot.outbox.attempt import transfer
from bot.ports import FILES_MISSING, Busy, Delivery
from flows.conversation import Address
from flows.effects import Relay
from flows.events import File
from flows.views.dossier import CustomerReply
from flows.views.quotes import verbatim
from tests.adapters.slack.support.limiter import Rates
from tests.adapters.slack.test_sender import delivery
from tests.fakes.slack import Slack
from tests.fakes.world import store_in_memory

CONTENT = b"a line\n" * 1000
SLOW_S = 0.3
"""Seconds of a slow transfer, and more than the session allows a call here."""


class Kept:
    """Fetches every file from memory, but the one called "lost"."""

    async def fetch(self, address: Address, file: File) -> bytes:
        if file.id == "lost":
            raise FileNotFoundError(file.id)
        return CONTENT


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as running:
        running.channel("C1", "help")
        yield running


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    opened = store_in_memory()
    yield opened
    await opened.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Open a session whose limit of time is as short as a real one's is for a file of 20 MB."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SLOW_S / 2)) as opened:
        yield opened


def process(slack: Slack, store: Store, session: aiohttp.ClientSession) -> SlackSender:
    """Start a process with that store."""
    client, shared = SlackClient(session, lambda _team: slack.token, slack.api), SharedFiles()
    shared.attach(store.bookmarks)
    uploads = SlackUploads(client, session, Kept(), shared)
    return SlackSender(client, Rates(), identity, uploads)


async def identity() -> Identity:
    return Identity(token="", team="T1", bot_user="U0BOT", bot_id="B0BOT", url="https://acme.slack.example/")


def reply(*ids: str) -> Delivery:
    files = tuple(File(id=name, name=f"{name}.txt", size=len(CONTENT)) for name in ids)
    said = CustomerReply(who="Max", actor="desk:max", words=verbatim("Try this"), files=files)
    return delivery(Relay(id="relay.0", end="customer", version=3), reply=said)


def brought(slack: Slack) -> list[str]:
    """Return the names of the files in the channel, as often as they are there."""
    return [str(file["name"]) for one in slack.messages("C1") for file in one.get("files") or ()]


@pytest.mark.row("slack", "The words that belong to a file don't arrive at first")
async def test_files_are_shared_once_though_their_words_need_another_attempt(
    slack: Slack, store: Store, session: aiohttp.ClientSession
) -> None:
    slack.faults.busy("chat.postMessage")
    with pytest.raises(Busy):
        await process(slack, store, session).send(reply("a", "lost"))
    assert brought(slack) == ["a.txt"]
    slack.faults.answer("chat.postMessage", 500)
    with pytest.raises(Exception, match="500"):
        await process(slack, store, session).send(reply("a", "lost"))
    await process(slack, store, session).send(reply("a", "lost"))
    assert brought(slack) == ["a.txt"]
    assert "lost.txt" in str(slack.by_the_app("C1")[-1]["blocks"]), "the words still name what is missing"
    assert len(slack.calls("files.getUploadURLExternal")) == 1


@pytest.mark.parametrize(
    ("ids", "left"), [(("a", "lost"), "lost.txt"), (("lost",), "lost.txt"), (("a",), "")]
)
async def test_an_attempt_whose_answer_was_lost_still_says_which_files_are_missing(
    slack: Slack, store: Store, ids: tuple[str, ...], left: str
) -> None:
    slack.faults.lose_answer("chat.postMessage")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await process(slack, store, session).send(reply(*ids))
        receipt = await process(slack, store, session).settle(reply(*ids))
    assert receipt is not None
    assert getattr(receipt, "reason", "") == (f"{FILES_MISSING} {left}" if left else "")


async def test_a_process_that_ends_while_files_are_shared_leaves_it_to_slack_to_say_if_they_were(
    slack: Slack, store: Store, session: aiohttp.ClientSession
) -> None:
    slack.faults.lose_answer("files.completeUploadExternal")
    with pytest.raises(aiohttp.ClientError):
        await process(slack, store, session).send(reply("a"))
    await process(slack, store, session).send(reply("a"))
    assert brought(slack) == ["a.txt"]
    slack.faults.busy("files.completeUploadExternal")
    second = reply("b").model_copy(update={"effect": Relay(id="relay.1", end="customer", version=4)})
    with pytest.raises(Busy):
        await process(slack, store, session).send(second)
    await process(slack, store, session).send(second)
    assert brought(slack) == ["a.txt", "b.txt"]
    assert len(slack.calls("files.getUploadURLExternal")) == 2


async def test_a_large_file_may_take_longer_than_a_call(
    slack: Slack, store: Store, session: aiohttp.ClientSession
) -> None:
    slack.faults.delay("upload", SLOW_S)
    await process(slack, store, session).send(reply("a"))
    assert brought(slack) == ["a.txt"]
    sent = next(iter(slack.workspace.files))
    slack.faults.delay("download", SLOW_S)
    files = Files(SlackClient(session, lambda _team: slack.token, slack.api), session)
    assert await files.fetch(delivery(Relay(id="r", version=3)).address, File(id=sent)) == CONTENT
    largest = reply("a").model_copy(update={"reply": None})
    assert transfer(largest) == 0
    assert transfer(reply("a", "b")) > 40
