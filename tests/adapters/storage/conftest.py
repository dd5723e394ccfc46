"""Provides what the store's tests share."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def data() -> Iterator[Path]:
    """Make a data folder with a path short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="tt ü-") as folder:
        yield Path(folder)
