"""Tests the page on a real Redis that is full, read-only or emptied: nothing is promised, and no restart is needed."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest
import redis

from adapters.storage.store import Store, connect
from adapters.web import create
from bot.wiring.app import compose, read_flows
from bot.wiring.settings import load_settings
from bot.wiring.web import site
from tests.adapters.web.support.site import ADDRESS
from tests.adapters.web.support.visitor import Browser, begun
from tests.contracts.support.servers import pings, short_folder, start
from tests.fakes.wait import wait_for


class Page:
    """The page on a real server, with a visitor, and the server's own console."""

    def __init__(self, client: httpx.AsyncClient, store: Store, console: "redis.Redis") -> None:
        self.client, self.store, self.console = client, store, console
        self.browser = Browser(client)

    async def readiness(self) -> dict[str, str]:
        """Return what `/readyz` says is wrong."""
        self.store.health.check_again()
        answer = await self.client.get("/readyz")
        assert (answer.status_code == 503) is ("wrong" in answer.json())
        return dict(answer.json().get("wrong", {}))

    async def goes_wrong(self, fault: Callable[[], object], check: str, reason: str) -> str:
        """Do that to the server: readiness names it, and a click shows the support address. Return the form."""
        form = self.browser.form("answered:still-failing")
        fault()
        assert reason in (await self.readiness())[check]
        await self.browser.post(form, 503, do="answered:still-failing")
        assert "I can't save your answers right now" in self.browser.text
        assert "help@acme.example" in self.browser.text
        return form

    async def goes_on(self, form: str, step: str) -> None:
        """The same click counts, without a restart of the bot."""
        self.store.wire.identity.look_again()
        assert await self.readiness() == {}
        await self.browser.post(form, do="answered:still-failing")
        assert step in self.browser.text


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    folder = short_folder()
    process = start(folder, "--port", "0", "--unixsocket", str(folder / "redis.sock"))
    wait_for(lambda: pings(redis.Redis(unix_socket_path=str(folder / "redis.sock"))))
    yield folder / "redis.sock"
    process.kill()
    process.wait()
    shutil.rmtree(folder)


@pytest.fixture
async def page(socket: Path) -> AsyncIterator[Page]:
    store = Store(connect(f"unix://{socket}"))
    await store.prepare()
    settings = load_settings({"support_email": "help@acme.example", "public_url": ADDRESS})
    app = compose(settings, store, read_flows(settings))
    for flow in app.catalogue.by_id.values():
        await store.revisions.keep(flow)
    transport = httpx.ASGITransport(create(await site(app)), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        yield Page(client, store, redis.Redis(unix_socket_path=str(socket), decode_responses=True))
    await store.close()


async def test_a_full_or_read_only_store_is_said_and_the_same_click_counts_later(page: Page) -> None:
    await begun(await page.browser.open("/"))
    form = await page.goes_wrong(lambda: page.console.config_set("maxmemory", "1"), "writable", "OOM")
    page.console.config_set("maxmemory", "0")
    await page.goes_on(form, "Step 2 of 5")
    form = await page.goes_wrong(lambda: page.console.replicaof("127.0.0.1", "1"), "writable", "READONLY")
    page.console.replicaof("NO", "ONE")
    await page.goes_on(form, "Step 3 of 5")


async def test_an_emptied_store_is_refused_until_someone_accepts_it(page: Page) -> None:
    await begun(await page.browser.open("/"))
    form = await page.goes_wrong(page.console.flushall, "identity", "lost its data")
    await page.browser.post(form, 503, do="answered:still-failing")
    assert not [key for key in page.console.scan_iter("*") if ":c:" in key], "nothing was recorded"
    async with httpx.AsyncClient(transport=page.client._transport, base_url=ADDRESS) as stranger:
        await Browser(stranger).open("/")
        answer = await stranger.post("/api/conversations", json={"flow": "connection-not-active"})
        assert answer.status_code == 503
    await page.store.health.accept()
    page.store.wire.identity.look_again()
    assert await page.readiness() == {}
    await begun(await Browser(page.client).open("/"))
