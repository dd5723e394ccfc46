"""Takes what agents write, edit and delete in a team's thread to what decides, and shows what comes of it."""

from typing import Final

from adapters.discord.agents.buttons import who_of
from adapters.discord.agents.delivery_marks import AMONG, SENT, DeliveryMarks
from adapters.discord.api.addresses import Place, made, receipt
from adapters.discord.api.client import FAILURES, DiscordClient
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.inbound.events import MessageEdited, Written
from adapters.discord.render.agent_thread import everything, hint
from bot.ports import Contended, Reaction, TeamRooms, ThreadEdit, ThreadLine
from flows.conversation import Conversation
from flows.orders import UNRECORDED_S
from flows.text.agent_phrases import phrase

TOLD_ONCE_S: Final = 24 * 3600
"""Seconds in which a person is told the same only once."""

TRIES: Final = 5
"""How often a message in such a thread is heard again."""


class AgentMessages:
    """Hears what is written where teams talk. Discord has no way to answer a message to one person alone, so answers
    stand in the agents' own thread, where no customer reads.
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
        """Whether the message stands where teams talk; nothing written there ever begins a conversation."""
        if written.place.direct or not self._teams.rooms:
            return False
        room = written.place.room
        if room in self._teams.rooms:
            if written.mention:
                await self._once(written, f"room/{written.person.user}", "room_talk")
            return True
        at = await self._ports.ticket_in(room)
        if at is None:
            return await self._unknown(written)
        if not self._conversations.directory.is_agent(written.person):
            await self._once(written, f"stranger/{room}/{written.person.user}", "not_heard")
        elif not written.blank:
            await self._line(at, written)
        return True

    async def _unknown(self, written: Written) -> bool:
        """A thread in a room that is no ticket's; or a ticket's, and it is not written down yet whose it is."""
        room = written.place.room
        young = made(written.message) - made(room) < UNRECORDED_S * 1000
        if not young and not written.mention:
            return False
        try:
            told = await self._conversations.channel(room)
            ours = str(told.get("owner_id") or "") == (await self._client.identity()).bot
        except FAILURES:
            return False
        if str(told.get("parent_id")) not in self._teams.rooms:
            return False
        for number in range(TRIES if ours and young else 0):
            if await self._ports.marks.first(f"discord/early/{written.message}/{number}", TOLD_ONCE_S):
                raise Contended("a thread that was opened a moment ago")
        if written.mention:
            await self._once(written, f"room/{written.person.user}", "room_talk")
        return True

    async def _once(self, written: Written, name: str, saying: str) -> None:
        if await self._ports.marks.first(f"discord/told/{name}", TOLD_ONCE_S):
            await self._conversations.reply(written.place, hint(phrase(saying)), written.message)

    async def _line(self, at: Conversation, written: Written) -> None:
        where = receipt(written.place.room, written.message)
        who = who_of(written.person, written.key)
        line = ThreadLine(who=who, text=written.text, files=written.files, receipt=where)
        reaction = await self._teams.agents.line(at, line)
        if reaction.mark:
            sign = AMONG if reaction.mark == "note" else SENT
            await self._delivery_marks.put(sign, written.place.room, written.message)
        await self._show(reaction, written.place, written.message, at)

    async def _show(self, reaction: Reaction, place: Place, message: str, at: Conversation) -> None:
        """Say a reaction's text below the message it is about."""
        if reaction.text:
            further = everything(at) if reaction.menu else ()
            await self._conversations.reply(place, hint(reaction.text, reaction.orders, further), message)

    async def reworded(self, reworded: MessageEdited) -> bool:
        """An agent edited or deleted a message. Returns whether it stands where teams talk."""
        place, person = reworded.place, reworded.person
        if place.direct or (at := await self._ports.ticket_in(place.room)) is None:
            return False
        if person is not None and not self._conversations.directory.is_agent(person):
            return True
        edit = ThreadEdit(
            of=reworded.of,
            key=reworded.event,
            text=reworded.text,
            receipt=receipt(place.room, reworded.message),
            actor=person.actor if person is not None else "",
            moment=reworded.moment,
        )
        await self._show(await self._teams.agents.edited(at, edit), place, reworded.message, at)
        return True
