"""Checks for `doctor` what is in the store: which processes use it, in which format it is, and what is damaged."""

from typing import TYPE_CHECKING

from bot.commands.counts import COUNTS
from bot.commands.operators.checks import CheckResult
from bot.commands.program_name import typed

if TYPE_CHECKING:
    from adapters.storage.store import Store
    from bot.ports import FormatStatus, LiveProcess, NewerEffect, Quarantined


async def stored(store: "Store") -> tuple[CheckResult, ...]:
    """Check what is in the store. Raises StoreDown."""
    processes, status = await store.processes.alive(), await store.formats.status()
    damaged, newer = await store.quarantine.entries(), await store.backlog.newer()
    return (_processes(processes), _format(status), *_damaged(damaged), *_newer(newer))


def _damaged(entries: "tuple[Quarantined, ...]") -> tuple[CheckResult, ...]:
    """Say how much is damaged, by kind; nothing where all is well."""
    if not entries:
        return ()
    kinds = sorted({entry.kind for entry in entries})
    summary = f"{COUNTS.say('quarantined', count=len(entries))} set aside: {', '.join(kinds)}"
    return (CheckResult("advice", "damaged data", summary, f"{typed('outbox')} lists each entry"),)


def _newer(effects: "tuple[NewerEffect, ...]") -> tuple[CheckResult, ...]:
    """Say which effects no release like this one can send; nothing where all is well."""
    if not effects:
        return ()
    kinds = ", ".join(sorted({effect.kind for effect in effects}))
    summary = f"{COUNTS.say('newer', count=len(effects))} for a newer release: {kinds}"
    remedy = f"start a worker of the release that wrote them; {typed('outbox')} lists each"
    return (CheckResult("advice", "newer data", summary, remedy),)


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
