"""Lists tickets for an agent's Home tab: their own first, and of these the ones that need a reply."""

import asyncio
from collections.abc import Mapping, Sequence

from adapters.slack.agents.notifier import thread_link
from adapters.slack.api.addresses import Person
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.inbound.events import HomeOpened
from adapters.slack.render.home import MINE, OTHERS, AgentPart, HomeRow
from bot.ports import OpenTicket, QueueRow
from flows.text.agent_phrases import customer_name, phrase, whose_turn


async def home_tickets(conversations: SlackConversations, visited: HomeOpened) -> AgentPart | None:
    """Return the part of the tab for an agent; None for anyone else. Raises StoreDown."""
    queue, teams = conversations.ports.queue, conversations.ports.teams
    if queue is None or not await conversations.directory.is_agent(visited.person, visited.workspace):
        return None
    seen = await queue.look()
    mine = seen.assigned_to(visited.person.actor)
    others = [each for each in seen.open if each.holder != visited.person.actor and not each.snoozed]
    shown = (*mine[:MINE], *others[:OTHERS])
    cases = {case.conversation.id: case for case in await queue.cases(shown)}
    return AgentPart(
        mine=await _rows(conversations, mine[:MINE], cases, visited.person),
        mine_total=len(mine),
        others=await _rows(conversations, others[:OTHERS], cases, visited.person),
        others_total=len(others),
        direct=teams is not None and await teams.direct.wanted(visited.person.actor),
    )


async def _rows(
    conversations: SlackConversations,
    tickets: Sequence[OpenTicket],
    cases: Mapping[str, QueueRow],
    person: Person,
) -> tuple[HomeRow, ...]:
    known = [(cases[each.conversation], each) for each in tickets if each.conversation in cases]
    ways = await asyncio.gather(*(_way(conversations, case) for case, _ in known))
    return tuple(
        _row(case, ticket, person.actor, way) for (case, ticket), way in zip(known, ways, strict=True)
    )


async def _way(conversations: SlackConversations, case: QueueRow) -> str:
    """Return the link to the ticket's thread; to the desk if the thread is not in Slack."""
    at, desk = case.conversation, conversations.ports.desk
    receipt = await conversations.ports.finder.opened(at)
    return thread_link(at.agents, receipt, conversations.url) or (f"{desk}{at.id}" if desk else "")


def _row(case: QueueRow, ticket: OpenTicket, actor: str, way: str) -> HomeRow:
    at = case.conversation
    assigned = phrase("status_with_agent", who=at.holder_name) if at.holder else phrase("status_unassigned")
    snoozed = phrase(f"snoozed_{at.snoozed}") if at.snoozed else ""
    return HomeRow(
        title=f"#{at.ticket} · {customer_name(at)} · {case.title}",
        state=" · ".join(filter(None, (whose_turn(at), snoozed, "" if at.holder == actor else assigned))),
        when=ticket.since,
        lead=f"{phrase('since')} ",
        url=way,
        label=phrase("open_ticket"),
        open=True,
    )
