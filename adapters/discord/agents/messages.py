"""Handles what agents write, edit and delete in a team's threads: hands it to the agents' place, shows the reaction."""

from typing import Final

from adapters.discord.agents.buttons import who_of
from adapters.discord.agents.delivery_marks import AMONG, SENT, DeliveryMarks
from adapters.discord.api.addresses import Place, made, receipt
from adapters.discord.api.client import FAILURES, DiscordClient
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.inbound.events import MessageEdited, Written
from adapters.discord.render.agent_texts import discord_phrase
from adapters.discord.render.agent_thread import everything, hint
from adapters.discord.render.card import note
from bot.ports import Contended, Reaction, TeamRooms, ThreadEdit, ThreadLine
from flows.conversation import Conversation
from flows.orders import UNRECORDED_S
from flows.text.agent_phrases import phrase
from flows.text.markup.words import parse

TOLD_ONCE_S: Final = 24 * 3600
"""Seconds in which a person gets the same note only once."""

TRIES: Final = 5
"""Attempts to handle a message in a thread whose ticket is not recorded yet."""


class AgentMessages:
    """Handles messages in teams' channels.

    Discord has no way to reply to a message for one person alone, so reactions are posted in the agents' own thread,
    which no customer reads.
    """

    def __init__(
        self,
        conversations: DiscordConversations,
        teams: TeamRooms,
        client: DiscordClient,
        delivery_marks: DeliveryMarks,
    ) -> None:
        self._conversations = conversations
        self._ports = conversations.ports
        self._teams = teams
        self._client = client
        self._delivery_marks = delivery_marks

    async def written(self, written: Written) -> bool:
        """Handle a message in a team's channel; it never starts a conversation. Return whether it was there."""
        if written.place.direct or not self._teams.rooms:
            return False
        room = written.place.room
        if room in self._teams.rooms:
            if written.mention:
                await self._once(written, f"room/{written.person.user}", "room_talk")
            elif written.text.startswith("!") and self._conversations.directory.is_agent(written.person):
                await self._once(written, f"where/{written.message}", "room_words")
            return True
        at = await self._ports.ticket_in(room)
        if at is None:
            return await self._unknown(written)
        if not self._conversations.directory.is_agent(written.person):
            await self._once(written, f"stranger/{room}/{written.person.user}", "not_heard")
        elif written.blank:
            await self._unread(written)
        else:
            await self._line(at, written)
        return True

    async def _unknown(self, written: Written) -> bool:
        """Handle a message in a thread without a ticket, or whose ticket is not recorded yet."""
        room = written.place.room
        young = made(written.message) - made(room) < UNRECORDED_S * 1000
        if not young and not written.mention:
            return False
        try:
            channel = await self._conversations.channel(room)
            ours = str(channel.get("owner_id") or "") == (await self._client.identity()).bot
        except FAILURES:
            return False
        if str(channel.get("parent_id")) not in self._teams.rooms:
            return False
        for number in range(TRIES if ours and young else 0):
            if await self._ports.marks.first(f"discord/early/{written.message}/{number}", TOLD_ONCE_S):
                raise Contended("a thread that was opened a moment ago")
        if written.mention:
            await self._once(written, f"room/{written.person.user}", "room_talk")
        return True

    async def _unread(self, written: Written) -> None:
        """Say once a day how to write to the customer where the bot cannot read messages."""
        if await self._ports.marks.first(f"discord/told/blank/{written.place.room}", TOLD_ONCE_S):
            words = discord_phrase("how_to_blind", reply=f"**{phrase('action_reply')}**")
            await self._conversations.reply(written.place, note(parse(words)), written.message)

    async def _once(self, written: Written, name: str, saying: str) -> None:
        if await self._ports.marks.first(f"discord/told/{name}", TOLD_ONCE_S):
            await self._conversations.reply(written.place, hint(phrase(saying)), written.message)

    async def _line(self, at: Conversation, written: Written) -> None:
        where = receipt(written.place.room, written.message)
        who = who_of(written.person, written.key)
        line = ThreadLine(
            who=who, text=written.text, styled=written.styled, files=written.files, receipt=where
        )
        reaction = await self._teams.agents.line(at, line)
        if reaction.mark:
            sign = AMONG if reaction.mark == "note" else SENT
            await self._delivery_marks.put(sign, written.place.room, written.message)
        await self._show(reaction, written.place, written.message, at)

    async def _show(self, reaction: Reaction, place: Place, message: str, at: Conversation) -> None:
        """Post a reaction's text below the message that it is about."""
        if reaction.text:
            menu = everything(at) if reaction.menu else ()
            await self._conversations.reply(place, hint(reaction.text, reaction.orders, menu), message)

    async def reworded(self, reworded: MessageEdited) -> bool:
        """Handle an agent's edit or deletion of a message. Return whether it was in a team's thread."""
        place, person = reworded.place, reworded.person
        if place.direct or (at := await self._ports.ticket_in(place.room)) is None:
            return False
        if person is not None and not self._conversations.directory.is_agent(person):
            return True
        edit = ThreadEdit(
            of=reworded.of,
            key=reworded.event,
            text=reworded.text,
            styled=reworded.styled,
            receipt=receipt(place.room, reworded.message),
            actor=person.actor if person is not None else "",
            moment=reworded.moment,
        )
        await self._show(await self._teams.agents.edited(at, edit), place, reworded.message, at)
        return True
