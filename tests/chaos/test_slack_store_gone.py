"""Tests a store that is down for a while: Slack repeats events, clicks say "try again", nothing is lost or doubled."""

import asyncio
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from adapters.storage.store import Store, connect
from bot.wiring.product import App
from tests.chaos.support.slack import SUPPORT, buttons, product
from tests.contracts.support.servers import pings, short_folder, start
from tests.fakes.slack import Slack
from tests.fakes.wait import until, wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120)]

LAMP = "the lamp is dark since May"


class Server:
    """A server that a test can kill, freeze and restart with its data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "redis.sock"
        self.process: subprocess.Popen[bytes]
        self.start()

    def start(self) -> None:
        self.process = start(self.folder, "--port", "0", "--unixsocket", str(self.socket))
        wait_for(lambda: pings(redis.Redis(unix_socket_path=str(self.socket))))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@pytest.fixture
def server() -> Iterator[Server]:
    folder = short_folder()
    started = Server(folder)
    yield started
    started.kill()
    shutil.rmtree(folder)


class Scene:
    """Ana at the lamp's first step, in a thread of the channel C1."""

    def __init__(self, slack: Slack, store: Store, app: App) -> None:
        self.slack, self.store, self.app = slack, store, app
        self.ana = slack.person("U1", name="Ana")
        self.thread = ""

    async def begin(self) -> None:
        self.slack.channel("C1", "help")
        self.thread = await self.ana.mentions("C1", LAMP)
        await self.step("Step 1 of 3")
        await self.quiet()

    async def step(self, words: str) -> dict[str, Any]:
        """Wait until the only message that can be answered has these words, and return it."""

        def there() -> bool:
            live = buttons(self.slack, "C1", self.thread)
            return len(live) == 1 and words in live[0]["text"]

        await self.slack.until(there, 30)
        return buttons(self.slack, "C1", self.thread)[0]

    async def quiet(self) -> None:
        """Wait until every event is handled and every effect is sent."""

        async def still() -> bool:
            await self.slack.settled()
            await self.app.outbox.idle()
            return not await self.store.backlog.waiting()

        await until(still, 30)

    def said(self) -> list[str]:
        return [one["text"].splitlines()[0] for one in self.slack.by_the_app("C1", self.thread)]


@pytest.fixture
async def scene(server: Server) -> AsyncIterator[Scene]:
    store = Store(connect(f"unix://{server.socket}"))
    async with Slack.running() as slack, product(slack, store, SEND_LEASE="1") as app:
        made = Scene(slack, store, app)
        await made.begin()
        yield made
        server.thaw()
    await store.close()


async def test_what_is_done_while_the_store_is_down_is_not_lost_and_not_double(
    server: Server, scene: Scene
) -> None:
    slack, ana = scene.slack, scene.ana
    shown = await scene.step("Step 1 of 3")
    await ana.presses(shown, "Later")
    form = slack.view_of(ana)
    assert form is not None, "Later asks until when"
    server.kill()

    pressed = await ana.presses(shown, "Still failing")
    assert pressed.acked
    (told,) = slack.shown_to(ana)
    assert "try again" in told["text"]
    assert SUPPORT in told["text"]

    submitted = await ana.submits(form, {"until": "hour"})
    assert submitted.acked
    assert submitted.payload is not None
    assert submitted.payload["response_action"] == "errors"
    assert SUPPORT in str(submitted.payload["errors"])
    assert slack.view_of(ana) is not None

    called = await ana.runs("/fix", "the lamp is dark")
    assert called.acked
    assert SUPPORT in str(called.payload)

    slack.post.ack_within, slack.post.retry_after = 0.8, (0.05, 0.05, 1.0)
    await ana.writes("C1", "still failing", thread=scene.thread)
    event = slack.deliveries[-1]
    await slack.until(lambda: event.attempts >= 2)
    assert not event.acked

    await asyncio.to_thread(server.start)
    await scene.quiet()
    assert event.answers[-1].acked
    shown = await scene.step("Step 2 of 3")
    assert scene.said() == [
        "Two sentences on lamps.",
        "Plug it in · Still failing",
        "Step 2 of 3: Look at the bulb",
    ]
    await ana.presses(shown, "Whole")
    await scene.step("Step 3 of 3")
    assert (await ana.submits(form, {"until": "hour"})).payload is None


async def test_a_store_that_freezes_does_not_keep_who_pressed_waiting(server: Server, scene: Scene) -> None:
    slack, ana = scene.slack, scene.ana
    shown = await scene.step("Step 1 of 3")
    server.freeze()
    pressed = await ana.presses(shown, "Still failing")
    assert pressed.acked
    (told,) = slack.shown_to(ana)
    assert SUPPORT in told["text"]
    server.thaw()
    # The server had the click in its hands: it counted, and pressing again says where things stand.
    await scene.step("Step 2 of 3")
    await ana.presses(shown, "Still failing")
    await scene.quiet()
    assert scene.said() == [
        "Two sentences on lamps.",
        "Plug it in · Still failing",
        "Step 2 of 3: Look at the bulb",
    ]
