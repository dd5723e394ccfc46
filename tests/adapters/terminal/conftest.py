"""The table of the terminal's tests."""

from tests.adapters.terminal.table import table

__all__ = ["table"]
