"""Tests that garbage under every kind of key stops no one else: it is set aside, and counted."""

import shutil
from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio

from adapters.storage.kinds import KINDS
from adapters.storage.store import Store, connect
from tests.contracts.support.scene import Scene
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


async def damaged_keys(scene: Scene) -> list[str]:
    """Let new victims come. Return the keys of every kind that are damaged next."""
    await scene.victims()
    keys = {kind.name: await scene.keys_of(kind.name) for kind in KINDS if kind.name not in NEEDED}
    assert [kind for kind, found in keys.items() if not found] == [], "kinds that the story never uses"
    return [key for found in keys.values() for key in found]


async def everyone_goes_on(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    """Let everyone use the product; those alone notice the damage whose data it is."""
    await scene.work()
    await scene.pages_answer()
    await scene.operator_looks()
    await scene.use_the_rest()
    await scene.come("new", "sent")
    await scene.others_go_on()
    await scene.victims_try()
    assert {scene.ids[f"other/{channel}"] for channel in ("web", "sent")} <= await scene.exported(capsys)


@pytest.mark.asyncio(loop_scope="module")
async def test_garbage_under_every_kind_of_key_stops_no_one_else(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = await damaged_keys(scene)
    before = await scene.store.quarantine.entries()
    for key in keys:
        await scene.damage.spoil(key, scene.spared())
    await everyone_goes_on(scene, capsys)
    assert SET_ASIDE - await scene.set_aside(before) == set()


@pytest.mark.asyncio(loop_scope="module")
async def test_another_type_under_every_kind_of_key_stops_no_one_else(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in await damaged_keys(scene):
        await scene.damage.retype(key)
    await everyone_goes_on(scene, capsys)
