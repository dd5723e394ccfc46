"""Shows people the words of a form that was not recorded, because Discord closes a form that was sent. Pure."""

from collections.abc import Iterator
from typing import Final

from adapters.discord.render.card import EPHEMERAL, V2, Message
from adapters.discord.render.components import text
from adapters.discord.render.markdown import fenced

PIECE: Final = 1950
"""Characters of the words in one message, of which Discord may count each twice."""


def typed_again(words: str) -> Iterator[Message]:
    """Draw the words as they were typed, to copy, in as many messages as they need."""
    for start in range(0, len(words), PIECE):
        shown = text(fenced(words[start : start + PIECE]))
        yield Message(components=(shown,), flags=EPHEMERAL | V2)
