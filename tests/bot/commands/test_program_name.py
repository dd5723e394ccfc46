"""Tests that a hint names the command as the person typed it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.commands.support.shell import Shell


def hint(shell: Shell, words: list[str], here: Path, path: str = "") -> str:
    """What somebody is told who forgot the number of a ticket."""
    told = subprocess.run(
        [*words, "tickets", "show"],
        cwd=here,
        env=shell.environment(PATH=f"{path}:{os.environ['PATH']}"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return told.stderr.strip().removeprefix("Give the ticket's number: ")


@pytest.fixture
def script(shell: Shell) -> Path:
    """What installing the project puts beside the interpreter."""
    place = shell.here / "some where" / "troubletree"
    place.parent.mkdir()
    place.write_text(f"#!{sys.executable}\nfrom bot.__main__ import main\nmain()\n")
    place.chmod(0o700)
    return place


def test_python_by_a_path_is_named_by_that_path(shell: Shell) -> None:
    prefix = Path(sys.prefix).resolve()
    assert hint(shell, ["bin/python", "-m", "bot"], prefix) == "bin/python -m bot tickets 17"
    assert hint(shell, [str(prefix / "bin/python"), "-m", "bot"], prefix) == "bin/python -m bot tickets 17"
    assert hint(shell, [sys.executable, "-m", "bot"], shell.here) == f"{sys.executable} -m bot tickets 17"


def test_python_from_the_path_is_named_bare(shell: Shell) -> None:
    place = str(Path(sys.prefix) / "bin")
    assert hint(shell, ["python", "-m", "bot"], shell.here, place) == "python -m bot tickets 17"


def test_troubletree_is_named_bare_where_the_shell_finds_it(shell: Shell, script: Path) -> None:
    told = hint(shell, ["/bin/sh", "-c", 'troubletree "$@"', "sh"], shell.here, str(script.parent))
    assert told == "troubletree tickets 17"


def test_troubletree_is_named_by_its_path_where_the_shell_does_not_find_it(
    shell: Shell, script: Path
) -> None:
    assert hint(shell, [str(script)], shell.here) == "'some where/troubletree' tickets 17"


def test_the_help_shows_what_was_typed(shell: Shell) -> None:
    assert f"Usage: {sys.executable} -m bot play " in " ".join(shell.process("play", "-h").stdout.split())
