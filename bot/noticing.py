"""Sets and takes back notices, pauses flows and lets them go on, and keeps who did it and when."""

import secrets
from collections.abc import Callable, Mapping
from typing import Final

from bot.noticeboard import Board, Deed, Done, Outage
from bot.outages import LONGEST, NOTICES, PAUSED
from bot.ports import Bookmarks
from bot.telemetry import log
from flows.catalogue import Catalogue

DONE: Final = "outages"
"""The shelf of what was done, by when."""

KEPT: Final = 100
"""Lines of what was done; older ones are let go."""


class Notices:
    """The port Noticeboard, for the desk and for the command line alike."""

    def __init__(
        self, bookmarks: Bookmarks, catalogue: Callable[[], Catalogue], now: Callable[[], int]
    ) -> None:
        """`catalogue` gives the flows on offer, `now` milliseconds."""
        self._bookmarks = bookmarks
        self._catalogue = catalogue
        self._now = now

    async def look(self) -> Board:
        """What holds, and what was done."""
        notices = await self._bookmarks.all(NOTICES)
        paused = await self._bookmarks.all(PAUSED)
        lines = await self._bookmarks.all(DONE)
        done = tuple(Done.model_validate_json(lines[name]) for name in sorted(lines, reverse=True))
        titles = {flow.id: flow.title for flow in self._catalogue().flows}
        gone = sorted({*notices, *paused} - titles.keys())
        return Board(
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
        """Lead the flow's steps with that; one or two sentences of plain text."""
        line = " ".join(text.split())
        if not 0 < len(line) <= LONGEST:
            raise ValueError(f"A notice has 1 to {LONGEST} characters; this one has {len(line)}.")
        self._known(flow)
        if (await self._bookmarks.all(NOTICES)).get(flow) != line:
            await self._bookmarks.put(NOTICES, flow, line)
            await self._did(Done(deed="said", flow=flow, by=by, actor=actor, at=self._now(), text=line))

    async def unsay(self, flow: str, by: str, actor: str = "") -> None:
        """Take the notice back, also of a flow that is not there any more."""
        if flow in await self._bookmarks.all(NOTICES):
            await self._bookmarks.remove(NOTICES, flow)
            await self._did(Done(deed="unsaid", flow=flow, by=by, actor=actor, at=self._now()))

    async def pause(self, flow: str, by: str, actor: str = "") -> None:
        """Send its customers straight to people."""
        self._known(flow)
        if flow not in await self._bookmarks.all(PAUSED):
            await self._bookmarks.put(PAUSED, flow, "yes")
            await self._did(Done(deed="paused", flow=flow, by=by, actor=actor, at=self._now()))

    async def resume(self, flow: str, by: str, actor: str = "") -> None:
        """Let it go on, also one that is not there any more."""
        if flow in await self._bookmarks.all(PAUSED):
            await self._bookmarks.remove(PAUSED, flow)
            await self._did(Done(deed="resumed", flow=flow, by=by, actor=actor, at=self._now()))

    def _known(self, flow: str) -> None:
        offered = [each.id for each in self._catalogue().flows]
        if flow not in offered:
            raise ValueError(f"There is no flow {flow!r}. There are: {', '.join(offered)}")

    async def _did(self, done: Done) -> None:
        """Keep a line of it, for people and for the log."""
        log("outages").info(f"a flow is {_SAID[done.deed]}", flow=done.flow, by=done.actor or done.by)
        known = sorted(await self._bookmarks.all(DONE))
        after = max(done.at, int(known[-1][:14]) + 1 if known else 0)
        name = f"{after:014d}-{secrets.token_hex(3)}"
        await self._bookmarks.put(DONE, name, done.model_dump_json())
        for old in known[: max(0, len(known) + 1 - KEPT)]:
            await self._bookmarks.remove(DONE, old)


_SAID: Final[Mapping[Deed, str]] = {
    "said": "led by a notice",
    "unsaid": "without a notice again",
    "paused": "paused",
    "resumed": "going on again",
}


def _last(done: tuple[Done, ...], flow: str, deed: Deed) -> Done | None:
    return next((one for one in done if (one.flow, one.deed) == (flow, deed)), None)
