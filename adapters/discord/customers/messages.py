"""What people write: mentions, direct messages, words in a thread or post, and what they change or take back later."""

from collections.abc import Mapping
from typing import Any, Final

import discord

from adapters.discord.api.addresses import Person, Place, made
from adapters.discord.api.client import FAILURES, DiscordClient
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.customers.forum_posts import Posts
from adapters.discord.inbound.events import MessageEdited, Written
from adapters.discord.inbound.parse import THREADS
from adapters.discord.render.card import note
from adapters.discord.render.texts import said
from bot.ports import Contended
from bot.telemetry import log
from flows.conversation import Conversation
from flows.engine import is_back
from flows.events import Edited, Said, Wrote
from flows.text.phrases import PHRASES
from flows.text.understanding import recognise

AFTER_END_MS: Final = 3_600_000
"""Milliseconds after an end in which what somebody writes to the bot is about what has ended ("thank you")."""

ONCE: Final = 30 * 24 * 3600
HINT_ONCE_S: Final = 600
"""Seconds in which a conversation gets no second hint, and somebody who is told to use /fix is not told again."""


class CustomerMessages:
    """Hears what is written, wherever that is."""

    def __init__(self, conversations: DiscordConversations, client: DiscordClient, posts: Posts) -> None:
        self._conversations = conversations
        self._ports = conversations.ports
        self._client = client
        self._posts = posts

    async def written(self, written: Written) -> None:
        """A message. Raises what the desk raises, for then it must be heard again."""
        at = await self._ports.finder.at(written.place.door)
        if at is not None and not at.status.ended:
            await self._under_way(at, written)
        elif at is not None and at.may_answer(written.person.actor) and self._still_about(at, written):
            await self._say(at, written)
        elif written.place.direct:
            await self._begin(written.place, written)
        elif written.first:
            await self._post(written)
        elif written.mention:
            await self._mentioned(written)

    async def _under_way(self, at: Conversation, written: Written) -> None:
        """A conversation lives here: its people answer, agents take over, others talk among themselves."""
        person = written.person
        if at.may_answer(person.actor):
            if written.aside and not written.mention and not at.ticket_open:
                return  # among people, where a guide is walked as well
            if written.blank:
                await self._hint(at, written)
            elif written.text or written.files:
                await self._say(at, written)
            else:
                shown = note(PHRASES["where_you_are"], await self._conversations.live(at))
                await self._conversations.reply(written.place, shown, written.message)
        elif self._conversations.directory.is_agent(person):
            event = Wrote(
                conversation=at.id,
                name=person.name,
                text=written.text,
                files=written.files,
                actor=person.actor,
                key=written.key,
            )
            await self._ports.receive(event)
        elif written.mention and await self._ports.marks.first(
            f"discord/not-yours/{at.id}/{person.user}", HINT_ONCE_S
        ):
            await self._conversations.reply(written.place, note(said("your_own")), written.message)

    def _still_about(self, at: Conversation, written: Written) -> bool:
        if is_back(written.text):
            return True
        fresh = written.place.direct and made(written.message) - at.changed_at < AFTER_END_MS
        known = recognise(self._ports.catalogue().flows, written.text)
        return fresh and known is None and not written.mention and bool(written.text or written.files)

    async def _say(self, at: Conversation, written: Written) -> None:
        event = Said(
            conversation=at.id,
            text=written.text,
            files=written.files,
            actor=written.person.actor,
            key=written.key,
        )
        await self._ports.receive(event)

    async def _hint(self, at: Conversation, written: Written) -> None:
        """Their words do not reach the bot here: said once, with what does."""
        if not await self._ports.marks.first(f"discord/hint/{at.id}", ONCE):
            return
        text = said("hint" if at.ticket_open else "hint_plain")
        await self._conversations.reply(written.place, note(text), written.message)

    # ------------------------------------------------------------ beginning

    async def _begin(self, place: Place, written: Written) -> None:
        outcome = await self._conversations.begin(
            place, written.person, written.key, text=written.text, files=written.files
        )
        if not outcome.created and not outcome.repeated and written.text:
            await self._say(outcome.conversation, written)

    async def _post(self, written: Written) -> None:
        try:
            await self._posts.opened(written)
        except FAILURES as failure:
            _unread(written, failure)

    async def _mentioned(self, written: Written) -> None:
        """A thread on that message, or the thread it stands in; where that may not be, direct messages."""
        place: Place | None = None
        try:
            channel = await self._conversations.channel(written.place.room)
            if channel.get("type") in THREADS:
                await self._in_thread(written, channel)
                return
            place = await self._thread(written)
        except FAILURES as failure:
            _unread(written, failure)
        if place is None:
            opening = said("no_threads_opening", missing=said("denied"))
            try:
                place = await self._conversations.directly(written.person, opening, f"d{written.message}")
            except FAILURES as failure:
                log("discord").info("no way to reach a person", reason=str(failure)[:200])
                told = note(said("no_thread_told", missing=said("denied")))
                await self._conversations.reply(written.place, told, written.message)
                return
        await self._begin(place, written)

    async def _in_thread(self, written: Written, channel: Mapping[str, Any]) -> None:
        """Begin where it stands; in a post it is for who opened the post, whoever mentioned the bot."""
        place = Place(
            guild=written.place.guild,
            channel=str(channel.get("parent_id") or ""),
            thread=written.place.room,
        )
        owner = str(channel.get("owner_id") or "")
        if not self._posts.holds(place) or owner == written.person.user:
            await self._begin(place, written)
            return
        text = "\n".join(filter(None, (str(channel.get("name") or ""), written.text)))
        await self._conversations.begin(place, Person(user=owner), written.key, text=text)

    async def _thread(self, written: Written) -> Place:
        """The thread on a message that mentions the bot. Raises FAILURES."""
        room, guild = written.place.room, written.place.guild
        name = said("thread_name", who=written.person.name or PHRASES["someone"])
        return await self._conversations.thread_of(guild, room, written.message, written.text or name)

    # ------------------------------------------------------------ changing

    async def reworded(self, reworded: MessageEdited) -> None:
        """A message that was changed or deleted: its words are kept as they are now."""
        at = await self._ports.finder.at(reworded.place.door)
        if at is None:  # the message that a thread hangs on stands outside of it, and bears its id
            thread = Place(guild=reworded.place.guild, thread=reworded.message)
            at = await self._ports.finder.at(thread.door)
        if at is None:
            return
        known = (at.contact, *at.may_press, at.holder)
        actors = (reworded.person.actor,) if reworded.person else known
        for actor in dict.fromkeys(filter(Person.of, actors)):
            event = Edited(
                conversation=at.id,
                of=reworded.of,
                text=reworded.text,
                moment=reworded.moment,
                actor=actor,
                key=reworded.event,
            )
            outcome = await self._ports.receive(event)
            if outcome is not None and outcome.refusal is None:
                return


def _unread(written: Written, failure: BaseException) -> None:
    """Said to the operator where it is a permission that is missing. Raises Contended where it may pass."""
    if not isinstance(failure, discord.HTTPException) or failure.status >= 500:
        raise Contended("Discord could not be asked") from failure
    log("discord").warning(
        "a permission is missing to open a thread or read a channel",
        room=written.place.room,
        reason=str(failure)[:200],
    )
