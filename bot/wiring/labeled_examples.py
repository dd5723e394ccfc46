"""Reads the labeled sentences against which free text is measured, and makes what measures it."""

from functools import cache
from typing import TYPE_CHECKING, Final

from bot.wiring.settings import LIBRARY, Settings
from flows.text.likely import Example, parse_examples

if TYPE_CHECKING:
    from adapters.hearing.encoder import SentenceEncoder

EXAMPLES: Final = LIBRARY.parent / "text" / "examples.txt"
"""The file of the labeled sentences."""


@cache
def labeled_examples() -> tuple[Example, ...]:
    """Return the labeled sentences, read once in a process."""
    return parse_examples(EXAMPLES.read_text(encoding="utf-8"))


def sentence_encoder(settings: Settings) -> "SentenceEncoder | None":
    """Return the encoder that hears what free text likely means, not loaded yet; None with HEARING=phrases."""
    if settings.hearing == "phrases":
        return None
    from adapters.hearing.encoder import SentenceEncoder

    return SentenceEncoder(labeled_examples())
