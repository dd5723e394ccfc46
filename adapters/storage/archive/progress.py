"""Notes in the store which archive is being imported, and keeps processes away until that import has finished."""

from typing import Final

from adapters.storage.wire import Wire

IMPORT: Final = "import"
"""The field of `meta` that names the archive whose import has begun and not finished."""

IMPORTED: Final = "imported"
"""The field of `meta` that names the last archive whose import finished, which may be repeated."""


async def unfinished(wire: Wire) -> str:
    """Return why the store cannot be used yet; '' if no import is under way."""
    if not await wire.ask("HGET", wire.keys.meta, IMPORT):
        return ""
    return "an import into this store has not finished; run `python -m bot import` with the same file again"
