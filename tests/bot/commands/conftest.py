"""Runs commands in an empty folder with its own store, and restores the process afterwards."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.bot.commands.support.shell import Shell


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """Provide a shell in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")  # no one answers there
    monkeypatch.setenv("DISCORD_API_URL", "http://127.0.0.1:9/api/v10")
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield Shell(tmp_path)
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)
    structlog.reset_defaults()
