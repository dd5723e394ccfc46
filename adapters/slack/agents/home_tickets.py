"""Lists open tickets for an agent's Home tab: those that need a reply first."""

from typing import Final

from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.inbound.events import HomeOpened
from adapters.slack.render.home import HomeRow
from bot.ports import OpenTicket, QueueRow
from flows.text.agent_phrases import customer_name, phrase, whose_turn

MOST: Final = 20
"""Tickets on the tab; the web desk lists all."""


async def home_tickets(conversations: SlackConversations, visited: HomeOpened) -> tuple[HomeRow, ...]:
    """Return the rows for an agent; none for anyone else. Raises StoreDown."""
    queue = conversations.ports.queue
    if queue is None or not await conversations.directory.is_agent(visited.person, visited.workspace):
        return ()
    open_tickets = [each for each in (await queue.look()).open if not each.snoozed][:MOST]
    known = {each.conversation: each for each in open_tickets}
    cases = await queue.cases(open_tickets)
    actor, desk = visited.person.actor, conversations.ports.desk
    return tuple(_row(case, known[case.conversation.id], actor, desk) for case in cases)


def _row(case: QueueRow, ticket: OpenTicket, actor: str, desk: str) -> HomeRow:
    at = case.conversation
    mine = phrase("you") if at.holder == actor else at.holder_name
    who = phrase("status_with_agent", who=mine) if at.holder else phrase("status_unassigned")
    return HomeRow(
        title=f"#{at.ticket} · {customer_name(at)} · {case.title}",
        state=f"{whose_turn(at)} · {who}",
        when=ticket.since,
        url=f"{desk}{at.id}" if desk else "",
        label=phrase("open_ticket"),
        open=True,
    )
