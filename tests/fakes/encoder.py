"""Plays the sentence encoder: texts are alike as far as they share words, so that a test need not load the real one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from flows.text.likely import Example, Likeness

EXAMPLES: Final = (
    Example(meaning="fixed", language="en", text="we are sailing again"),
    Example(meaning="still-failing", language="en", text="that did zilch"),
    Example(meaning="cant-find", language="en", text="that menu is nowhere on my screen"),
    Example(meaning="person", language="en", text="a human being would be nice"),
    Example(meaning="later", language="en", text="gotta run, back after lunch"),
    Example(meaning="again", language="en", text="it came back to haunt me"),
    Example(meaning="none", language="en", text="what is a web connector anyway"),
)
"""Sentences that mean something only likely: no phrase understands them."""


class WordEncoder:
    """Implements `bot.ports.Encoder`. `heard` are the texts that it measured; it measures nothing while `cold`."""

    def __init__(self, examples: Sequence[Example] = EXAMPLES) -> None:
        """Take the labeled examples."""
        self._examples = tuple(examples)
        self.heard: list[str] = []
        self.cold = False

    async def likeness(
        self, text: str, answers: Mapping[str, tuple[str, ...]], flows: Mapping[str, tuple[str, ...]]
    ) -> Likeness | None:
        """Measure a text by the words that it shares with the examples, the answers and the flows."""
        if self.cold:
            return None
        self.heard.append(text)
        known: dict[str, list[str]] = {}
        for example in self._examples:
            known.setdefault(example.meaning, []).append(example.text)
        scores = _scores(text, known)
        return Likeness(
            meanings=tuple(sorted(scores, key=lambda row: -row[1])),
            answers=_scores(text, answers),
            flows=_scores(text, flows),
        )


def _scores(text: str, groups: Mapping[str, Iterable[str]]) -> tuple[tuple[str, int], ...]:
    return tuple((name, max(_alike(text, one) for one in sentences)) for name, sentences in groups.items())


def _alike(text: str, other: str) -> int:
    """Return the thousandths of the longer text's words that both have."""
    one, two = (set(re.findall(r"\w+", said.casefold())) for said in (text, other))
    return 1000 * len(one & two) // max(len(one), len(two), 1)
