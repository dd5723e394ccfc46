"""Knows the active incidents: notices at the top of a flow's steps, and paused flows."""

import time
from collections.abc import Callable, Mapping
from typing import Final

from bot.ports import Bookmarks, StoreDown
from flows.prompts import Prompt
from flows.text.phrases import PHRASES
from flows.text.words import Words, fill, parse

NOTICES: Final = "notices"
"""The shelf of notices, by the id of the flow."""

PAUSED: Final = "paused"
"""The shelf of paused flows."""

FRESH: Final = 3.0
"""Seconds for which a process trusts what it last read."""

LONGEST: Final = 300
"""Characters of a notice: two sentences fit above a step, more would hide it."""


class Outages:
    """The active incidents, current within `FRESH` seconds; while the store is down, as last read."""

    def __init__(self, bookmarks: Bookmarks, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns seconds."""
        self._bookmarks = bookmarks
        self._clock = clock
        self._known: tuple[Mapping[str, str], frozenset[str]] = ({}, frozenset())
        self._until = float("-inf")

    async def paused(self) -> frozenset[str]:
        """Return the flows whose customers go straight to an agent."""
        return (await self._current())[1]

    async def notice(self, flow: str) -> Words:
        """Return the notice at the top of that flow's steps; empty without one."""
        text = (await self._current())[0].get(flow, "")
        return fill(parse(PHRASES["notice"]), {"notice": text}) if text else ()

    async def led(self, prompt: Prompt, flow: str) -> Prompt:
        """Return the prompt as shown: a step, or the card of a waiting customer, begins with the notice."""
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
