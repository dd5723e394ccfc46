"""What the tests of the store share."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder whose path leaves room for a socket."""
    with tempfile.TemporaryDirectory(prefix="tt ü-") as folder:
        yield Path(folder)
