"""Tests what a process does again and again, and that it restocks a store that was emptied under it."""

from collections.abc import AsyncIterator

import pytest

from bot.wiring.app import compose
from bot.wiring.flow_files import FlowFiles
from bot.wiring.processes.worker import repeated_tasks, restock
from bot.wiring.product import App
from bot.wiring.settings import load_settings
from tests.fakes.flows import catalogue
from tests.fakes.world import store_in_memory


@pytest.fixture
async def app() -> AsyncIterator[App]:
    """Return a process on a store in memory."""
    store = store_in_memory()
    await store.prepare()
    yield compose(load_settings({}), store, FlowFiles(catalogue=catalogue(), readings=()))
    await store.close()


async def test_every_process_shares_metrics_and_only_a_worker_offers_help_and_finishes_erasures(
    app: App,
) -> None:
    assert [task.name for task in repeated_tasks(app, worker=False)] == ["metrics", "restock"]
    assert {task.name for task in repeated_tasks(app, worker=True)} >= {"offers", "erasures"}
    for task in repeated_tasks(app, worker=True):
        await task.do()


async def test_a_store_that_was_emptied_and_accepted_gets_the_flows_and_secrets_of_its_processes(
    app: App,
) -> None:
    secret = await app.store.vault.secret("web")
    await app.store.wire.client.flushall()
    await app.store.health.accept()
    await restock(app)
    for flow in app.catalogue.flows:
        assert await app.store.revisions.fetch(flow.revision) == flow
    assert await app.store.vault.secret("web") == secret


async def test_a_process_restores_no_secret_that_it_does_not_use(app: App) -> None:
    await restock(app)
    assert not [key async for key in app.store.wire.client.scan_iter("*secret*")]
