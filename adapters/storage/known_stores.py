"""Remembers in the data folder which store this machine works on, so that an emptied one is noticed after a restart."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from adapters.storage.identity import KnownStore
from bot.telemetry import log

FILE: Final = "known-store.json"
"""The file's name in the data folder. It holds no secret."""


class KnownStores:
    """Reads and writes the file. One folder may serve several prefixes."""

    def __init__(self, data_dir: Path, prefix: str) -> None:
        self._path = data_dir.expanduser() / FILE
        self._prefix = prefix

    def read(self) -> KnownStore:
        """Return the store that this machine worked on last; an empty one if there was none."""
        entry = self._entries().get(self._prefix)
        if entry is None:
            return KnownStore()
        try:
            return KnownStore(str(entry["identity"]), int(entry["since"]))
        except (KeyError, TypeError, ValueError):
            log("store").warning("ignoring the store used before, which cannot be read", file=str(self._path))
            return KnownStore()

    def write(self, store: KnownStore) -> None:
        """Remember the store. A folder that cannot be written to is logged: then a restart accepts any store."""
        if not store.identity:
            return
        entries = self._entries() | {self._prefix: {"identity": store.identity, "since": store.since}}
        temporary = self._path.with_suffix(f".{os.getpid()}")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary.write_text(json.dumps(entries), encoding="utf-8")
            temporary.replace(self._path)
        except OSError as error:
            log("store").warning(
                "cannot write to DATA_DIR; a restart will not notice an emptied store", reason=error.strerror
            )

    def _entries(self) -> dict[str, Any]:
        with suppress(OSError, ValueError):
            found = json.loads(self._path.read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else {}
        return {}
