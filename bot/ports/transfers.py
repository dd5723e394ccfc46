"""Says how long a file may take, so that each limit of time along its way allows the same."""

from collections.abc import Iterable
from typing import Final

SLOWEST_BYTES_S: Final = 200_000
"""Bytes a second below which a transfer is given up: 20 MB may take 100 seconds and a little."""

START_S: Final = 10.0
"""Seconds in which a transfer of any size may end."""

UNKNOWN_SIZE: Final = 20 * 1024 * 1024
"""Bytes that a file is taken for whose size a platform does not say."""


def transfer_time(size: int) -> float:
    """Return the seconds that moving a file of so many bytes may take."""
    return START_S + (size or UNKNOWN_SIZE) / SLOWEST_BYTES_S


def copying_time(sizes: Iterable[int]) -> float:
    """Return the seconds that downloading files of these sizes and uploading them again may take."""
    return sum(2 * transfer_time(size) for size in sizes)
