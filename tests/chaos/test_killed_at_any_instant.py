"""Tests that kill -9 between any two effects loses nothing and keeps the order (L4 and L5), on the embedded store."""

import asyncio
import itertools
import random
import signal
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from bot.wiring.product import App
from flows.effects import Ask, Change, Tell
from tests.chaos.support.process import attached
from tests.fakes import warm_process

ROUNDS = 12
LONGEST = 60.0


class Crew:
    """Runs writers and workers as real processes."""

    def __init__(self, folder: Path) -> None:
        self.data, self.rooms, self.acked = folder / "data", folder / "rooms", folder / "acked"
        self.rooms.touch()
        self.acked.touch()
        self.names = (f"p{n}" for n in itertools.count())
        self.members: list[tuple[str, subprocess.Popen[bytes]]] = []

    def hire(self, role: str) -> None:
        arguments = [role, str(self.data), str(self.rooms), str(self.acked), next(self.names)]
        process = warm_process.start(["-m", "tests.chaos.support.process", *arguments])
        self.members.append((role, process))

    def kill(self, member: tuple[str, subprocess.Popen[bytes]]) -> None:
        member[1].send_signal(signal.SIGKILL)
        member[1].wait()
        self.members.remove(member)

    async def news(self, more: int) -> None:
        """Wait until that many more lines were acknowledged or sent."""
        goal = self.lines() + more
        async with asyncio.timeout(LONGEST):
            while self.lines() < goal:  # noqa: ASYNC110 # other processes write these files
                await asyncio.sleep(0.005)

    def lines(self) -> int:
        return self.acked.read_text().count("\n") + self.rooms.read_text().count("\n")


@pytest.mark.timeout(240)
async def test_a_process_killed_at_any_instant_loses_nothing_and_breaks_no_order(tmp_path: Path) -> None:
    crew = Crew(tmp_path)
    chance = random.Random(7)
    for role in ("writer", "worker", "worker"):
        crew.hire(role)
    try:
        for _ in range(ROUNDS):
            await crew.news(chance.randint(5, 25))
            victim = chance.choice(crew.members)
            crew.kill(victim)
            crew.hire(victim[0])
    finally:
        for member in tuple(crew.members):
            crew.kill(member)
    async with attached(crew.data, crew.rooms) as app:
        await drain(app)
        await judge(app, crew)


async def drain(app: App) -> None:
    """Carry out effects until none waits. Leases of dead processes expire meanwhile."""
    async with asyncio.timeout(LONGEST):
        while await app.store.backlog.waiting():
            await app.outbox.pick_up()
            await app.outbox.idle()
            await asyncio.sleep(0.05)


async def judge(app: App, crew: Crew) -> None:
    acked: dict[str, int] = defaultdict(int)
    for line in crew.acked.read_text().splitlines():
        conversation, version = line.split()
        acked[conversation] = max(acked[conversation], int(version))
    sent: dict[str, list[str]] = defaultdict(list)
    for line in crew.rooms.read_text().splitlines():
        conversation, effect = line.split()
        sent[conversation].append(effect)
    assert len(acked) > ROUNDS
    assert await app.store.backlog.buried() == ()
    for conversation, recorded in acked.items():
        rows = await app.store.conversations.journal(conversation)
        assert len(rows) >= recorded, "an acknowledged event is gone"
        expect(rows, sent[conversation])


def expect(rows: tuple[Change, ...], sent: list[str]) -> None:
    """Check that each message arrived once, in the journal's order. Only prompts of past turns may be missing."""
    effects = [effect for row in rows for effect in row.effects if isinstance(effect, Ask | Tell)]
    order = [effect.id for effect in effects]
    assert sorted(set(sent), key=order.index) == sent, "twice, or out of order"
    missing = [effect for effect in effects if effect.id not in sent]
    last = max(effect.turn for effect in effects if isinstance(effect, Ask))
    assert all(isinstance(effect, Ask) and effect.turn < last for effect in missing), "a message is lost"
