"""Locks between processes: files that the kernel unlocks when their holder dies, however it dies."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

CHECK_INTERVAL_S: Final = 0.02
"""Seconds between two looks at something that is not ready yet."""


def take(path: Path, *, shared: bool = False) -> int:
    """Open a lock file and lock it, at once or not at all (BlockingIOError); closing it lets go."""
    import fcntl

    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BaseException:
        os.close(handle)
        raise
    return handle


def claim(handle: int) -> bool:
    """Make a shared lock one's own alone; False when others share it."""
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def held(path: Path) -> bool:
    """Whether somebody holds the lock for themselves alone. The look itself is shared, so two never meet."""
    try:
        os.close(take(path, shared=True))
    except BlockingIOError:
        return True
    return False


@contextmanager
def locked(path: Path, patience: float) -> Iterator[int]:
    """Wait for the lock, that long at most (TimeoutError), and hold it inside; gives the file's handle."""
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
