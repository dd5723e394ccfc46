"""Handles what agents write, edit and delete in a team's channel: hands it to the agents' place, shows the reaction."""

from typing import Final

from adapters.slack.agents.access import AgentAccess
from adapters.slack.api.addresses import Person, Place, receipt
from adapters.slack.customers.hidden_files import all_files
from adapters.slack.customers.pending_edits import PendingEdits
from adapters.slack.inbound.events import MessageEdited, MessageShortcut, Written
from adapters.slack.render.agent_thread import hint
from bot.ports import HeldReply, ThreadEdit, ThreadLine
from flows.conversation import Conversation
from flows.orders import UNRECORDED_S
from flows.text.agent_phrases import phrase
from flows.text.markup.styled import ending

TOLD_ONCE_S: Final = 24 * 3600
"""Seconds in which a person gets the same note only once."""


class NotYet(Exception):
    """Raised for a message in a thread whose ticket is not recorded yet; Slack sends the message again."""


class AgentMessages:
    """Handles messages in teams' channels."""

    def __init__(self, access: AgentAccess) -> None:
        self._access = access
        self._conversations = access.conversations
        self._marks = access.conversations.ports.marks
        self._pending_edits = PendingEdits(access.conversations.ports)

    async def written(self, written: Written) -> None:
        """Handle a message in a team's channel; it never starts a conversation."""
        place, person = written.place, written.person
        at = await self._access.ticket_in(place) if place.thread != written.ts else None
        if at is None:
            if written.ours and written.after < UNRECORDED_S:
                raise NotYet(place.thread)
            if written.mention:
                await self._once(f"room/{person.actor}", written.beside, person, "room_talk")
            elif written.text.startswith("!") and await self._access.is_agent(person):
                await self._say_where(written)
        elif not await self._access.is_agent(person):
            await self._once(f"stranger/{place.thread}/{person.actor}", place, person, "not_heard")
        else:
            await self._line(at, written)
            await self._pending_edits.heard(written, self._edit)

    async def _say_where(self, written: Written) -> None:
        """Say below `!words` that are in no ticket's thread where they work; a note to the agent alone may be lost."""
        if await self._marks.first(f"told/{written.key}", TOLD_ONCE_S):
            await self._access.say(written.place, hint(phrase("room_words")))

    async def _once(self, name: str, place: Place, person: Person, saying: str) -> None:
        if await self._marks.first(f"told/{place.channel}/{name}", TOLD_ONCE_S):
            await self._conversations.whisper(place, person, hint(phrase(saying)))

    async def _line(self, at: Conversation, written: Written) -> None:
        place, person = written.place, written.person
        line = ThreadLine(
            who=await self._access.who(person, written.key),
            text=written.text,
            styled=written.styled,
            files=await all_files(self._conversations.client, written),
            receipt=receipt(place.channel, written.ts),
        )
        reaction = await self._access.place.line(at, line)
        await self._access.mark(reaction, place, written.ts, person)
        await self._access.show(reaction, place, person, at)

    async def pointed(self, pointed: MessageShortcut) -> None:
        """Handle *Send to the customer* on an agent's message in a thread."""
        place, person = pointed.place, pointed.person
        here = self._access.in_team_room(place)
        at = await self._access.ticket_in(place) if here and place.thread != pointed.ts else None
        if not await self._access.is_agent(person):
            await self._access.refuse(pointed.beside, person)
        elif at is None:
            await self._conversations.whisper(pointed.beside, person, hint(phrase("not_about_it")))
        elif pointed.author is None or not (pointed.text or pointed.files):
            await self._conversations.whisper(place, person, hint(phrase("nothing_to_send")))
        else:
            text = pointed.text.removeprefix("!").strip()
            held = HeldReply(
                text=text,
                styled=ending(pointed.styled, text),
                files=await all_files(self._conversations.client, pointed),
            )
            who = await self._access.who(person, pointed.key)
            reaction = await self._access.place.send_once(pointed.of, at.id, who, held)
            await self._access.show(reaction, place, person, at)

    async def reworded(self, reworded: MessageEdited) -> None:
        """Handle an agent's edit or deletion of a message, which may not have arrived yet."""
        person, place = reworded.person, reworded.place
        if (
            not await self._edit(reworded)
            and await self._access.is_agent(person)
            and await self._access.ticket_in(place)
        ):
            await self._pending_edits.remember(reworded, self._edit)

    async def _edit(self, reworded: MessageEdited) -> bool:
        """Record the edit. Return whether its message was known."""
        person, place = reworded.person, reworded.place
        at = await self._access.ticket_in(place)
        if at is None or not await self._access.is_agent(person):
            return False
        edit = ThreadEdit(
            of=reworded.of,
            key=reworded.event,
            text=reworded.text,
            styled=reworded.styled,
            receipt=receipt(place.channel, reworded.ts),
            actor=person.actor,
            moment=reworded.moment,
        )
        reaction = await self._access.place.edited(at, edit)
        await self._access.post(reaction, place)
        return reaction.known
