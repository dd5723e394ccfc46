"""Lists an agent's own tickets on `/tickets`, and keeps whether they want direct messages about them."""

from collections.abc import Mapping
from typing import Final

from adapters.discord.api.addresses import DISCORD, Person, link, sent
from adapters.discord.api.client import FAILURES
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.inbound.events import Pressed, TicketsCommand
from adapters.discord.render.agent_texts import discord_phrase
from adapters.discord.render.agent_thread import hint
from adapters.discord.render.card import Message
from adapters.discord.render.my_tickets import TicketLine, my_tickets
from adapters.discord.render.tokens import ChooseDirectMessages
from adapters.discord.responses import Response
from bot.ports import DirectMessages, OpenTicket, QueueRow
from bot.telemetry import log
from flows.conversation import Address
from flows.text.agent_phrases import customer_name, phrase, whose_turn

MOST: Final = 20
"""Tickets in the list; the web desk lists all."""


class AgentTickets:
    """Shows an agent their own tickets. Each call checks that the person is an agent (law L11)."""

    def __init__(self, conversations: DiscordConversations, direct: DirectMessages) -> None:
        """`direct` keeps which agents want direct messages."""
        self._conversations = conversations
        self._ports = conversations.ports
        self._direct = direct

    async def called(self, called: TicketsCommand, answer: Response) -> None:
        """Handle `/tickets`. Raises StoreDown."""
        if await self._refused(called.person, answer):
            return
        await answer.say(await self._list(called.person))

    async def chose(self, pressed: Pressed, choice: ChooseDirectMessages, answer: Response) -> None:
        """Turn direct messages on or off; they go on only if the first one arrives. Raises StoreDown."""
        person = pressed.person
        if await self._refused(person, answer):
            return
        if choice.wanted:
            try:
                await self._conversations.directly(person, phrase("direct_begins"), f"n{pressed.id}")
            except FAILURES as failure:
                log("discord").info("an agent takes no direct messages", reason=str(failure)[:200])
                await answer.say(await self._list(person, discord_phrase("direct_closed")))
                return
        await self._direct.choose(person.actor, choice.wanted)
        await answer.say(await self._list(person))

    async def _refused(self, person: Person, answer: Response) -> bool:
        """Tell a person who is no agent that only agents can do that. Return whether the person was refused."""
        if self._conversations.directory.is_agent(person):
            return False
        await answer.say(hint(discord_phrase("not_an_agent")))
        return True

    async def _list(self, person: Person, lead: str = "") -> Message:
        queue = self._ports.queue
        mine = (await queue.look()).assigned_to(person.actor) if queue is not None else ()
        cases = await queue.cases(mine[:MOST]) if queue is not None else ()
        known = {each.conversation: each for each in mine}
        guilds = await self._guilds({case.conversation.agents for case in cases})
        lines = [await self._line(case, known[case.conversation.id], guilds) for case in cases]
        direct = await self._direct.wanted(person.actor)
        return my_tickets(lines, len(mine), direct=direct, lead=lead)

    async def _guilds(self, rooms: set[str]) -> Mapping[str, str]:
        """Return the servers of agents' channels in Discord, by the channels' addresses as text."""
        found: dict[str, str] = {}
        for room in rooms:
            address = Address.parse(room)
            if address.channel == DISCORD:
                try:
                    channel = await self._conversations.channel(address.room)
                except FAILURES:
                    continue
                found[room] = str(channel.get("guild_id") or "")
        return found

    async def _line(self, case: QueueRow, ticket: OpenTicket, guilds: Mapping[str, str]) -> TicketLine:
        at, desk = case.conversation, self._ports.desk
        guild = guilds.get(at.agents, "")
        thread = sent(await self._ports.finder.opened(at))[1] if guild else ""
        snoozed = phrase(f"snoozed_{at.snoozed}") if at.snoozed else ""
        return TicketLine(
            ticket=at.ticket,
            who=customer_name(at),
            title=case.title,
            state=" · ".join(filter(None, (whose_turn(at), snoozed))),
            since=ticket.since,
            way=link(guild, thread) or (f"{desk}{at.id}" if desk else ""),
        )
