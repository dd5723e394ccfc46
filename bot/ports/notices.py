"""Defines the port for incidents: notices at the top of steps, paused flows, and the history of both."""

from typing import Literal, Protocol

from flows.values import Frozen

Deed = Literal["said", "unsaid", "paused", "resumed"]
"""The actions: post or remove a notice, pause or resume a flow."""


class NoticeEvent(Frozen):
    """A line of the history: who did what to a flow.

    `by` is the person's name, `actor` their id in events ('' for the command line), `at` is in ms.
    """

    deed: Deed
    flow: str
    by: str
    actor: str = ""
    at: int = 0
    text: str = ""


class Outage(Frozen):
    """The state of a flow: the notice at the top of its steps ('' for none), and whether the flow is paused.

    `said` and `paused_by` tell who did this, if known. `offered` is False for a flow that no longer exists.
    """

    flow: str
    title: str
    notice: str = ""
    paused: bool = False
    said: NoticeEvent | None = None
    paused_by: NoticeEvent | None = None
    offered: bool = True


class NoticeOverview(Frozen):
    """Every available flow, in order, and the history, newest first."""

    outages: tuple[Outage, ...]
    done: tuple[NoticeEvent, ...]


class Noticeboard(Protocol):
    """Posts notices and pauses flows. Repeating the present state changes nothing and adds no line to the history."""

    async def look(self) -> NoticeOverview:
        """Return the current state of every flow, and the history. Raises StoreDown."""

    async def say(self, flow: str, text: str, by: str, actor: str = "") -> None:
        """Post a notice at the top of the flow's steps.

        Raises ValueError, with the reason, for an unusable text or flow.
        """

    async def unsay(self, flow: str, by: str, actor: str = "") -> None:
        """Remove the notice."""

    async def pause(self, flow: str, by: str, actor: str = "") -> None:
        """Send the flow's customers straight to an agent. Raises ValueError for an unknown flow."""

    async def resume(self, flow: str, by: str, actor: str = "") -> None:
        """Resume the flow."""
