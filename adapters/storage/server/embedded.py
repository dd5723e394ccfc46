"""Runs an embedded Valkey in the data folder: the first process starts it, later ones join it, the last one stops it.

Three locks make this safe, and the kernel releases each when its holder dies. A process holds `start` while it starts,
joins or leaves the server. All attached processes share `users`. The server itself inherits `running`, so a free lock
proves that no server uses these files.
"""

import asyncio
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from adapters.storage.health import StoreUnusable
from adapters.storage.server.file_locks import claim, locked, take
from adapters.storage.server.program import TIMEOUT_S, Server, binary
from bot.telemetry import log

PATH_LIMIT: Final = 100
"""Longest path of the socket, in bytes. Systems allow 104 to 108."""

CHECK_INTERVAL_S: Final = 1.0
"""Seconds between two checks whether the server still runs."""

CHECKS_TO_REST: Final = 10
"""Checks after a rewrite that failed, in which no other begins, because the disk is still full."""


class Embedded:
    """Attaches one process to the embedded server of a folder. While attached, restarts a server that dies."""

    def __init__(self, server: Server, users: int) -> None:
        """Call `attach` instead. `users` is the handle of the shared lock."""
        self._server = server
        self._users = users
        self._watching = asyncio.create_task(self._watch(), name="store")

    @classmethod
    async def attach(cls, data_dir: Path, memory_mb: int = 512) -> "Embedded":
        """Start the server of that folder, or join the running one. Raises StoreUnusable."""
        return cls(*await asyncio.to_thread(_attach, data_dir, memory_mb))

    @property
    def folder(self) -> Path:
        """Return the folder of the server's files."""
        return self._server.folder

    @property
    def socket(self) -> Path:
        """Return the path of the socket on which the server listens."""
        return self._server.socket

    async def release(self) -> None:
        """Detach this process. The last attached process stops the server. May be called twice."""
        if self._users < 0:
            return
        users, self._users = self._users, -1
        self._watching.cancel()
        with suppress(asyncio.CancelledError):
            await self._watching
        await asyncio.to_thread(_release, self._server, users)

    async def _watch(self) -> None:
        resting = 0
        while True:
            await asyncio.sleep(CHECK_INTERVAL_S)
            try:
                if self._server.running():
                    resting = await self._rewrite(resting)
                    continue
                log("store").error("the embedded store stopped; restarting it", folder=str(self.folder))
                await asyncio.to_thread(_restart, self._server)
            except StoreUnusable as failure:
                log("store").error(
                    "the embedded store cannot be restarted; trying again", reason=str(failure)
                )
            except Exception:  # noqa: BLE001 # one failed look must not end the watch
                log("store").exception("the embedded store could not be watched; trying again")

    async def _rewrite(self, resting: int) -> int:
        """Let the server rewrite a file with zeros; return the checks to rest, after a rewrite that failed."""
        if resting:
            return resting - 1
        last = await asyncio.to_thread(self._server.rewrite_zeros)
        if last:
            log("store").warning("the disk was full; the store rewrites its file", folder=str(self.folder))
        return CHECKS_TO_REST if last == "err" else 0


def _attach(data_dir: Path, memory_mb: int) -> tuple[Server, int]:
    binary()
    folder = _folder(data_dir)
    server = Server(folder, _socket(folder), memory_mb)
    with _exclusive(folder):
        server.serve()
        return server, take(folder / "users.lock", shared=True)


def _release(server: Server, users: int) -> None:
    try:
        with _exclusive(server.folder):
            if claim(users):
                server.stop()
    finally:
        os.close(users)


def _restart(server: Server) -> None:
    with _exclusive(server.folder):
        server.serve()


@contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """Hold the `start` lock, so that no other process starts, joins or leaves meanwhile. Raises StoreUnusable."""
    try:
        with locked(folder / "start.lock", TIMEOUT_S):
            yield
    except TimeoutError as error:
        raise StoreUnusable(
            f"another process has been starting or stopping the store for a minute; try again ({error})"
        ) from error


# ---------------------------------------------------------------- paths


def _folder(data_dir: Path) -> Path:
    folder = data_dir.expanduser().resolve() / "store"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "start.lock").touch(mode=0o600)
    except OSError as error:
        raise StoreUnusable(
            f"cannot write to {folder} ({error.strerror}); set DATA_DIR to a folder that this user can write to"
        ) from error
    return folder


def _socket(folder: Path) -> Path:
    """Return the socket's path: in the folder, or, if that path is too long, in a private temporary folder."""
    path = folder / "store.sock"
    if len(os.fsencode(path)) <= PATH_LIMIT:
        return path
    digest = hashlib.blake2s(os.fsencode(folder), digest_size=8).hexdigest()
    private = Path(tempfile.gettempdir()) / f"troubletree-{os.getuid()}-{digest}"
    private.mkdir(mode=0o700, exist_ok=True)
    status = private.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise StoreUnusable(
            f"{private} is not private to this user; remove it, or set TMPDIR to another folder"
        )
    return private / "store.sock"
