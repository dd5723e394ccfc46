"""Makes the sentence encoder that the settings ask for; nothing is loaded before it is warmed."""

from functools import cache
from typing import TYPE_CHECKING, Final

from bot.wiring.settings import LIBRARY, Settings
from flows.text.likely import Example, parse_examples

if TYPE_CHECKING:
    from adapters.hearing.encoder import SentenceEncoder

EXAMPLES: Final = LIBRARY.parent / "text" / "examples.txt"
"""The labeled sentences against which free text is measured."""


def sentence_encoder(settings: Settings) -> "SentenceEncoder | None":
    """Return the encoder that measures what free text likely means; None with HEARING=phrases."""
    if settings.hearing == "phrases":
        return None
    from adapters.hearing.encoder import SentenceEncoder

    return SentenceEncoder(examples())


@cache
def examples() -> tuple[Example, ...]:
    """Return the labeled sentences, read once in a process."""
    return parse_examples(EXAMPLES.read_text(encoding="utf-8"))
