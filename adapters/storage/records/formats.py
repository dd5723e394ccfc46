"""Lets the processes of a store write a newer format once all of them read it, and never while in doubt.

Processes of this release and later ones announce what they read. Releases before them announce nothing, and are looked
for among the server's connections: theirs have no name. A connection that may be theirs is a doubt, and so is a server
that does not show its connections. A process could start while it is looked for, so the store is first closed to older
releases and looked at again before the newer format is written. Until then, closing can be taken back.
"""

from typing import Final, Literal

from adapters.storage.connections.connection_names import older_connections
from adapters.storage.failures import answering
from adapters.storage.formats import NEWEST
from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import FormatStatus

PAUSE_S: Final = 30.0
"""Seconds between closing the store to older releases and writing the newer format."""

Step = Literal["look", "close", "write", "open", "now"]
"""A step of the script `switch`."""


class RedisFormats:
    """Implements the port Formats."""

    def __init__(self, wire: Wire, newest: int = NEWEST, pause_s: float | None = None) -> None:
        """`newest` is the format to switch to, `pause_s` how long the store is closed before (by default PAUSE_S)."""
        self._wire = wire
        self._newest = newest
        self._pause_ms = int((PAUSE_S if pause_s is None else pause_s) * 1000)

    async def status(self) -> FormatStatus:
        """Return what is read and written, and what keeps the store from the newest format."""
        stored, written = await self._step("look")
        return self._status(stored, written, await self._doubts() if written < self._newest else ())

    async def advance(self) -> FormatStatus:
        """Take the next step towards the newest format if nothing speaks against it; take a step back in doubt."""
        stored, written = await self._step("look")
        if written == 0 or written >= self._newest:
            return self._status(stored, written)
        doubts = await self._doubts()
        step: Step = "open" if doubts else "write" if stored >= self._newest else "close"
        return self._status(*await self._step(step), doubts)

    async def switch(self) -> FormatStatus:
        """Write the newest format from now on, unless an announced process cannot read it."""
        await self._step("now")
        return await self.status()

    def _status(self, stored: int, written: int, doubts: tuple[str, ...] = ()) -> FormatStatus:
        """Return the status, and remember which format this process is to write."""
        self._wire.writes = written or self._wire.writes
        return FormatStatus(stored=stored, written=written, newest=self._newest, doubts=doubts)

    async def _doubts(self) -> tuple[str, ...]:
        with answering():
            return await older_connections(self._wire.client, self._newest)

    async def _step(self, step: Step) -> tuple[int, int]:
        keys = (self._wire.keys.meta, self._wire.keys.processes)
        call = ScriptCall(script("switch"), keys, (self._newest, step, self._pause_ms))
        stored, written = await self._wire.run(call)
        return int(stored), int(written)
