"""The port through which the desk says that something is broken: notices, paused flows, and who did what."""

from typing import Literal, Protocol

from flows.values import Frozen

Deed = Literal["said", "unsaid", "paused", "resumed"]
"""What can be done: a notice is set or taken back, a flow is paused or goes on."""


class NoticeEvent(Frozen):
    """Somebody did that to a flow. `by` is their name, `actor` how events name them ('' at a command line), `at` ms."""

    deed: Deed
    flow: str
    by: str
    actor: str = ""
    at: int = 0
    text: str = ""


class Outage(Frozen):
    """What holds for a flow now: the notice that leads its steps ('' for none), and whether it is paused.

    `said` and `paused_by` tell who did that, where it is known. `offered` is False of a flow that is there no more.
    """

    flow: str
    title: str
    notice: str = ""
    paused: bool = False
    said: NoticeEvent | None = None
    paused_by: NoticeEvent | None = None
    offered: bool = True


class NoticeOverview(Frozen):
    """Every flow on offer, in order, and what was done, the newest first."""

    outages: tuple[Outage, ...]
    done: tuple[NoticeEvent, ...]


class Noticeboard(Protocol):
    """What is broken, as people say it. What stands already is not done again, and leaves no line."""

    async def look(self) -> NoticeOverview:
        """What holds, and what was done. Raises StoreDown."""

    async def say(self, flow: str, text: str, by: str, actor: str = "") -> None:
        """Lead the flow's steps with that. Raises ValueError, which says why, for a text or a flow of no use."""

    async def unsay(self, flow: str, by: str, actor: str = "") -> None:
        """Take the notice back."""

    async def pause(self, flow: str, by: str, actor: str = "") -> None:
        """Send its customers straight to people. Raises ValueError for a flow that there is not."""

    async def resume(self, flow: str, by: str, actor: str = "") -> None:
        """Let it go on."""
