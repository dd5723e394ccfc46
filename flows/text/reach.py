"""Writes and reads the line of a ticket's details that says how to reach the customer."""

from collections.abc import Iterable
from typing import Final

LEAD: Final = "How to reach me: "
"""What the store's texts begin the line with; stored texts have it, so it never changes."""


def reach_line(reach: str) -> str:
    """Return the line for an email address or phone number; '' for none."""
    return LEAD + reach if reach else ""


def reach_in(texts: Iterable[str]) -> str:
    """Return the last email address or phone number that the details give, as the customer wrote it; '' for none."""
    lines = [line for text in texts for line in text.split("\n") if line.startswith(LEAD)]
    return lines[-1].removeprefix(LEAD) if lines else ""
