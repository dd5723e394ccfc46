"""Reads the labeled sentences against which free text is measured."""

from functools import cache
from typing import Final

from bot.wiring.settings import LIBRARY
from flows.text.likely import Example, parse_examples

EXAMPLES: Final = LIBRARY.parent / "text" / "examples.txt"
"""The file of the labeled sentences."""


@cache
def labeled_examples() -> tuple[Example, ...]:
    """Return the labeled sentences, read once in a process."""
    return parse_examples(EXAMPLES.read_text(encoding="utf-8"))
