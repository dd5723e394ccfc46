"""Tests that garbage under any kind of key stops no one else: it is set aside, and counted."""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.storage.kinds import KINDS
from adapters.storage.store import Store, connect
from tests.contracts.support.damage import Scene
from tests.contracts.support.servers import short_folder
from tests.fakes.embedded import attached

NEEDED = frozenset({"meta", "identity", "secrets"})
"""Kinds without which no process can use the store: it says so at its start, and goes on while it runs."""

HARMLESS = frozenset(
    {
        "receipts",
        "holds",
        "revisions",
        "doors",
        "places",
        "seen",
        "channels",
        "contacts",
        "marks",
        "once",
        "vault",
        "probe",
        "viewed",
    }
)
"""Kinds whose garbage is taken for something that is not there, and written over."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene() -> AsyncIterator[Scene]:
    """Open the product once, on a store with one shard, so that everyone shares the damaged keys."""
    folder = short_folder()
    async with attached(folder) as server:
        opened = await Scene(Store(connect(f"unix://{server.socket}"), "damaged", shards=1)).open()
        yield opened
        await opened.close()
    shutil.rmtree(folder)


async def walk(scene: Scene, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Use everything beside the damage."""
    await scene.work()
    await scene.others_go_on()
    await scene.pages_answer()
    await scene.victims_try()
    assert {scene.ids[f"other/{channel}"] for channel in ("web", "sent")} <= await scene.exported(capsys)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("kind", [kind.name for kind in KINDS if kind.name not in NEEDED])
async def test_garbage_under_a_kind_of_key_stops_no_one_else(
    scene: Scene, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await scene.victims()
    before = await scene.store.quarantine.entries()
    for key in await scene.keys_of(kind):
        await scene.spoil(key)
    await scene.work()
    await scene.pages_answer()
    await scene.operator_looks()
    await scene.come(f"new in {kind}", "sent")
    assert (await scene.found(before) != []) is (kind not in HARMLESS)
    for key in await scene.keys_of(kind):
        await scene.retype(key)
    await walk(scene, kind, capsys)
