"""Runs processes of this release and of the one before, which is built from the project's history."""

import asyncio
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import httpx

from tests.conftest import need
from tests.fakes import warm_process
from tests.fakes.wait import until

BEFORE: Final = "0d05d7b"
"""The last commit whose releases announce nothing and store format 1."""

ROOT: Final = Path(__file__).resolve().parents[3]

PATIENCE_S: Final = 200
"""Seconds that anything may take on a busy machine. A start of the release before compiles it first."""

PAUSE_S: Final = 0.2
"""Seconds between two looks at processes: looking costs them time, too."""

QUICK: Final = (
    "import bot.announcement, adapters.storage.records.formats as formats\n"
    "bot.announcement.RENEW_S, formats.PAUSE_S = 0.3, 0.2\n"
    "from bot.__main__ import main\n"
    "main()"
)
"""This release, with less time between announcements and between the steps of the switch."""


def build_before(folder: Path, project: Path = ROOT) -> Path:
    """Write the files of the release before into a folder. Skips the test if the project's history lacks it."""
    git = shutil.which("git")
    need("git", git, "install it")
    archive = [str(git), "-C", str(project), "archive", BEFORE, "bot", "flows", "adapters"]
    found = subprocess.run(archive, check=False, capture_output=True)
    remedy = "run git fetch --unshallow, or clone with the whole history"
    need(f"the commit {BEFORE}, which is the release before,", found.returncode == 0, remedy)
    with tarfile.open(fileobj=io.BytesIO(found.stdout)) as packed:
        packed.extractall(folder, filter="data")
    return folder


class Release:
    """Starts processes of one release on the same store and settings."""

    def __init__(
        self, folder: Path, settings: dict[str, str], killed: ExitStack, source: Path = ROOT
    ) -> None:
        """`killed` ends what still runs when a test has failed."""
        self.folder, self._source, self._killed = folder, source, killed
        self._env = {**os.environ, "PYTHONPATH": str(source), **settings}
        folder.mkdir()

    async def run(self) -> "Process":
        """Start everything in one process, and wait until its page is ready."""
        process = Process(self._start("run"), self.folder / "out")
        self._killed.callback(process.kill)
        await process.ready()
        return process

    def refusal(self) -> str:
        """Start a command that refuses to work on the store. Return why."""
        process = self._start("unmatched")
        assert process.wait(PATIENCE_S) == 1
        return (self.folder / "out").read_text()

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        with (self.folder / "out").open("wb") as out:
            ends: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": out}
            if self._source == ROOT:
                return warm_process.start(["-c", QUICK, *words], cwd=self.folder, env=self._env, **ends)
            command = [sys.executable, "-m", "bot", *words]
            return subprocess.Popen(command, cwd=self._source, env=self._env, **ends)


class Process:
    """A running process with a page."""

    def __init__(self, process: "subprocess.Popen[bytes]", out: Path) -> None:
        self._process, self._out = process, out
        self.page = httpx.AsyncClient()

    async def ready(self) -> None:
        """Wait until the page is ready to serve."""
        await until(self._is_ready, PATIENCE_S, PAUSE_S)

    async def _is_ready(self) -> bool:
        found = re.search(r"The page +(http://\S+)", self._out.read_text())
        if found is None:
            assert self._process.poll() is None, self._out.read_text()
            return False
        self.page.base_url = found[1]
        return (await self.page.get("/readyz")).status_code == 200

    async def stop(self) -> None:
        """Stop it as an operator does."""
        await self.page.aclose()
        self._process.terminate()
        assert await asyncio.to_thread(self._process.wait, PATIENCE_S) == 0, self._out.read_text()

    def kill(self) -> None:
        """Kill it, if it still runs, when a test has failed."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(30)
