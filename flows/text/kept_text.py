"""Shortens a long text to what is kept of it: the beginning and the end, with a line that says how much is left out."""

from typing import Final

from flows.text.phrases import PHRASES

KEPT: Final = 4000
"""Characters that are kept of one message of a customer; longer ones are logs, and their ends say the most."""

HEAD: Final = 2300
"""Characters of them from the beginning."""

ROOM: Final = 100
"""Characters for the line in the middle."""


def shortened(text: str) -> str:
    """Return the text if it is short enough, else its beginning and its end around a line that says what is missing."""
    if len(text) <= KEPT:
        return text
    tail = text[-(KEPT - HEAD - ROOM) :]
    missing = len(text) - HEAD - len(tail)
    return f"{text[:HEAD]}\n{PHRASES.say('left_out', count=f'{missing:,}')}\n{tail}"
