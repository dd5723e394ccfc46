"""Counts what customers write that matches no guide, beside the conversations, so that authors see what is missing."""

from collections.abc import Callable, Coroutine
from typing import Any

from bot.ports import UnmatchedTexts
from bot.telemetry import log
from flows.catalogue import PICKER
from flows.conversation import Conversation
from flows.effects import Change, Tell
from flows.events import Event, Said, Started
from flows.text.likely import excerpt
from flows.text.secrets.masking import mask
from flows.text.understanding import understand


class UnmatchedCounter:
    """Counts a text after its event is recorded. A count that fails is only logged: no customer waits for it."""

    def __init__(self, texts: UnmatchedTexts, begin: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        """`begin` starts work beside the caller."""
        self._texts = texts
        self._begin = begin

    def note(self, at: Conversation, event: Event, change: Change) -> None:
        """Count the event's text if it matched no guide; return at once. `at` is the conversation before the event."""
        if isinstance(event, Started | Said) and is_unmatched(at, change):
            self._begin(self._count(mask(excerpt(event.text))))

    async def _count(self, sample: str) -> None:
        try:
            await self._texts.count(sample)
        except Exception as error:  # noqa: BLE001  # a statistic must never cost more than a log line
            log("unmatched").warning(
                "a text that matched no guide was not counted", error=type(error).__name__
            )


def is_unmatched(at: Conversation, change: Change) -> bool:
    """Return whether the change shows that first words, or words in the picker, matched no guide."""
    told = {effect.words for effect in change.effects if isinstance(effect, Tell)}
    if isinstance(change.event, Started):
        return "not_recognised" in told
    if not isinstance(change.event, Said) or at.flow != PICKER or "kept" not in told:
        return False
    return understand((), change.event.text) is None
