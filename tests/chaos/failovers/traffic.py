"""Writes to many conversations at once, insists as customers do, and counts what was acknowledged and then lost."""

import asyncio
from dataclasses import dataclass, field

from adapters.storage.keys import conversation_id
from adapters.storage.store import Store
from bot.ports import Contended, StoreDown
from flows.conversation import Conversation
from tests.contracts.support.commits import start, tell
from tests.fakes.wait import until


@dataclass
class Traffic:
    """Writers that each extend a conversation of their own, one commit after the other."""

    store: Store
    writers: int = 8
    acked: dict[str, int] = field(default_factory=dict)
    commits: int = 0
    refused: int = 0
    lost: int = 0
    reasons: set[str] = field(default_factory=set)
    stopping: bool = False
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    async def begin(self) -> None:
        """Start the writers, and wait until each has started its conversation."""
        self._tasks = [asyncio.create_task(self._write(f"traffic/{n}")) for n in range(self.writers)]
        await self.more(self.writers)

    async def more(self, commits: int) -> None:
        """Wait until that many more commits were acknowledged."""
        goal = self.commits + commits

        async def enough() -> bool:
            for task in self._tasks:
                if task.done():
                    task.result()
            return self.commits >= goal

        await until(enough, 20)

    async def every_writer(self) -> None:
        """Wait until every conversation has grown: that is, until every shard in use is served again."""
        before = dict(self.acked)

        async def grown() -> bool:
            return all(self.acked[door] > version for door, version in before.items())

        await until(grown, 20)

    async def end(self) -> None:
        """Stop the writers, and count what the store no longer has of what it acknowledged."""
        self.stopping = True  # not canceled: a library may swallow that
        await asyncio.gather(*self._tasks)
        for door, version in self.acked.items():
            at = await self.store.conversations.load(conversation_id(door, "s"))
            self._count_lost(door, at.version if at else 0, version)

    async def _write(self, door: str) -> None:
        at = await self._start(door)
        number = 0
        while not self.stopping:
            number += 1
            try:
                done = await self.store.conversations.commit(tell(at, f"{door}.{number}", lease=1))
            except StoreDown as down:
                self._note(down)
                number -= 1
                await asyncio.sleep(0.02)
                continue
            except Contended:
                self._count_lost(door, 0, self.acked[door])
                at = await self._start(door)
                continue
            at = done.conversation
            self._count_lost(door, at.version, self.acked[door])
            if done.outcome != "conflict":
                self.acked[door] = at.version
                self.commits += 1

    async def _start(self, door: str) -> Conversation:
        while True:
            try:
                done = await self.store.conversations.commit(start(door=door, contact=f"slack:{door}"))
            except StoreDown as down:
                self._note(down)
                await asyncio.sleep(0.02)
                continue
            self.acked[door] = done.conversation.version
            self.commits += 1
            return done.conversation

    def _note(self, down: StoreDown) -> None:
        self.refused += 1
        self.reasons.add(str(down))

    def _count_lost(self, door: str, kept: int, acked: int) -> None:
        if kept < acked:
            self.lost += acked - kept
            self.acked[door] = kept
