"""Outages: what customers of a flow are told while something is broken, and flows that lead straight to people."""

import time
from collections.abc import Callable, Mapping
from typing import Final

from bot.ports import Bookmarks, StoreDown
from flows.phrases import PHRASES
from flows.prompts import Prompt
from flows.words import Words, fill, parse

NOTICES: Final = "notices"
"""The shelf of notices, by the id of the flow."""

PAUSED: Final = "paused"
"""The shelf of flows that are paused."""

FRESH: Final = 3.0
"""Seconds for which a process takes what it knows as current."""

LONGEST: Final = 300
"""Characters of a notice: two sentences lead a step, more would hide it."""


class Outages:
    """What is set, as every process sees it within `FRESH` seconds; while the store is down, as it was last seen."""

    def __init__(self, bookmarks: Bookmarks, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells seconds."""
        self._bookmarks = bookmarks
        self._clock = clock
        self._known: tuple[Mapping[str, str], frozenset[str]] = ({}, frozenset())
        self._until = float("-inf")

    async def paused(self) -> frozenset[str]:
        """The flows whose customers go straight to people."""
        return (await self._current())[1]

    async def notice(self, flow: str) -> Words:
        """What leads the steps of that flow now; nothing where nothing is set."""
        text = (await self._current())[0].get(flow, "")
        return fill(parse(PHRASES["notice"]), {"notice": text}) if text else ()

    async def led(self, prompt: Prompt, flow: str) -> Prompt:
        """The prompt as it is shown now: a step, or the card of who waits, is led by the notice."""
        notice = await self.notice(flow) if prompt.kind in ("step", "waiting") else ()
        return prompt.model_copy(update={"text": notice + prompt.text}) if notice else prompt

    async def _current(self) -> tuple[Mapping[str, str], frozenset[str]]:
        if self._clock() >= self._until:
            try:
                notices = await self._bookmarks.all(NOTICES)
                self._known = (notices, frozenset(await self._bookmarks.all(PAUSED)))
            except StoreDown:
                return self._known
            self._until = self._clock() + FRESH
        return self._known
