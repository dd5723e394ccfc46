"""Registers the live processes of a store in Redis, in the slot of what all of them must agree on."""

from contextlib import suppress
from typing import Any, Final

from pydantic import ValidationError

from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import LiveProcess, TooOld

ALIVE_S: Final = 20
"""Seconds after which a process that has not announced itself again is taken for dead."""


class RedisProcesses:
    """Implements the port Processes."""

    def __init__(self, wire: Wire, alive_s: float = ALIVE_S) -> None:
        self._wire = wire
        self._alive_ms = int(alive_s * 1000)

    async def announce(self, process: LiveProcess) -> None:
        """Register the process, or renew its entry, and learn which format to write.

        Raises TooOld if it cannot read the store's format.
        """
        stored, writes, *_ = await self._run(process.id, process.model_dump_json(), process.reads)
        if stored and int(stored) > process.reads:
            raise TooOld(int(stored), process.reads)
        self._wire.writes = int(writes or self._wire.writes)

    async def alive(self) -> tuple[LiveProcess, ...]:
        """Return the live processes, oldest first."""
        _, _, *found = await self._run("", "", 0)
        processes = []
        for text in found:
            with suppress(ValidationError):  # a damaged entry expires soon
                processes.append(LiveProcess.model_validate_json(text))
        return tuple(sorted(processes, key=lambda process: (process.started, process.id)))

    async def leave(self, process_id: str) -> None:
        """Remove the entry of a process that stops."""
        await self._run(process_id, "", 0)

    async def _run(self, process_id: str, process: str, reads: int) -> Any:
        keys = (self._wire.keys.meta, self._wire.keys.processes)
        args = (process_id, process, reads, self._alive_ms)
        return await self._wire.run(ScriptCall(script("announce"), keys, args))
