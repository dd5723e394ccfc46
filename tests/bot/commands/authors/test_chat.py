"""Tests the conversation in a real terminal, and in a pipe."""

import os
import pty
import re
import select
import signal
import termios
import time
from collections.abc import Iterator
from typing import Final

import pytest

from tests.bot.commands.support.shell import LAMP, Shell
from tests.fakes import warm_process

TAKE_IT: Final = """
import fcntl, os, runpy, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""
"""Makes the terminal the process's own, so that Ctrl-C reaches it, and then is the bot."""

IGNORING: Final = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
os.execv(sys.executable, [sys.executable, "-c", *sys.argv[1:]])
"""
"""What a shell does to a program that it starts in the background, and `nohup` within a script: Python sees it as it
starts.
"""


class Pty:
    """A real terminal of 80 columns with the chat in it."""

    def __init__(self, shell: Shell, *words: str, ignoring: bool = False, **settings: str) -> None:
        """Starts it; `ignoring` with SIGINT ignored."""
        self.master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (40, 80))
        self.process = warm_process.start(
            ["-c", *([IGNORING] if ignoring else []), TAKE_IT, "chat", *words],
            cwd=shell.here,
            env=shell.environment(COLUMNS="80", TERM="xterm", **settings),
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)
        self.text = ""
        self.colored = ""
        self._read_to = 0

    def until(self, wanted: str, seconds: float = 30) -> str:
        """Everything shown since the last time, up to and with what was wanted."""
        end = time.monotonic() + seconds
        while wanted not in self.text[self._read_to :]:
            assert time.monotonic() < end, f"{wanted!r} never came; shown: {self.text}"
            if not select.select([self.master], [], [], 0.2)[0]:
                continue
            try:
                self.colored += os.read(self.master, 65536).decode()
            except OSError:
                pytest.fail(f"{wanted!r} never came; the terminal closed after: {self.text}")
            self.text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.colored).replace("\r\n", "\n")
        begin = self._read_to
        self._read_to = self.text.index(wanted, begin) + len(wanted)
        return self.text[begin : self._read_to]

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.master, text.encode())


@pytest.fixture
def lamp(shell: Shell) -> Iterator[Pty]:
    """Ana at the lamp, in a real terminal."""
    made = Pty(shell, shell.write("lamp.yaml"), "--as", "ana")
    yield made
    made.process.terminate()  # not killed: whoever leaves last stops the store
    made.process.wait(30)
    os.close(made.master)


def test_a_real_terminal_shows_the_step_takes_an_answer_and_shows_the_next(lamp: Pty) -> None:
    first = lamp.until("\n> ")
    assert "Plug it in" in first
    assert "Push the plug all the way in." in first
    assert "Never with wet hands." in first
    assert "  [1] Fixed it" in first
    assert "\x1b[1m" in lamp.colored
    lamp.type("2\n")
    second = lamp.until("\n> ")
    assert "You: Still failing" in second
    assert "Look at the bulb" in second
    lamp.type("broken\n")
    assert "Press the switch" in lamp.until("\n> ")
    lamp.type("1\n")
    assert "Glad it's working again." in lamp.until("\n> ")
    lamp.type("q\n")
    assert "python -m bot chat lamp.yaml --as ana --again" in lamp.until("--again")
    assert lamp.process.wait(30) == 0


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["ctrl-c", "ctrl-d"])
def test_ctrl_c_and_ctrl_d_leave_kindly_and_the_place_is_kept(lamp: Pty, shell: Shell, key: str) -> None:
    lamp.until("\n> ")
    lamp.type("2\n")
    lamp.until("\n> ")
    lamp.type(key)
    assert "Your progress is saved. To continue:" in lamp.until("--as ana")
    assert lamp.process.wait(30) == 0
    again = shell.process("chat", "lamp.yaml", "--as", "ana")
    assert "Welcome back." in again.stdout
    assert "Look at the bulb" in again.stdout


def test_ctrl_c_leaves_a_chat_that_was_started_with_sigint_ignored(shell: Shell) -> None:
    chat = Pty(shell, shell.write("lamp.yaml"), "--as", "ana", ignoring=True)
    chat.until("\n> ")
    chat.type("\x03")
    chat.until("chat lamp.yaml --as ana")
    assert chat.process.wait(30) == 0
    os.close(chat.master)


def test_a_pasted_text_of_several_lines_is_one_message(lamp: Pty) -> None:
    lamp.until("\n> ")
    lamp.type("first it hummed\nthen it stank\nnow it is dark\n")
    lamp.until("Saved. If you talk to a person")
    lamp.type("p\n")
    assert "> first it hummed then it stank now it is dark" in lamp.until("now it is dark")


def test_a_pipe_is_walked_line_by_line_and_its_end_leaves(shell: Shell) -> None:
    chat = shell.process("chat", shell.write("lamp.yaml"), typed="2\nwhole\n1\n")
    assert chat.returncode == 0
    assert chat.stderr == ""
    assert "\x1b" not in chat.stdout
    titles = [
        line for line in chat.stdout.splitlines() if line in ("Plug it in", "Look at the bulb", "Solved")
    ]
    assert titles == ["Plug it in", "Look at the bulb", "Solved"]
    assert "Glad I could help." in chat.stdout


def test_without_a_flow_the_picker_asks_and_knows_pasted_errors(shell: Shell) -> None:
    error = "Your QuickBooks Desktop connection is not active. It was last active on Friday."
    chat = shell.process("chat", typed=f"{error}\n")
    assert "What do you need help with?" in chat.stdout
    assert "Turn on your computer" in chat.stdout
    assert chat.stdout.rstrip().endswith("python -m bot chat")


def test_a_changed_file_is_walked_in_its_new_version(shell: Shell) -> None:
    shell.process("chat", shell.write("lamp.yaml"), typed="2\n")
    shell.write("lamp.yaml", LAMP.replace("Plug it in", "Plug it in well"))
    assert "Plug it in well" in shell.process("chat", "lamp.yaml").stdout


def test_two_people_of_one_machine_do_not_meet(shell: Shell) -> None:
    shell.write("lamp.yaml")
    shell.process("chat", "lamp.yaml", "--as", "ana", typed="2\n")
    assert "Welcome back" not in shell.process("chat", "lamp.yaml", "--as", "bob/../ana|x").stdout


def test_a_screen_without_unicode_is_no_reason_to_fall(shell: Shell) -> None:
    chat = shell.process("chat", "connection-not-active", typed="2\n", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert chat.returncode == 0, chat.stderr
    assert chat.stdout.isascii()
    assert "File ? App Management" in chat.stdout


def test_a_window_that_is_closed_leaves_as_well_and_takes_the_store_with_it(shell: Shell) -> None:
    chat = Pty(shell, shell.write("lamp.yaml"), "--as", "ana")
    chat.until("\n> ")
    os.close(chat.master)
    chat.process.wait(30)
    assert not any(shell.here.rglob("*.sock"))
    assert "Plug it in" in shell.process("chat", "lamp.yaml", "--as", "ana").stdout


def test_a_killed_chat_goes_on_where_it_was(shell: Shell) -> None:
    first = Pty(shell, shell.write("lamp.yaml"), "--as", "ana")
    first.until("\n> ")
    first.type("2\n")
    first.until("Look at the bulb")
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    os.close(first.master)
    assert "Look at the bulb" in shell.process("chat", "lamp.yaml", "--as", "ana").stdout
