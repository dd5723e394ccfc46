"""Says how long a file may take, and defines the port for uploaded files."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

from flows.events import File
from flows.values import Frozen

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


ALL_FILES: Final = "all"
"""The share in which every file counts."""


class Upload(Frozen):
    """A file that came with a message, and its content. The file's place names the conversation.

    The same file of the same message has the same id, however often it comes.
    """

    file: File
    content: bytes


class Uploads(Protocol):
    """Stores uploaded files, which no platform stores, for a few days."""

    async def hold(self, uploads: Sequence[Upload], shares: Mapping[str, int]) -> None:
        """Store the files of one message, before it is recorded, if every share has room for them.

        `shares` are the most bytes of all files that count in a share, by its name. Raises NoRoom, and then nothing is
        stored, and StoreDown.
        """

    async def settle(self, uploads: Sequence[Upload]) -> None:
        """Keep the files if their conversation records them; else free their room at once.

        A caller that dies before this loses no recorded file, and frees the room of the others a few minutes later.
        """

    async def drop(self, files: Sequence[File]) -> None:
        """Delete files and free their room: their message was deleted. Files of other places are left alone."""

    async def get(self, file_id: str) -> bytes | None:
        """Return the file's content; None if it is unknown or expired."""
