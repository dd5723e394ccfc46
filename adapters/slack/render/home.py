"""Draws the Home tab: a customer's conversations, the guides to start, and how to ask for help. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from adapters.slack.api import limits
from adapters.slack.api.limits import escaped, line, shows
from adapters.slack.render.blocks import (
    actions,
    button,
    context,
    header,
    is_web,
    link_button,
    option,
    section,
    select,
)
from adapters.slack.render.card import Message
from adapters.slack.render.rich_text import bold, sentence
from adapters.slack.render.texts import said
from adapters.slack.render.tokens import ChooseDirectMessages, StartFlow
from flows.button import Button
from flows.text.agent_phrases import phrase
from flows.text.phrases import PHRASES
from flows.values import Frozen

Json = dict[str, Any]

OPEN: Final = 30
RECENT: Final = 10
"""Rows shown of open and of recent conversations; each takes a block, and Slack takes a hundred on a tab."""

BESIDE: Final = 10
"""Flows shown as buttons; more become selects."""

MENUS: Final = 10
"""Selects of flows, of a hundred each."""

TITLE: Final = 1000
"""Characters of a row's escaped title, and of its escaped state: both fit into one text."""

MINE: Final = 20
OTHERS: Final = 10
"""Rows shown of an agent's own tickets, and of all other open tickets."""

YEAR_10000_MS: Final = 253_402_300_800_000
"""Milliseconds from 1970 to the year 10000, which Python's calendar cannot write."""


class HomeRow(Frozen):
    """A row for one conversation of the customer who opens the tab.

    `state` says in a few words where the conversation is; `when` is in ms, and `lead` stands before it. `url` leads
    there, with that `label` on its button ('' for the usual one); `button` is for a conversation without a URL, and to
    reopen an ended one.
    """

    title: str
    state: str
    when: int
    lead: str = ""
    url: str = ""
    label: str = ""
    button: Button | None = None
    open: bool


class AgentPart(Frozen):
    """The part of the tab for agents: their own tickets and the others, as many as are shown, and how many there are.

    `direct` says whether the agent gets direct messages about their tickets.
    """

    mine: tuple[HomeRow, ...] = ()
    mine_total: int = 0
    others: tuple[HomeRow, ...] = ()
    others_total: int = 0
    direct: bool = False


def home(
    rows: Sequence[HomeRow],
    offers: Sequence[tuple[str, str]],
    product: str,
    support: str,
    agent: AgentPart | None = None,
) -> Json:
    """Draw the view for `views.publish`.

    `offers` are ids and titles of flows, `support` is another way to get help. `agent` is None for everyone else.
    """
    title = PHRASES.say("support_of", product=product) if shows(product) else PHRASES["support"]
    blocks = [
        header(title, PHRASES["support"]),
        *(_tickets(agent) if agent is not None else ()),
        *_rows(PHRASES["open_conversations"], [row for row in rows if row.open], OPEN, "open"),
        *_rows(PHRASES["recent_conversations"], [row for row in rows if not row.open], RECENT, "recent"),
        *([] if rows or agent is not None else [context(PHRASES["no_conversations"])]),
        *_offered(offers),
        *_asking(bool(offers), support),
    ]
    return {"type": "home", "blocks": blocks[: limits.VIEW_BLOCKS]}


def welcome(offers: Sequence[tuple[str, str]]) -> Message:
    """Draw the first message in someone's direct messages; `offers` as above."""
    lead, how = said("welcome"), said("welcome_how")
    blocks = (sentence(f"{lead}\n{how}"), *_flows(offers))
    return Message(text=escaped(f"{lead} {how}", limits.MESSAGE), blocks=blocks)


def _tickets(agent: AgentPart) -> Iterator[Json]:
    """Draw an agent's own tickets, the choice of direct messages about them, and the other open tickets."""
    if agent.mine:
        yield from _rows(phrase("my_tickets"), agent.mine, MINE, "mine", agent.mine_total)
    else:
        yield from (*_part(phrase("my_tickets")), context(phrase("no_tickets")))
    choice = ChooseDirectMessages(wanted=not agent.direct)
    label = phrase("direct_off" if agent.direct else "direct_on")
    yield from actions([button(label, str(choice), "=direct")])
    yield from _rows(phrase("other_tickets"), agent.others, OTHERS, "ticket", agent.others_total)


def _rows(
    title: str, rows: Sequence[HomeRow], shown: int, name: str, total: int | None = None
) -> Iterator[Json]:
    """Draw a part of the tab, and say how many of the `total` rows are not shown."""
    if not rows:
        return
    yield from _part(title)
    for number, row in enumerate(rows[:shown]):
        yield _row(row, f"=row.{name}{number}")
    more = (len(rows) if total is None else total) - min(len(rows), shown)
    if more > 0:
        yield context(PHRASES.say("and_more", count=more))


def _part(title: str) -> tuple[Json, Json]:
    return {"type": "divider"}, sentence(bold(title))


def _row(row: HomeRow, name: str) -> Json:
    title = _strong(escaped(line(row.title, limits.HEADER, PHRASES["conversation"]), TITLE))
    state = escaped(line(row.state, limits.HEADER, ""), TITLE)
    when = _date(row.when)
    facts = " · ".join(fact for fact in (state, f"{row.lead}{when}" if when else "") if fact)
    return section("\n".join(part for part in (title, facts) if part), _way_back(row, name))


def _strong(title: str) -> str:
    """Make the title bold, unless a character in it would end the bold text."""
    return title if re.search(r"[*_~`]", title) else f"*{title}*"


def _way_back(row: HomeRow, name: str) -> Json | None:
    if row.open and is_web(row.url):
        return link_button(row.label or PHRASES["continue"], row.url, name)
    if row.button is None:
        return None
    text = PHRASES["continue"] if row.open else PHRASES["reopen"]
    return button(text, str(row.button), name)


def _date(when: int) -> str:
    """Write a time in the reader's own zone and language; Slack shows the text after the bar if it cannot."""
    if not 0 < when < YEAR_10000_MS:
        return ""
    otherwise = f"{datetime.fromtimestamp(when / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    return f"<!date^{when // 1000}^{{date_short_pretty}}, {{time}}|{otherwise}>"


def _offered(offers: Sequence[tuple[str, str]]) -> Iterator[Json]:
    """Draw the flows that the customer can start: a value is a `StartFlow`."""
    if not offers:
        return
    yield from _part(PHRASES["i_can_help_with"])
    yield from _flows(offers)


def _flows(offers: Sequence[tuple[str, str]]) -> Iterator[Json]:
    """Draw flows as buttons, or as selects if there are many."""
    if len(offers) <= BESIDE:
        yield from actions(
            button(title, str(StartFlow(flow=flow)), f"=start.{flow}") for flow, title in offers
        )
        return
    options = [option(title, str(StartFlow(flow=flow))) for flow, title in offers[: MENUS * limits.OPTIONS]]
    chunks = [options[at : at + limits.OPTIONS] for at in range(0, len(options), limits.OPTIONS)]
    yield from actions(
        select(chunk, f"=start{number}", PHRASES["more_guides" if number else "choose_guide"])
        for number, chunk in enumerate(chunks)
    )


def _asking(offered: bool, support: str) -> Iterator[Json]:
    yield from _part(PHRASES["how_to_get_help"])
    yield context(said("ask_how" if offered else "ask_plain"))
    if shows(support):
        yield context(PHRASES.say("need_more_help", support=support))
