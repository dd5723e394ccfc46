"""Keeps what a slow program makes of an npm package beside the package, so that it is made once."""

import os
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
    sources = [installed, *(Path(part) for part in command if Path(part).is_file())]
    if kept.is_file() and kept.stat().st_mtime >= max(source.stat().st_mtime for source in sources):
        return kept.read_bytes()
    made = subprocess.run(command, check=True, capture_output=True, timeout=120).stdout
    kept.parent.mkdir(exist_ok=True)
    draft = kept.with_name(f"{name}.{os.getpid()}")
    draft.write_bytes(made)
    draft.replace(kept)  # several processes may make it at once
    return made
