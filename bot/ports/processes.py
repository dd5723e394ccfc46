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


class FormatStatus(Frozen):
    """Says which format of stored data a store is in.

    `stored` is what a release must read to start, `written` what processes write, `newest` what this release could
    write. `doubts` say why an older release may still be running, which keeps the store from the newest format.
    """

    stored: int
    written: int
    newest: int
    doubts: tuple[str, ...] = ()


class Formats(Protocol):
    """Lets all processes of a store write a newer format together. Every method raises StoreDown."""

    async def status(self) -> FormatStatus:
        """Return which format the store is in, and what keeps it from the newest."""

    async def advance(self) -> FormatStatus:
        """Take the next step towards the newest format if every live process reads it and nothing is in doubt."""

    async def switch(self) -> FormatStatus:
        """Write the newest format from now on, as the operator says that no older release runs.

        Changes nothing while a process that announced itself cannot read it.
        """


class Processes(Protocol):
    """Registers the live processes of a store. Every method raises StoreDown if the store does not answer."""

    async def announce(self, process: LiveProcess) -> None:
        """Register the process, or renew its entry, which expires soon. Raises TooOld if it cannot read the store."""

    async def alive(self) -> Sequence[LiveProcess]:
        """Return the processes whose entries have not expired, the one that started first before the others."""

    async def leave(self, process_id: str) -> None:
        """Remove the entry of a process that stops."""
