"""A Valkey of our own: started beside the bot in its data folder, joined by whoever comes, stopped by the last.

Three locks make it safe, and the kernel drops all of them when their holder dies: `start` is held by whoever starts,
joins or leaves; `users` is shared by everybody attached; `running` is inherited by the server itself, so that a free
lock proves that no server works on these files.
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
"""A unix socket's path may have 104 to 108 bytes."""

CHECK_INTERVAL_S: Final = 1.0
"""Seconds between two looks whether the server still runs."""


class Embedded:
    """One process's hold on the embedded server of a folder. While it lasts, a server that dies is started again."""

    def __init__(self, server: Server, users: int) -> None:
        """Use `attach`."""
        self._server = server
        self._users = users
        self._watching = asyncio.create_task(self._watch(), name="store")

    @classmethod
    async def attach(cls, data_dir: Path, memory_mb: int = 512) -> "Embedded":
        """Start the server of that folder, or join the one that runs. Raises StoreUnusable."""
        return cls(*await asyncio.to_thread(_attach, data_dir, memory_mb))

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self._server.folder

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self._server.socket

    async def release(self) -> None:
        """Let go; the last one stops the server. May be called twice."""
        if self._users < 0:
            return
        users, self._users = self._users, -1
        self._watching.cancel()
        with suppress(asyncio.CancelledError):
            await self._watching
        await asyncio.to_thread(_release, self._server, users)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(CHECK_INTERVAL_S)
            if self._server.running():
                continue
            log("store").error("the embedded store stopped; restarting it", folder=str(self.folder))
            try:
                await asyncio.to_thread(_revive, self._server)
            except StoreUnusable as failure:
                log("store").error(
                    "the embedded store cannot be restarted; trying again", reason=str(failure)
                )


def _attach(data_dir: Path, memory_mb: int) -> tuple[Server, int]:
    binary()
    folder = _folder(data_dir)
    server = Server(folder, _socket(folder), memory_mb)
    with _alone(folder):
        server.serve()
        return server, take(folder / "users.lock", shared=True)


def _release(server: Server, users: int) -> None:
    try:
        with _alone(server.folder):
            if claim(users):
                server.stop()
    finally:
        os.close(users)


def _revive(server: Server) -> None:
    with _alone(server.folder):
        server.serve()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While nobody else starts, joins or leaves."""
    try:
        with locked(folder / "start.lock", TIMEOUT_S):
            yield
    except TimeoutError as busy:
        raise StoreUnusable(
            f"another process has been starting or stopping the store for a minute; try again ({busy})"
        ) from busy


# ---------------------------------------------------------------- places


def _folder(data_dir: Path) -> Path:
    folder = data_dir.expanduser().resolve() / "store"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "start.lock").touch(mode=0o600)
    except OSError as refused:
        raise StoreUnusable(
            f"cannot write to {folder} ({refused.strerror}); set DATA_DIR to a folder that this user can write to"
        ) from refused
    return folder


def _socket(folder: Path) -> Path:
    """The socket in the folder, or, where its path would be too long, in a short private folder of its own."""
    path = folder / "store.sock"
    if len(os.fsencode(path)) <= PATH_LIMIT:
        return path
    digest = hashlib.blake2s(os.fsencode(folder), digest_size=8).hexdigest()
    private = Path(tempfile.gettempdir()) / f"troubletree-{os.getuid()}-{digest}"
    private.mkdir(mode=0o700, exist_ok=True)
    found = private.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise StoreUnusable(
            f"{private} is not private to this user; remove it, or set TMPDIR to another folder"
        )
    return private / "store.sock"
