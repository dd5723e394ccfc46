"""Spells commands in hints the way this program was started, so that a reader can paste them."""

import shlex
import shutil
import sys
from pathlib import Path


def typed(*words: str) -> str:
    """Return the command with these words, spelled so that it works in the same terminal."""
    return shlex.join((*_program(), *words))


def _program() -> tuple[str, ...]:
    script = Path(sys.argv[0])
    if script.name == "__main__.py":
        return (_short(sys.orig_argv[0]), "-m", "bot")
    if script.stem == "troubletree":
        return ("troubletree",) if _on_path(script) else (_short(sys.argv[0]),)
    return ("python", "-m", "bot")


def _on_path(script: Path) -> bool:
    found = shutil.which(script.name)
    return found is not None and Path(found).absolute() == script.absolute()


def _short(program: str) -> str:
    """Return the path relative to the current folder, if it is inside; a bare name stays."""
    path = Path(program)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        return str(path.relative_to(Path.cwd()))
    return program
