"""Defines the port through which the processes of one store know of each other."""

from collections.abc import Sequence
from typing import Protocol

from pydantic import ConfigDict

from flows.values import Frozen


class LiveProcess(Frozen):
    """A process that uses the store, as it announces itself.

    `roles` says what it does: "web", "worker", "slack", "discord", or "command" for a short one. `reads` is the newest
    format of stored data that it reads; it reads all older ones, too. `started` is in ms of its own clock. A newer
    release may say more about itself; that is ignored.
    """

    model_config = ConfigDict(extra="ignore")

    id: str
    roles: tuple[str, ...]
    release: str
    reads: int = 1
    started: int = 0
    host: str = ""
    pid: int = 0

    @property
    def name(self) -> str:
        """Return the name of the process in metrics: what it does, and the start of its id."""
        return f"{'-'.join(self.roles)}-{self.id[:4]}"


class Processes(Protocol):
    """Registers the live processes of a store. Every method raises StoreDown if the store does not answer."""

    async def announce(self, process: LiveProcess) -> None:
        """Register the process, or renew its entry, which expires soon. Raises TooOld if it cannot read the store."""

    async def alive(self) -> Sequence[LiveProcess]:
        """Return the processes whose entries have not expired, the one that started first before the others."""

    async def leave(self, process_id: str) -> None:
        """Remove the entry of a process that stops."""
