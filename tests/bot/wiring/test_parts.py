"""Tests that the page and a listener that die in a running process come back, while everything else goes on."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

import httpx
import pytest

from adapters.slack.api.socket_mode import run as over_sockets
from adapters.slack.app import Access, SlackApp
from adapters.web.server import _Server
from bot.wiring.app import compose
from bot.wiring.flow_files import FlowFiles
from bot.wiring.processes import Parts, serve
from bot.wiring.processes.supervisor import Supervisor
from bot.wiring.product import Platforms
from bot.wiring.settings import load_settings
from tests.fakes.flows import catalogue
from tests.fakes.slack import Slack
from tests.fakes.wait import until
from tests.fakes.world import store_in_memory

TEXT: Final = "The lamp stays dark"


class Deaths:
    """Lets the page's server or the listening to Slack end once, as if it had failed, when a test says so."""

    def __init__(self, patch: pytest.MonkeyPatch, slack: Slack) -> None:
        self._slack = slack
        self.page, self.slack = False, asyncio.Event()
        self.pauses: list[float] = []
        tick = _Server.on_tick

        async def ends(server: _Server, counter: int) -> bool:
            dies, self.page = self.page, False
            return dies or await tick(server, counter)

        patch.setattr(_Server, "on_tick", ends)
        patch.setattr("adapters.slack.app.run", self._listen)
        patch.setattr("bot.wiring.processes.parts.Supervisor", partial(Supervisor, wait=self._pause))

    async def _listen(self, app: Any, token: str, web: Any, stop: asyncio.Event, **more: Any) -> None:
        """Listen until asked to stop, or to die: then return, although no one asked the process to stop."""
        ends = asyncio.Event()
        waiting = [asyncio.create_task(event.wait()) for event in (stop, self.slack)]
        listening = asyncio.create_task(over_sockets(app, token, web, ends, **more))
        await asyncio.wait((*waiting, listening), return_when=asyncio.FIRST_COMPLETED)
        self.slack.clear()
        ends.set()
        await listening
        for task in waiting:
            task.cancel()

    async def _pause(self, _until: asyncio.Event, seconds: float) -> None:
        self.pauses.append(seconds)
        self._slack.bell.ring()


@asynccontextmanager
async def served(slack: Slack) -> AsyncIterator[tuple[str, "asyncio.Task[None]"]]:
    """Run the page, a worker and the listening to Slack. Yield the page's address and the running task."""
    platform = SlackApp(Access(bot_token=slack.token, app_token=slack.app_token, api_url=slack.api))
    store = store_in_memory()
    await store.prepare()
    settings = load_settings({"PORT": "0"})
    app = compose(settings, store, FlowFiles(catalogue=catalogue(), readings=()), (), Platforms((platform,)))
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(serve(app, Parts(web=True, worker=True, slack=True), address.set_result))
    try:
        yield await address, running
    finally:
        signal.raise_signal(signal.SIGTERM)
        await running
        await app.outbox.idle()
        await platform.close()
        await store.close()


async def answers(client: httpx.AsyncClient, page: str) -> bool:
    try:
        return (await client.get(f"{page}/healthz")).status_code == 200
    except httpx.TransportError:
        return False


async def test_a_page_and_a_listener_that_die_come_back_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        deaths = Deaths(monkeypatch, slack)
        async with served(slack) as (page, running), httpx.AsyncClient() as client:
            await slack.connected(2)
            assert await answers(client, page)

            deaths.slack.set()
            await slack.until(lambda: slack.sockets.opened >= 4)
            await slack.connected(2)
            assert await answers(client, page)
            thread = await slack.person("U1", name="Ana").mentions("C1", TEXT)
            await slack.until(lambda: slack.by_the_app("C1", thread))
            assert deaths.pauses == [1.0]

            deaths.page = True
            await slack.until(lambda: len(deaths.pauses) == 2)
            await until(lambda: answers(client, page))
            assert deaths.pauses == [1.0, 1.0]
            assert slack.sockets.opened == 4
            assert not running.done()
