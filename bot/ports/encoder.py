"""Defines the port of the sentence encoder, which measures what a text is close to in meaning."""

from collections.abc import Mapping
from typing import Protocol

from flows.text.likely import Likeness


class Encoder(Protocol):
    """Compares texts by meaning, beside the loop."""

    async def likeness(
        self, text: str, answers: Mapping[str, tuple[str, ...]], flows: Mapping[str, tuple[str, ...]]
    ) -> Likeness | None:
        """Measure a text against the labeled examples, and against the words of each answer and flow, by their ids.

        None while the encoder is not ready: then only plain phrases are understood.
        """
