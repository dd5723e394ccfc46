"""Stores texts that matched no guide in Redis: a bounded list by time, with a count and a sample for each."""

import unicodedata

from adapters.storage.records.damage import readable
from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import MOST_UNMATCHED, UnmatchedText


class RedisUnmatched:
    """Implements the port UnmatchedTexts."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def count(self, sample: str) -> None:
        """Count a text. Keep the sample of the first text that compares equal."""
        bare = " ".join(sample.split())
        if folded := _folded(bare):
            await self._run(folded, bare)

    async def all(self) -> tuple[UnmatchedText, ...]:
        """Return all texts, the most frequent first, then the latest."""
        found = await self._run("", "")
        texts = [_text(stored, score) for stored, score in zip(found[::2], found[1::2], strict=True)]
        return tuple(sorted(texts, key=lambda text: (-text.count, -text.last_at, text.sample)))

    async def _run(self, folded: str, sample: str) -> list[str]:
        keys = (self._wire.keys.unmatched, self._wire.keys.unmatched_counts)
        call = ScriptCall(script("unmatched"), keys, (folded, sample, self._wire.keep, MOST_UNMATCHED))
        found: list[str] = await self._wire.run(call)
        return found


def _folded(text: str) -> str:
    """Return the text as it is compared: in lower case, without signs at its ends."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded.strip(".,;:!?\"'() \u3002\u3001")


def _text(stored: str, score: str) -> UnmatchedText:
    count, _, sample = stored.partition(" ")
    return UnmatchedText(sample=readable(sample), count=int(count), last_at=int(float(score)))
