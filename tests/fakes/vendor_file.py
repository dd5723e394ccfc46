"""Keeps what a slow program makes of an npm package beside the package, so that it is made once."""

import fcntl
import subprocess
from collections.abc import Sequence
from pathlib import Path


def made_once(name: str, modules: Path, command: Sequence[str | Path]) -> bytes | None:
    """Return what the command prints, from a file in `modules` if it was made before; None without the packages.

    It is made again after the packages or a file of the command changed. Raises CalledProcessError if the command
    fails.
    """
    installed, kept = modules / ".installed", modules / ".made" / name
    if not installed.is_file():
        return None
    kept.parent.mkdir(exist_ok=True)
    sources = [installed, *(Path(part) for part in command if Path(part).is_file())]
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the tests' processes all need it at once
        if kept.is_file() and kept.stat().st_mtime >= max(source.stat().st_mtime for source in sources):
            return kept.read_bytes()
        made = subprocess.run(command, check=True, capture_output=True, timeout=120).stdout
        draft = kept.with_suffix(".draft")
        draft.write_bytes(made)
        draft.replace(kept)
        return made
