"""Provides the table of the terminal's tests."""

from tests.adapters.terminal.support.table import table

__all__ = ["table"]
