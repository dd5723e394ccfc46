"""Checks for `doctor` what is in the store: which processes use it."""

from typing import TYPE_CHECKING

from bot.commands.operators.checks import CheckResult

if TYPE_CHECKING:
    from adapters.storage.store import Store
    from bot.ports import LiveProcess


async def stored(store: "Store") -> tuple[CheckResult, ...]:
    """Check what is in the store. Raises StoreDown."""
    return (_processes(await store.processes.alive()),)


def _processes(alive: "tuple[LiveProcess, ...]") -> CheckResult:
    if not alive:
        return CheckResult("ok", "processes", "none is running")
    return CheckResult("ok", "processes", "\n".join(_described(each) for each in alive))


def _described(process: "LiveProcess") -> str:
    roles = ", ".join(process.roles)
    return f"{roles}: process {process.pid} on {process.host}, release {process.release}"
