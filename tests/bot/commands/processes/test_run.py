"""Tests that one command starts the product, says where to look, and stops it when asked."""

import signal
import socket
import urllib.request

import pytest

from tests.bot.commands.support.shell import Shell, lines_up_to


@pytest.mark.parametrize("stopped_by", [signal.SIGTERM, signal.SIGINT])
def test_run_says_where_to_look_answers_there_and_stops_when_asked(shell: Shell, stopped_by: int) -> None:
    with shell.running("run", PORT="0") as process:
        said = lines_up_to(process, "To stop")
        assert "Troubletree is running." in said
        page = next(line.split()[-1] for line in said if "The page" in line)
        assert any(str(shell.here / "data") in line for line in said)
        with urllib.request.urlopen(f"{page}/healthz", timeout=10) as answer:
            assert answer.status == 200
        process.send_signal(stopped_by)
        rest, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors
        assert rest.endswith("Stopped. Nothing was lost.\n")
        assert "Traceback" not in errors


@pytest.mark.parametrize("command", ["web", "worker"])
def test_ctrl_c_stops_what_was_started_with_sigint_ignored(shell: Shell, command: str) -> None:
    with shell.running_in_background(command, PORT="0") as process:
        lines_up_to(process, "To stop")
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors
        assert "Stopped." in rest


def test_the_page_and_a_worker_can_be_two_processes_on_one_store(shell: Shell) -> None:
    with shell.running("web", PORT="0") as web, shell.running("worker") as worker:
        assert "The page is running. Start a worker as well." in lines_up_to(web, "To stop")
        assert lines_up_to(worker, "To stop")[0].startswith("The worker is running")
        for process in (worker, web):
            process.terminate()
            process.communicate(timeout=30)
            assert process.returncode == 0


def test_a_port_that_is_taken_is_one_clear_line(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as place:
        port = place.getsockname()[1]
        result = shell.process("run", PORT=str(port))
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"Cannot listen on 127.0.0.1:{port}: ")
    assert "Set PORT" in line
