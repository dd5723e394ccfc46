"""Locks files between processes. The kernel unlocks a file when its holder dies, however that happens."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

CHECK_INTERVAL_S: Final = 0.02
"""Seconds between two checks of something that is not ready yet."""


def take(path: Path, *, shared: bool = False) -> int:
    """Open and lock a file without waiting. Return its handle; closing it unlocks the file. Raises BlockingIOError."""
    import fcntl

    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BaseException:
        os.close(handle)
        raise
    return handle


def claim(handle: int) -> bool:
    """Turn a shared lock into an exclusive one. Returns False if other processes share the lock."""
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def held(path: Path) -> bool:
    """Return whether a process holds the lock exclusively. This check shares the lock, so checks don't collide."""
    try:
        os.close(take(path, shared=True))
    except BlockingIOError:
        return True
    return False


@contextmanager
def locked(path: Path, patience: float) -> Iterator[int]:
    """Wait up to `patience` seconds for the lock and hold it. Yields the file's handle. Raises TimeoutError."""
    deadline = time.monotonic() + patience
    handle = -1
    while handle < 0:
        try:
            handle = take(path)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{path} is held by another process") from None
            time.sleep(CHECK_INTERVAL_S)
    try:
        yield handle
    finally:
        os.close(handle)
