"""Tests that garbage under any kind of key stops no one else: it is set aside, and counted."""

import shutil
from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio

from adapters.storage.kinds import KINDS
from adapters.storage.store import Store, connect
from tests.contracts.support.damage import Scene
from tests.contracts.support.servers import short_folder
from tests.fakes.embedded import attached

NEEDED: Final = frozenset({"meta", "identity", "secrets"})
"""Kinds without which no process can use the store: it says so at its start, and goes on while it runs."""

SET_ASIDE: Final = frozenset(
    {
        "records",
        "journals",
        "words",
        "lanes",
        "alarms",
        "queues",
        "counter",
        "letters",
        "tickets",
        "board",
        "ended",
        "guiding",
        "accounts",
    }
)
"""Kinds whose garbage is set aside when it is read. Garbage of the others is taken for something that is not there."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene() -> AsyncIterator[Scene]:
    """Open the product once, on a store with one shard, so that everyone shares the damaged keys."""
    folder = short_folder()
    async with attached(folder) as server:
        opened = await Scene(Store(connect(f"unix://{server.socket}"), "damaged", shards=1)).open()
        yield opened
        await opened.close()
    shutil.rmtree(folder)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("kind", [kind.name for kind in KINDS if kind.name not in NEEDED])
async def test_garbage_under_a_kind_of_key_stops_no_one_else(
    scene: Scene, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await scene.victims()
    before = await scene.store.quarantine.entries()
    keys = await scene.keys_of(kind)
    for key in keys:
        await scene.spoil(key)
    await scene.work()
    await scene.pages_answer()
    await scene.operator_looks()
    await scene.come(f"new in {kind}", "sent")
    assert not keys or kind not in SET_ASIDE or await scene.found(before)
    for key in keys:
        await scene.retype(key)
    await scene.others_go_on()
    await scene.pages_answer()
    await scene.victims_try()
    assert {scene.ids[f"other/{channel}"] for channel in ("web", "sent")} <= await scene.exported(capsys)
