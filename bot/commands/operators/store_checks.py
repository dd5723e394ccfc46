"""Checks for `doctor` what is in the store: which processes use it, and in which format it is."""

from typing import TYPE_CHECKING

from bot.commands.operators.checks import CheckResult
from bot.commands.program_name import typed

if TYPE_CHECKING:
    from adapters.storage.store import Store
    from bot.ports import FormatStatus, LiveProcess


async def stored(store: "Store") -> tuple[CheckResult, ...]:
    """Check what is in the store. Raises StoreDown."""
    return (_processes(await store.processes.alive()), _format(await store.formats.status()))


def _format(status: "FormatStatus") -> CheckResult:
    if status.written >= status.newest:
        return CheckResult("ok", "format", f"format {status.written} of stored data is written")
    still = f"format {status.written} is written: this release could write format {status.newest}"
    if not status.doubts:
        return CheckResult("ok", "format", f"{still}, and will within a minute if no older release starts")
    remedy = f"stop every process of an older release; if none runs, {typed('store', 'switch')} says so"
    return CheckResult("advice", "format", "\n".join((f"{still}, but", *status.doubts)), remedy)


def _processes(alive: "tuple[LiveProcess, ...]") -> CheckResult:
    if not alive:
        return CheckResult("ok", "processes", "none is running")
    return CheckResult("ok", "processes", "\n".join(_described(each) for each in alive))


def _described(process: "LiveProcess") -> str:
    roles = ", ".join(process.roles)
    return f"{roles}: process {process.pid} on {process.host}, release {process.release}"
