"""Carries out the plan: kills, stops and starves the product, and makes the platforms fail."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from tests.chaos.campaign.ledger import Ledger
from tests.chaos.campaign.plan import Fault
from tests.chaos.campaign.town import Town

POST: Final = "/channels/*/messages"
CALLBACK: Final = "/interactions/*/*/callback"
STILL_S: Final = 12.0
"""Seconds without a conversation that ends, after which the next fault comes anyway."""

LOOK_S: Final = 0.1
TAIL_KB: Final = 4
"""Kilobytes that a full disk leaves."""


class Weather:
    """Strikes a town. `done` says how many conversations are over."""

    def __init__(self, town: Town, ledger: Ledger, done: Callable[[], int]) -> None:
        self.town, self.ledger, self.done = town, ledger, done
        self._lasting: set[asyncio.Task[None]] = set()

    async def strike(self, plan: tuple[Fault, ...]) -> None:
        """Let every fault of the plan come in its time."""
        loop = asyncio.get_running_loop()
        for fault in plan:
            seen, since = self.done(), loop.time()
            while self.done() < fault.after and loop.time() - since < STILL_S:
                await asyncio.sleep(LOOK_S)
                if self.done() != seen:
                    seen, since = self.done(), loop.time()
            self.ledger.befell(str(fault))
            task = asyncio.create_task(self._begin(fault))
            self._lasting.add(task)
            task.add_done_callback(self._lasting.discard)

    async def clear_up(self) -> None:
        """End whatever lasts: the sun comes out."""
        await asyncio.gather(*self._lasting)
        for number in tuple(self.town.held):
            self.town.let_go(number)
        self.town.slack.faults.forget()
        self.town.slack.sockets.accept()
        self.town.discord.faults.forget()
        self.town.discord.comes_back()

    async def _begin(self, fault: Fault) -> None:
        for begin in (self._on_processes, self._on_the_store, self._on_slack, self._on_discord):
            if await begin(fault):
                return
        raise ValueError(f"no such fault: {fault.kind}")

    async def _on_processes(self, fault: Fault) -> bool:
        match fault.kind:
            case "kill":
                self.town.kill(fault.part)
            case "stop":
                self.town.hold(fault.part)
                await asyncio.sleep(fault.seconds)
                self.town.let_go(fault.part)
            case _:
                return False
        return True

    async def _on_the_store(self, fault: Fault) -> bool:
        match fault.kind:
            case "store-kill":
                self.town.signal_store(signal.SIGKILL)
            case "store-freeze":
                self.town.signal_store(signal.SIGSTOP)
                await asyncio.sleep(fault.seconds)
                self.town.signal_store(signal.SIGCONT)
            case "store-full":
                await self._fill(fault.seconds)
            case _:
                return False
        return True

    async def _fill(self, seconds: float) -> None:
        """Leave no room on the file system of the data folder for a while."""
        if not self.town.data.is_mount():
            self.ledger.befell("not-filled, because no file system of its own could be mounted")
            return
        free = os.statvfs(self.town.data)
        size = free.f_bavail * free.f_frsize - TAIL_KB * 1024
        with NamedTemporaryFile(prefix="ballast-", dir=self.town.data) as ballast:
            with suppress(OSError):
                os.posix_fallocate(ballast.fileno(), 0, max(1, size))
            await asyncio.sleep(seconds)

    async def _on_slack(self, fault: Fault) -> bool:
        slack, times = self.town.slack, fault.times
        act: dict[str, Callable[[], object]] = {
            "slack-cut": slack.sockets.cut,
            "slack-429": lambda: slack.faults.busy("*", 1, times),
            "slack-500": lambda: slack.faults.answer("*", 503, times=times),
            "slack-silent": lambda: slack.faults.lose_answer("*", times),
            "slack-late": lambda: slack.faults.delay("chat.postMessage", fault.seconds, times),
            "slack-twice": lambda: slack.faults.duplicate_events(times),
            "slack-reordered": lambda: slack.faults.reorder_events(min(3, 1 + times)),
            "slack-delayed": lambda: slack.faults.delay_events(fault.seconds, times),
        }
        if fault.kind == "slack-away":
            slack.sockets.refuse(fault.seconds)
            slack.sockets.cut()
            return True
        if fault.kind not in act:
            return False
        act[fault.kind]()
        return True

    async def _on_discord(self, fault: Fault) -> bool:
        discord, times = self.town.discord, fault.times
        act: dict[str, Callable[[], object]] = {
            "discord-cut": discord.gateway.drop,
            "discord-forgets": discord.gateway.invalidate,
            "discord-429": lambda: discord.faults.limit("*", "**", seconds=0.5, times=times),
            "discord-500": lambda: discord.faults.refuse("*", "/channels/**", 503, times),
            "discord-silent": lambda: discord.faults.lose("*", "/channels/**", times),
            "discord-late": lambda: discord.faults.slow("*", "**", fault.seconds, times),
        }
        if fault.kind == "discord-away":
            with discord.away():
                await asyncio.sleep(fault.seconds)
            return True
        if fault.kind not in act:
            return False
        act[fault.kind]()
        return True


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """Make the folder a file system of its own, of that size, where this user may. Say whether it is one."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(folder)]
    made = os.geteuid() == 0 and _run(words) == 0
    try:
        yield made
    finally:
        if made:
            _run(["umount", "-l", str(folder)])


def _run(words: list[str]) -> int:
    return subprocess.run(words, capture_output=True, check=False).returncode
