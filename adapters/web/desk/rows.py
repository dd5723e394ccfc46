"""The queue as it is shown: tabs, filters, order and lines. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.ports import Case
from flows.conversation import Conversation, Status
from flows.phrases import reason_label

Mine = Callable[[Conversation], bool]

TABS: Final[Mapping[str, str]] = {
    "waiting": "Waiting",
    "mine": "Mine",
    "open": "All open",
    "snoozed": "Snoozed",
    "resolved": "Resolved",
}
"""The tabs by id, in order."""

STATES: Final[Mapping[Status, str]] = {
    Status.GUIDING: "With the bot",
    Status.WAITING: "Waiting",
    Status.WITH_AGENT: "With an agent",
    Status.RESOLVED: "Resolved",
    Status.CLOSED: "Closed",
}
ASIDE: Final[Mapping[str, str]] = {
    "reply": "until the customer writes",
    "hour": "for an hour",
    "tomorrow": "until tomorrow",
}


@dataclass(frozen=True)
class Asked:
    """What an agent wants to see: a tab, a team and a reason ('' for all), and whether the newest come first."""

    tab: str = "waiting"
    team: str = ""
    reason: str = ""
    newest: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """As it stands in the address; what makes no sense is left out."""
        tab = query.get("tab", "")
        return cls(
            tab=tab if tab in TABS else "waiting",
            team=query.get("team", "")[:64],
            reason=query.get("reason", "")[:64],
            newest=query.get("order", "") == "newest",
        )


@dataclass(frozen=True)
class Row:
    """A line of the queue. `since` is when the ticket was opened, of a closed one when it ended (ms)."""

    id: str
    ticket: int
    who: str
    title: str
    step: str
    state: str
    aside: str
    holder: str
    team: str
    reasons: str
    since: int


@dataclass(frozen=True)
class View:
    """The queue as one agent sees it: lines, how many each tab has, and what can be filtered by, labels by id."""

    asked: Asked
    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    teams: Mapping[str, str]
    reasons: Mapping[str, str]


def state(at: Conversation) -> str:
    """Where it stands, in a word or two."""
    return "Snoozed" if at.snoozed and at.ticket_open else STATES[at.status]


def view(cases: Sequence[Case], asked: Asked, actor: str) -> View:
    """Draw it for the agent of that actor. Counts are of all that the filters let through."""
    wanted = [
        case
        for case in cases
        if (not asked.team or case.conversation.team == asked.team)
        and (not asked.reason or asked.reason in case.conversation.reasons)
    ]
    tabs = {tab: [case for case in wanted if _in_tab(case.conversation, tab, actor)] for tab in TABS}
    shown = sorted(
        tabs[asked.tab],
        key=lambda case: _since(case.conversation),
        reverse=asked.newest or asked.tab == "resolved",
    )
    return View(
        asked=asked,
        rows=tuple(_row(case, actor) for case in shown),
        counts={tab: len(found) for tab, found in tabs.items()},
        teams=_teams(cases),
        reasons={
            reason: reason_label(reason)
            for reason in sorted({reason for case in cases for reason in case.conversation.reasons})
        },
    )


def _teams(cases: Sequence[Case]) -> dict[str, str]:
    found = {case.conversation.team: case.team for case in cases if case.conversation.team}
    return dict(sorted(found.items(), key=lambda team: team[1].casefold()))


def _in_tab(at: Conversation, tab: str, actor: str) -> bool:
    """A conversation that went back to the bot has a ticket, and is nobody's to deal with."""
    if tab == "resolved":
        return at.status.ended
    if not at.ticket_open:
        return False
    if tab == "waiting":
        return at.status is Status.WAITING and not at.snoozed
    if tab == "mine":
        return at.holder == actor and not at.snoozed
    return tab == "open" or bool(at.snoozed)


def _since(at: Conversation) -> int:
    return at.changed if at.status.ended else at.opened


def _row(case: Case, actor: str) -> Row:
    at = case.conversation
    return Row(
        id=at.id,
        ticket=at.ticket,
        who=at.name or f"Customer {at.id[2:6]}",
        title=case.title,
        step=case.step,
        state=state(at),
        aside=ASIDE.get(at.snoozed, "") if at.ticket_open else "",
        holder="You" if at.holder == actor else at.held_by or at.holder,
        team=case.team,
        reasons="; ".join(map(reason_label, at.reasons)),
        since=_since(at),
    )
