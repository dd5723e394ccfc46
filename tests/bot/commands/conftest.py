"""Commands are run in an empty folder with a store of their own, and leave no trace in the process."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.bot.commands.support.shell import Shell


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """Somebody at a shell in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield Shell(tmp_path)
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
