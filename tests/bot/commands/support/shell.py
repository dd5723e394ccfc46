"""Runs commands as a person at a shell does: in this process if that is enough, else as processes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import application
from tests.fakes import warm_process

ROOT: Final = Path(__file__).resolve().parents[4]

LAMP: Final = """\
flow: lamp
title: The lamp stays dark
teams: {maker: {name: the lamp maker, email: help@lamps.example, external: yes}}
escalate: maker
steps:
  - id: plug
    title: Plug it in
    say: Push the plug **all the way** in.
    warn: Never with wet hands.
    fixed: Good plug.
  - id: bulb
    title: Look at the bulb
    ask: Is the wire inside whole?
    answers:
      Whole: next
      Broken: {to: next, records: {wire: broken}}
  - id: switch
    title: Press the switch
    say: Press it.
tests:
  - {name: the plug, do: [fixed], ends: resolved at plug}
  - {name: all in vain, do: [still failing, whole, still failing], ends: escalated at switch guide_exhausted to maker}
"""


IGNORING: Final = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
os.execv(sys.executable, [sys.executable, "-m", "bot", *sys.argv[1:]])
"""
"""Runs the bot as a shell's background job: with SIGINT ignored."""


class Shell:
    """A shell in the folder `here`. The store is the embedded one, in `here`/data."""

    def __init__(self, here: Path) -> None:
        """`here` is an empty folder."""
        self.here = here

    def run(self, *words: str, **settings: str) -> Result:
        """Run a command in this process, with these settings in the environment."""
        return CliRunner().invoke(application(), list(words), prog_name="python -m bot", env=settings)

    def json(self, *words: str, **settings: str) -> Any:
        """Run a command that must succeed, and return its standard output as JSON."""
        result = self.run(*words, "--json", **settings)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def process(
        self, *words: str, typed: str = "", code: str = "", **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Run it as a process of its own, with `typed` on its standard input.

        It is a new Python where something is about that: with `code` instead of `-m bot`, or another encoding.
        """
        here, environment = self.here, self.environment(**settings)
        if not code and "PYTHONIOENCODING" not in settings:
            return warm_process.run(["-m", "bot", *words], typed, cwd=here, env=environment)
        begin = ["-c", code] if code else ["-m", "bot"]
        return subprocess.run(
            [sys.executable, *begin, *words],
            cwd=here,
            env=environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def running(self, *words: str, **settings: str) -> AbstractContextManager["subprocess.Popen[str]"]:
        """Start a process and leave it running. At the end, ask it to stop."""
        return self._running(["-m", "bot", *words], settings)

    def running_in_background(
        self, *words: str, **settings: str
    ) -> AbstractContextManager["subprocess.Popen[str]"]:
        """Start a process as a shell's background job, with SIGINT ignored."""
        return self._running(["-c", IGNORING, *words], settings)

    @contextmanager
    def _running(
        self, words: Sequence[str], settings: Mapping[str, str]
    ) -> Iterator["subprocess.Popen[str]"]:
        process = warm_process.start(
            words,
            cwd=self.here,
            env=self.environment(**settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                yield process
            finally:
                process.terminate()  # not killed: whoever leaves last stops the store

    def environment(self, **settings: str) -> dict[str, str]:
        """Return a process's environment, in which Python finds the project and Rich a width."""
        return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **settings}

    def write(self, name: str, text: str = LAMP) -> str:
        """Write a file in this folder. Return its name."""
        path = self.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return name


def lines_up_to(process: "subprocess.Popen[str]", wanted: str) -> list[str]:
    """Return a process's lines up to the one that begins with the wanted text."""
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line.rstrip())
        if said[-1].lstrip().startswith(wanted):
            return said
    assert process.stderr is not None
    pytest.fail(f"{wanted!r} was never said, but: {said} {process.stderr.read()}")
