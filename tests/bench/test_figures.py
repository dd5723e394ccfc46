"""Tests that the bench prints its figures and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import deciding

ROOT = Path(__file__).resolve().parents[2]


def test_a_line_is_a_figure() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "20"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line.split("  ")[0] for line in done.stdout.splitlines()] == [
        "advance + apply",
        "event → committed, 1",
        "event → committed, 50",
        "memory after seven clicks",
        "20 conversations at once",
        "click over HTTP, 1",
        "click over HTTP, 50",
        "click over Socket Mode, 1",
        "click over Socket Mode, 50",
        "2 tickets at once",
        "click over the gateway, 1",
        "desk reply to Discord, 1",
        "click over the gateway, 50",
        "desk reply to Discord, 50",
        "kept of 5 conversations",
        "desk's queue, 200 tickets",
        "20 desks open",
        "journal of 42 events read",
        "its screen drawn",
        "its dossier drawn",
        "its page answered",
        "an event, and its page",
    ]


def test_deciding_costs_what_its_parts_cost(capsys: pytest.CaptureFixture[str]) -> None:
    deciding.main(1)
    assert [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()] == [
        "take its key",
        "mask",
        "decide",
        "apply",
        "keep its words",
        "all parts",
        "advance + apply",
    ]
