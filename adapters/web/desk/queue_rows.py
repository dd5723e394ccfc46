"""Chooses and formats the queue's lines: tabs, filters, order and pages. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.web.desk.packet import place
from bot.ports import OpenTicket, Overview, Promised, QueueRow
from flows.conversation import Conversation, Status
from flows.text.agent_phrases import AGENT_PHRASES, customer_name, phrase
from flows.text.phrases import reason_label

TABS: Final[Mapping[str, str]] = {
    "waiting": AGENT_PHRASES["tab_waiting"],
    "mine": AGENT_PHRASES["tab_mine"],
    "open": AGENT_PHRASES["tab_open"],
    "guiding": AGENT_PHRASES["tab_guiding"],
    "snoozed": AGENT_PHRASES["tab_snoozed"],
    "resolved": AGENT_PHRASES["tab_resolved"],
}
"""The tabs' labels by id, in order."""

MINUTE: Final = 60_000
WAITS: Final[Mapping[str, tuple[str, int]]] = {
    "15": (AGENT_PHRASES["wait_15"], 15 * MINUTE),
    "60": (AGENT_PHRASES["wait_60"], 60 * MINUTE),
    "240": (AGENT_PHRASES["wait_240"], 240 * MINUTE),
    "1440": (AGENT_PHRASES["wait_1440"], 1440 * MINUTE),
}
"""The shortest waits to filter by, each by its value in the address: its label, and its ms."""

TURNS: Final[Mapping[str, str]] = {
    "reply": AGENT_PHRASES["needs_reply"],
    "customer": AGENT_PHRASES["waiting_on_customer"],
}
"""Whose turn it is in an open ticket, by the value in the address."""

DUE: Final = "due"
"""The value that replaces a wait to filter tickets whose target is due soon or missed."""

PAGE: Final = 50
"""Number of lines per page."""

LAST: Final = 10_000
"""Highest page number that an address may ask for."""

STATES: Final[Mapping[Status, str]] = {
    Status.GUIDING: AGENT_PHRASES["state_guiding"],
    Status.WAITING: AGENT_PHRASES["state_waiting"],
    Status.WITH_AGENT: AGENT_PHRASES["state_with_agent"],
    Status.RESOLVED: AGENT_PHRASES["state_resolved"],
    Status.CLOSED: AGENT_PHRASES["state_closed"],
}
ASIDE: Final[Mapping[str, str]] = {
    "reply": AGENT_PHRASES["until_reply"],
    "hour": AGENT_PHRASES["until_hour"],
    "tomorrow": AGENT_PHRASES["until_tomorrow"],
}


@dataclass(frozen=True)
class QueueFilter:
    """What an agent wants to see: a tab, a team, a reason and whose turn it is ('' for all), the shortest wait, and the
    page. `newest` puts the newest tickets first.
    """

    tab: str = "waiting"
    team: str = ""
    reason: str = ""
    wait: str = ""
    turn: str = ""
    newest: bool = False
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "QueueFilter":
        """Read the filter from the address. Ignores invalid values."""
        tab, wait, page = query.get("tab", ""), query.get("wait", ""), query.get("page", "")[:6]
        return cls(
            tab=tab if tab in TABS else "waiting",
            team=query.get("team", "")[:64],
            reason=query.get("reason", "")[:64],
            wait=wait if wait in WAITS or wait == DUE else "",
            turn=query.get("turn", "") if query.get("turn", "") in TURNS else "",
            newest=query.get("order", "") == "newest",
            page=min(LAST, int(page)) if page.isascii() and page.isdigit() and int(page) else 1,
        )

    @property
    def filters(self) -> bool:
        """Return whether any filter is set."""
        return bool(self.team or self.reason or self.wait or self.turn)

    @property
    def aged(self) -> bool:
        """Return whether the tab is a list by age, which the store sorts."""
        return self.tab in ("resolved", "guiding")


@dataclass(frozen=True)
class QueueLine:
    """A line of the queue. `since` (ms) is when an open ticket's wait began, when an ended ticket changed last, or when
    a guided conversation changed last. `shown` (ms) is when the customer's step was shown first. `promise` is the
    team's current target.
    """

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
    place: str
    since: int
    shown: int
    promise: Promised | None = None


@dataclass(frozen=True)
class QueueView:
    """The queue as one agent sees it: lines, the count of each tab, the teams and reasons to filter by (labels by id),
    and the number of pages. `owed` counts the agent's own tickets that need a reply, whatever the filters.
    """

    asked: QueueFilter
    rows: tuple[QueueLine, ...]
    counts: Mapping[str, int]
    teams: Mapping[str, str]
    reasons: Mapping[str, str]
    total: int
    page: int
    pages: int
    owed: int = 0


@dataclass(frozen=True)
class QueueSelection:
    """The open tickets that pass the filters: their count by tab, and those of the chosen tab in order."""

    counts: Mapping[str, int]
    shown: Sequence[OpenTicket]


def state(at: Conversation) -> str:
    """Return a conversation's status in a word or two; of an open ticket, whose turn it is."""
    if not at.ticket_open:
        return STATES[at.status]
    if at.snoozed:
        return AGENT_PHRASES["state_snoozed"]
    return TURNS["customer" if at.customers_turn else "reply"]


def choose(seen: Overview, asked: QueueFilter, actor: str, now: int) -> QueueSelection:
    """Choose the open tickets that the agent `actor` asked for: what needs a reply first, the longest wait on top."""
    tabs: dict[str, list[OpenTicket]] = {tab: [] for tab in ("waiting", "mine", "open", "snoozed")}
    wanted = [each for each in seen.open if _passes(each, asked, now)] if asked.filters else seen.open
    for each in wanted:
        if each.snoozed:
            tabs["snoozed"].append(each)
            continue
        if each.status is Status.WAITING:
            tabs["waiting"].append(each)
        if each.holder == actor:
            tabs["mine"].append(each)
    tabs["open"] = list(wanted)
    shown = tabs.get(asked.tab, [])
    return QueueSelection(
        counts={tab: len(tickets) for tab, tickets in tabs.items()},
        shown=sorted(shown, key=_newest) if asked.newest else shown,
    )


def owed(seen: Overview, actor: str) -> int:
    """Return how many of the agent's own tickets need a reply."""
    mine = seen.assigned_to(actor)
    return sum(not (each.customers_turn or each.snoozed) for each in mine)


def _newest(each: OpenTicket) -> tuple[bool, int, int]:
    return each.customers_turn, -each.since, -each.ticket


def _passes(each: OpenTicket, asked: QueueFilter, now: int) -> bool:
    if (asked.team and each.team != asked.team) or (asked.reason and asked.reason not in each.reasons):
        return False
    if asked.turn and each.customers_turn is not (asked.turn == "customer"):
        return False
    if asked.wait == DUE:
        promise = each.promise(now)
        return promise is not None and (promise.near or promise.late)
    if not asked.wait:
        return True
    return not each.customers_turn and now - each.since >= WAITS[asked.wait][1]


def pages(total: int) -> int:
    """Return the number of pages for that many lines, at least one."""
    return max(1, -(-total // PAGE))


def reason_labels(seen: Overview, asked: QueueFilter) -> dict[str, str]:
    """Return the reasons to filter by, including the current filter's."""
    known = sorted(seen.reasons | ({asked.reason} - {""}))
    return {reason: reason_label(reason) for reason in known}


def team_names(seen: Overview, known: Mapping[str, str]) -> dict[str, str]:
    """Return the teams to filter by: those of available flows, and others that have open tickets."""
    names = {**{team: team for team in seen.teams}, **known}
    return dict(sorted(names.items(), key=lambda team: team[1].casefold()))


def row(case: QueueRow, actor: str, standing: OpenTicket | None, now: int) -> QueueLine:
    """Return the line of a conversation. `standing` is its open ticket, if there is one."""
    at = case.conversation
    return QueueLine(
        id=at.id,
        ticket=at.ticket,
        who=customer_name(at),
        title=case.title,
        step=case.step,
        state=state(at),
        aside=ASIDE.get(at.snoozed, "") if at.ticket_open else "",
        holder=phrase("you") if at.holder == actor else at.holder_name or at.holder,
        team=case.team,
        reasons="; ".join(map(reason_label, at.reasons)),
        place=place(at.address("customer")),
        since=standing.since if standing else at.changed_at,
        shown=at.step_since or at.changed_at,
        promise=standing.promise(now) if standing else None,
    )
