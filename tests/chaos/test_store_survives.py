"""Tests kill -9 of committing processes and of the embedded server: no acknowledged commit is lost (L2 and L4)."""

import os
import random
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from adapters.storage.records.record import ARMED
from adapters.storage.store import Store, open_store
from bot.ports import StoreDown
from flows.conversation import Conversation
from flows.engine import apply
from tests.chaos.support.store_writer import ids
from tests.fakes import warm_process
from tests.fakes.embedded import running
from tests.fakes.wait import until, wait_for

pytestmark = pytest.mark.chaos

ROUNDS = 8
CHANCE = random.Random(3)


class Scene:
    """A data folder, the file of acknowledged commits, and the processes that write."""

    def __init__(self, folder: Path) -> None:
        self.data, self.acked = folder / "data", folder / "acked"
        self.acked.touch()
        self.writers: dict[str, subprocess.Popen[bytes]] = {}

    def write(self, name: str) -> None:
        arguments = [str(self.data), str(self.acked), name]
        self.writers[name] = warm_process.start(["-m", "tests.chaos.support.store_writer", *arguments])

    def kill(self, name: str) -> None:
        self.writers[name].kill()
        self.writers[name].wait()

    def noted(self) -> int:
        return len(self.acked.read_text().splitlines())

    def begun(self) -> None:
        """Wait until every writer has started its conversations, because a starting one would give up."""
        wanted = {each for name in self.writers for each in ids(name)}
        wait_for(
            lambda: (
                self.acked.exists()
                and wanted <= {line.split()[0] for line in self.acked.read_text().splitlines()}
            ),
            60,
        )

    def go_on(self, commits: int) -> None:
        """Wait until that many more commits were acknowledged."""
        goal = self.noted() + commits
        wait_for(lambda: self.noted() >= goal, 60)


@pytest.fixture
def scene() -> Iterator[Scene]:
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        made = Scene(Path(folder))
        yield made
        for name in made.writers:
            made.kill(name)


async def check(scene: Scene, store: Store) -> None:
    """Check that each acknowledged version is in its journal, and that all the stored data agrees."""
    acked: dict[str, int] = {}
    for line in scene.acked.read_text().splitlines():
        conversation, told = line.split()
        acked[conversation] = max(acked.get(conversation, 0), int(told))
    assert set(acked) == {each for name in scene.writers for each in ids(name)}
    waiting = await store.backlog.waiting()
    for conversation, version in acked.items():
        at = await store.conversations.load(conversation)
        assert at is not None
        assert at.version >= version
        replayed = Conversation(id=conversation)
        rows = await store.conversations.journal(conversation)
        for row in rows:
            replayed = apply(replayed, row)
        assert replayed == at
        assert len(rows) == at.version
        assert sum(letter.conversation == conversation for letter in waiting) == at.version - 1
        shard = store.wire.keys.shard(conversation)
        assert await store.wire.ask("HLEN", shard.seen + conversation) == at.version
        timers = [
            name
            for name in await store.wire.ask("ZRANGE", shard.alarms, 0, -1)
            if name.startswith(conversation)
        ]
        armed = str(await store.wire.ask("HGET", shard.records + conversation, ARMED) or "")
        assert [f"{conversation} {each.partition(':')[0]}" for each in armed.split()] == timers


async def test_killing_those_who_commit_loses_nothing_that_was_acknowledged(scene: Scene) -> None:
    for name in ("a", "b"):
        scene.write(name)
    scene.begun()
    for _ in range(ROUNDS):
        name = CHANCE.choice("ab")
        scene.kill(name)
        scene.write(name)
        scene.go_on(CHANCE.randint(1, 120))
    for name in "ab":
        scene.kill(name)
    store = await open_store(None, scene.data)
    await check(scene, store)
    await store.close()
    assert not running(scene.data)


async def test_killing_the_server_loses_nothing_that_was_acknowledged(scene: Scene) -> None:
    for name in ("a", "b"):
        scene.write(name)
    store = await open_store(None, scene.data)
    scene.begun()
    for _ in range(ROUNDS):
        os.kill(await server(store), signal.SIGKILL)
        scene.go_on(CHANCE.randint(1, 120))
    for name in "ab":
        scene.kill(name)
    await check(scene, store)
    await store.close()
    assert not running(scene.data)


async def server(store: Store) -> int:
    """Return the process that serves now."""

    async def answers() -> int:
        with suppress(StoreDown):
            return int((await store.wire.infos())[0]["process_id"])
        return 0

    return int(await until(answers, 30))


async def test_killing_everything_at_once_loses_nothing_that_was_acknowledged(scene: Scene) -> None:
    for _ in range(3):
        scene.write("a")
        scene.go_on(100)
        pid = int((scene.data / "store" / "store.pid").read_text())
        os.kill(pid, signal.SIGKILL)
        scene.kill("a")
        wait_for(lambda: not running(scene.data))
    store = await open_store(None, scene.data)
    await check(scene, store)
    await store.close()
