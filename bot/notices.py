"""Posts and removes notices, pauses and resumes flows, and keeps a history of who did it and when."""

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Final

from bot.ports import Bookmarks, StoreDown
from bot.ports.notices import Deed, NoticeEvent, NoticeOverview, Outage
from bot.telemetry import log
from flows.catalogue import Catalogue
from flows.prompts import Prompt
from flows.text.markup.words import Words, fill, parse
from flows.text.phrases import PHRASES
from flows.text.secrets.masking import mask

DONE: Final = "outages"
"""The shelf of the history, by time."""

KEPT: Final = 100
"""Lines of the history; older ones are deleted."""


class Notices:
    """Keeps notices and pauses, for the desk and the command line alike: the port Noticeboard."""

    def __init__(
        self, bookmarks: Bookmarks, catalogue: Callable[[], Catalogue], now: Callable[[], int]
    ) -> None:
        """Take the store's bookmarks; `catalogue` returns the available flows, `now` milliseconds."""
        self._bookmarks = bookmarks
        self._catalogue = catalogue
        self._now = now

    async def look(self) -> NoticeOverview:
        """Return the current notices and the history."""
        notices = await self._bookmarks.all(NOTICES)
        paused = await self._bookmarks.all(PAUSED)
        lines = await self._bookmarks.all(DONE)
        done = tuple(NoticeEvent.model_validate_json(lines[name]) for name in sorted(lines, reverse=True))
        titles = {flow.id: flow.title for flow in self._catalogue().flows}
        gone = sorted({*notices, *paused} - titles.keys())
        return NoticeOverview(
            outages=tuple(
                Outage(
                    flow=flow,
                    title=titles.get(flow, flow),
                    notice=notices.get(flow, ""),
                    paused=flow in paused,
                    said=_last(done, flow, "said"),
                    paused_by=_last(done, flow, "paused"),
                    offered=flow in titles,
                )
                for flow in (*titles, *gone)
            ),
            done=done,
        )

    async def say(self, flow: str, text: str, by: str, actor: str = "") -> None:
        """Post one or two sentences of plain text at the top of the flow's steps. Raises ValueError."""
        line = mask(" ".join(text.split()))
        if not 0 < len(line) <= LONGEST:
            raise ValueError(f"A notice must have 1 to {LONGEST} characters. This one has {len(line)}.")
        self._require_flow(flow)
        if (await self._bookmarks.all(NOTICES)).get(flow) != line:
            await self._bookmarks.put(NOTICES, flow, line)
            await self._record(
                NoticeEvent(deed="said", flow=flow, by=by, actor=actor, at=self._now(), text=line)
            )

    async def unsay(self, flow: str, by: str, actor: str = "") -> None:
        """Remove the notice, also of a flow that no longer exists."""
        if flow in await self._bookmarks.all(NOTICES):
            await self._bookmarks.remove(NOTICES, flow)
            await self._record(NoticeEvent(deed="unsaid", flow=flow, by=by, actor=actor, at=self._now()))

    async def pause(self, flow: str, by: str, actor: str = "") -> None:
        """Send the flow's customers straight to an agent. Raises ValueError for an unknown flow."""
        self._require_flow(flow)
        if flow not in await self._bookmarks.all(PAUSED):
            await self._bookmarks.put(PAUSED, flow, "yes")
            await self._record(NoticeEvent(deed="paused", flow=flow, by=by, actor=actor, at=self._now()))

    async def resume(self, flow: str, by: str, actor: str = "") -> None:
        """Resume the flow, also one that no longer exists."""
        if flow in await self._bookmarks.all(PAUSED):
            await self._bookmarks.remove(PAUSED, flow)
            await self._record(NoticeEvent(deed="resumed", flow=flow, by=by, actor=actor, at=self._now()))

    def _require_flow(self, flow: str) -> None:
        offered = [each.id for each in self._catalogue().flows]
        if flow not in offered:
            raise ValueError(f"There is no flow {flow!r}. Choose one of: {', '.join(offered)}")

    async def _record(self, done: NoticeEvent) -> None:
        """Add a line to the history and to the log."""
        log("outages").info(_SAID[done.deed], flow=done.flow, by=done.actor or done.by)
        known = sorted(await self._bookmarks.all(DONE))
        after = max(done.at, int(known[-1][:14]) + 1 if known else 0)
        name = f"{after:014d}-{secrets.token_hex(3)}"
        await self._bookmarks.put(DONE, name, done.model_dump_json())
        for old in known[: max(0, len(known) + 1 - KEPT)]:
            await self._bookmarks.remove(DONE, old)


_SAID: Final[Mapping[Deed, str]] = {
    "said": "notice posted",
    "unsaid": "notice removed",
    "paused": "flow paused",
    "resumed": "flow resumed",
}


def _last(done: tuple[NoticeEvent, ...], flow: str, deed: Deed) -> NoticeEvent | None:
    return next((one for one in done if (one.flow, one.deed) == (flow, deed)), None)


NOTICES: Final = "notices"
"""The shelf of notices, by the id of the flow."""

PAUSED: Final = "paused"
"""The shelf of paused flows."""

FRESH_S: Final = 3.0
"""Seconds for which a process trusts what it last read."""

LONGEST: Final = 300
"""Characters of a notice: two sentences fit above a step, more would hide it."""


class Outages:
    """The active incidents, current within `FRESH_S` seconds; while the store is down, as last read."""

    def __init__(self, bookmarks: Bookmarks, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the store's bookmarks; `clock` returns seconds."""
        self._bookmarks = bookmarks
        self._clock = clock
        self._require_flow: tuple[Mapping[str, str], frozenset[str]] = ({}, frozenset())
        self._until = float("-inf")

    async def paused(self) -> frozenset[str]:
        """Return the flows whose customers go straight to an agent."""
        return (await self._current())[1]

    async def notice(self, flow: str) -> Words:
        """Return the notice at the top of that flow's steps; empty without one."""
        return (await self.notices()).get(flow, ())

    async def notices(self) -> Mapping[str, Words]:
        """Return the notices by the id of their flow."""
        texts = (await self._current())[0]
        return {flow: fill(parse(PHRASES["notice"]), {"notice": text}) for flow, text in texts.items()}

    async def led(self, prompt: Prompt, flow: str) -> Prompt:
        """Return the prompt as shown: a step, or the card of a waiting customer, begins with the notice."""
        notice = await self.notice(flow) if prompt.kind in ("step", "waiting") else ()
        return prompt.model_copy(update={"text": notice + prompt.text}) if notice else prompt

    async def _current(self) -> tuple[Mapping[str, str], frozenset[str]]:
        if self._clock() >= self._until:
            try:
                notices = await self._bookmarks.all(NOTICES)
                self._require_flow = (notices, frozenset(await self._bookmarks.all(PAUSED)))
            except StoreDown:
                return self._require_flow
            self._until = self._clock() + FRESH_S
        return self._require_flow
