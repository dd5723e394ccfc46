"""Tests that a forked process differs from a started one only in speed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes import warm_process

SEEN = """
import json, os, signal, sys
print(json.dumps({
    "words": sys.argv, "typed": sys.orig_argv[1:], "first": sys.path[0], "folder": os.getcwd(),
    "settings": dict(os.environ), "read": sys.stdin.read(), "open": len(os.listdir("/proc/self/fd")),
    "streams": [(one.encoding, one.errors, one.line_buffering) for one in (sys.stdin, sys.stdout, sys.stderr)],
    "interrupt": str(signal.getsignal(signal.SIGINT)),
}))
"""


def both(tmp_path: Path, code: str, *words: str, typed: str = "") -> list["subprocess.CompletedProcess[str]"]:
    """Run code in a started and in a forked process, and return both results."""
    (tmp_path / "seen.py").write_text(code)
    environment = {**os.environ, "PYTHONUTF8": "1", "LAMP": "dark"}
    environment.pop("PYTHONUNBUFFERED", None)
    begin = ["-m", "seen", *words]
    started = subprocess.run(
        [sys.executable, *begin],
        cwd=tmp_path,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return [started, warm_process.run(begin, typed, cwd=tmp_path, env=environment)]


def test_it_sees_what_one_that_was_started_sees(tmp_path: Path) -> None:
    started, forked = (json.loads(done.stdout) for done in both(tmp_path, SEEN, "a", "--b", typed="ü\n"))
    assert forked == started


@pytest.mark.parametrize(
    "code",
    [
        "import sys; sys.exit(7)",
        "raise SystemExit('no')",
        "raise ValueError('lamp')",
        "import os; os.kill(os.getpid(), 9)",
        "import atexit; atexit.register(print, 'last')",
        "import threading, time; threading.Thread(target=lambda: (time.sleep(0.05), print('late'))).start()",
    ],
)
def test_it_ends_as_one_that_was_started_ends(tmp_path: Path, code: str) -> None:
    started, forked = both(tmp_path, code)
    assert (forked.returncode, forked.stdout) == (started.returncode, started.stdout)
    assert forked.stderr.splitlines()[-1:] == started.stderr.splitlines()[-1:]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_can_be_sent_a_signal_and_waited_for(number: signal.Signals) -> None:
    # A background job of a shell ignores SIGINT, and its children would, too.
    restore = "signal.signal(signal.SIGINT, signal.default_int_handler)"
    code = f"import signal; {restore}; print('here', flush=True); signal.pause()"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with warm_process.start(["-c", code], **pipes) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
        assert process.wait(30) == -number
