"""Offers help where a customer's question stays unanswered: after ten minutes, or at once outside office hours.

A list in the store holds the questions, so that they survive a restart; it holds ids, never words. Every worker looks
at it, and marks in the store make sure that one of them offers, once.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from pydantic import ValidationError

from bot.ports import Bookmarks, Busy, Finder, Marks, Offerer, Question
from bot.telemetry import log

PATIENCE_MS: Final = 600_000
"""Milliseconds that people have to answer a question while the team works."""

STALE_MS: Final = 24 * 3600 * 1000
"""Milliseconds after which a question gets no offer anymore: it waited for a platform or a worker too long."""

CLAIM_S: Final = 30
"""Seconds in which one worker alone handles a question; after that another one tries again."""

OFFER_ONCE_S: Final = 30 * 24 * 3600
"""Seconds in which a thread gets no second offer, of a guide or of help."""

PERSON_ONCE_S: Final = 3600
"""Seconds between two such offers to one person in a channel."""

COOLDOWN_S: Final = 600
"""Seconds between two offers in a channel, of a guide or of help; until then a question waits."""


class UnansweredQuestions:
    """Implements the port Questions, and offers help where it is due."""

    def __init__(
        self, bookmarks: Bookmarks, marks: Marks, finder: Finder, away: Callable[[int], str]
    ) -> None:
        """`away` says when the team is back, '' if it works at that moment (ms)."""
        self._bookmarks = bookmarks
        self._marks = marks
        self._finder = finder
        self._away = away

    async def wait(self, question: Question) -> None:
        """Keep the question; an earlier one of the same author in the room stays the one that is kept."""
        name = _name(question)
        if name not in await self._bookmarks.all(_shelf(question.channel)):
            await self._bookmarks.put(_shelf(question.channel), name, question.model_dump_json())

    async def answered(self, channel: str, room: str, door: str = "", by: str = "") -> None:
        """Drop the room's questions that this answers."""
        for name, question in (await self._kept(channel)).items():
            if question.room == room and door in ("", question.door) and question.author != by:
                await self._bookmarks.remove(_shelf(channel), name)

    async def offer(self, offerers: Iterable[Offerer], now: int) -> None:
        """Offer help where it is due at that moment (ms). Raises StoreDown."""
        away = self._away(now)
        for offerer in offerers:
            kept = await self._kept(offerer.name)
            for name, question in sorted(kept.items(), key=lambda entry: entry[1].asked):
                if away or now >= question.asked + PATIENCE_MS:
                    if not await self._marks.first(f"unanswered/{question.door}", CLAIM_S):
                        continue
                    if now > question.asked + STALE_MS or await self._handled(offerer, question, away):
                        await self._bookmarks.remove(_shelf(offerer.name), name)

    async def _handled(self, offerer: Offerer, question: Question, away: str) -> bool:
        """Offer help, unless it is no longer needed. Return False to try again later."""
        if await self._marks.marked(f"off/{question.room}") or await self._finder.at(question.door):
            return True
        state = await offerer.state(question)
        if state != "waits":
            return state == "answered"
        if not question.begun:
            if not await self._marks.first(f"offers/{question.room}", COOLDOWN_S):
                return False
            # From here on the question says that the marks are its own: a worker that dies loses no offer.
            begun = question.model_copy(update={"begun": True})
            await self._bookmarks.put(_shelf(question.channel), _name(question), begun.model_dump_json())
            if not await self._first(question):
                await self._marks.clear(f"offers/{question.room}")
                return True
        try:
            await offerer.offer(question, away)
        except Busy as busy:
            log("offers").info("help will be offered later", room=question.room, seconds=busy.seconds)
            return False
        return True

    async def _first(self, question: Question) -> bool:
        """Mark that the author and the thread get an offer. Return False if either had one."""
        person = f"offers/{question.room}/{question.author}"
        if not await self._marks.first(person, PERSON_ONCE_S):
            return False
        if not await self._marks.first(f"offer/{question.door}", OFFER_ONCE_S):
            await self._marks.clear(person)
            return False
        return True

    async def _kept(self, channel: str) -> Mapping[str, Question]:
        found: dict[str, Question] = {}
        for name, mark in (await self._bookmarks.all(_shelf(channel))).items():
            try:
                found[name] = Question.model_validate_json(mark)
            except ValidationError:
                await self._bookmarks.remove(_shelf(channel), name)
        return found


def _shelf(channel: str) -> str:
    return f"unanswered/{channel}"


def _name(question: Question) -> str:
    return f"{question.room}/{question.author}"
