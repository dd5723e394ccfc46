"""Starts processes of the product at once, by forking a Python that has imported the product already.

Imports are nearly all of a start, and they only make values (a house rule), so a forked process behaves like a started
one. Each process is a child of the test, which can write to it, wait for it and kill it. Tests of the start itself or
of Python's own options use `subprocess.Popen`.
"""

import atexit
import ctypes
import gc
import json
import os
import runpy
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, AnyStr, Final

ROOT: Final = Path(__file__).resolve().parents[2]
ADOPTS: Final = 36
"""PR_SET_CHILD_SUBREAPER: orphaned descendants become children of the process that sets this option."""

READ: Final = (
    "adapters.discord.app",
    "adapters.discord.gateway_app",
    "adapters.slack.app",
    "adapters.storage.store",
    "adapters.terminal.receiver",
    "adapters.web.server",
    "bot.commands.agents.tickets",
    "bot.commands.authors.chat",
    "bot.commands.processes.run",
    "bot.wiring.app",
    "bot.wiring.demo",
    "bot.wiring.discord",
    "bot.wiring.slack",
    "bot.wiring.processes",
    "rich.console",
    "tests.fakes.flows",
    "typer",
)
"""The modules that nearly every process of the product imports, directly or indirectly."""


class WarmProcess(subprocess.Popen[AnyStr]):
    """Runs `python -m MODULE …` or `python -c CODE …`, given without the `python`."""

    def _execute_child(self, *given: Any) -> None:
        """Replace Popen's fork and exec. The order of `given` is Popen's."""
        words, cwd, env, ends = given[0], given[5], given[6], given[10:16]
        asked = {"words": list(words), "cwd": str(cwd or Path.cwd()), "env": dict(env or os.environ)}
        inside = [end if end != -1 else number for number, end in enumerate((ends[0], ends[3], ends[5]))]
        line = _source()
        socket.send_fds(line, [json.dumps(asked).encode()], inside)
        self.pid = int(line.recv(32))
        self._child_created = True
        self._close_pipe_fds(*ends)  # type: ignore[attr-defined]  # Popen's own method, missing in its stubs


def start(words: Sequence[str], **options: Any) -> "subprocess.Popen[Any]":
    """Start a process with Popen's options: forked on Linux, which can adopt orphans; elsewhere by a new Python."""
    if sys.platform != "linux":
        return subprocess.Popen([sys.executable, *words], **options)
    return WarmProcess(list(words), **options)


def run(words: Sequence[str], typed: str = "", **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run a process until it ends, a minute at most, with `typed` on its standard input."""
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with start(words, text=True, **pipes, **options) as process:
        try:
            said, errors = process.communicate(typed, timeout=60)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(list(words), process.returncode, said, errors)


@cache
def _source() -> socket.socket:
    """Return the socket to the Python that forks for this process, which ends with this process."""
    ctypes.CDLL(None).prctl(ADOPTS, 1, 0, 0, 0)
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    forking = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.warm_process", str(there.fileno())],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        pass_fds=[there.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    there.close()

    def end() -> None:
        here.close()
        forking.wait()

    atexit.register(end)
    return here


# ---------------------------------------------------------------- in the Python that forks


def fork_on_request(line: socket.socket) -> list[str]:
    """Fork on each request. Returns only in the new processes, with their arguments."""
    for name in READ:
        import_module(name)
    assert threading.active_count() == 1, "a process of several threads cannot be forked"
    gc.freeze()
    while True:
        asked, ends, _, _ = socket.recv_fds(line, 1 << 20, 3)
        if not asked:
            os._exit(0)
        known, told = os.pipe()
        if (between := os.fork()) == 0:
            if (orphan := os.fork()) != 0:
                os.write(told, str(orphan).encode())
                os._exit(0)
            for handle in (known, told, line.detach()):
                os.close(handle)
            return _settled(json.loads(asked), ends)
        os.waitpid(between, 0)
        line.send(os.read(known, 32))
        for handle in (known, told, *ends):
            os.close(handle)


def _settled(asked: Mapping[str, Any], ends: Sequence[int]) -> list[str]:
    """Give this process the requested environment, folder and standard streams. Return its arguments."""
    for number, end in enumerate(ends):
        os.dup2(end, number)
    for end in ends:
        os.close(end)
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    sys.path[0] = asked["cwd"]
    lines = 1 if "PYTHONUNBUFFERED" in os.environ else -1
    sys.stdin = os.fdopen(0, "r", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = os.fdopen(1, "w", lines, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.orig_argv = [sys.executable, *asked["words"]]
    return list(asked["words"])


def become(kind: str, what: str, *words: str) -> None:
    """Run a module or code, as the interpreter would."""
    sys.argv = [kind, *words]
    if kind == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})


if __name__ == "__main__":
    become(*fork_on_request(socket.socket(fileno=int(sys.argv[1]))))
