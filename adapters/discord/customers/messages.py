"""Handles customers' messages: mentions, direct messages, messages in threads and posts, and their later edits."""

from collections.abc import Mapping
from typing import Any, Final

import discord

from adapters.discord.api.addresses import Person, Place
from adapters.discord.api.client import FAILURES, DiscordClient
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.customers.forum_posts import Posts
from adapters.discord.customers.threads import PRIVATE
from adapters.discord.inbound.events import MessageEdited, Written
from adapters.discord.inbound.parse import THREADS
from adapters.discord.inbound.thread_states import thread_state
from adapters.discord.render.card import note
from adapters.discord.render.texts import said
from adapters.discord.render.write_buttons import with_write_button, write_label
from adapters.discord.write_buttons import remove_write_buttons
from bot.ports import Contended
from bot.telemetry import log
from flows.conversation import Conversation, Status
from flows.events import Edited, PlaceLost, Reopened, Said, Wrote
from flows.screen_answers import is_back
from flows.text.markup.typed_words import TypedWords, titled
from flows.text.markup.words import fill, parse
from flows.text.phrases import PHRASES
from flows.text.starts import recognise

AFTER_END_MS: Final = 3_600_000
"""Milliseconds after a conversation's end in which a message to the bot still belongs to it ("thank you")."""

HINT_ONCE_S: Final = 600
"""Seconds in which a conversation gets no second hint, and a person no second advice to use /fix."""


class CustomerMessages:
    """Records customers' messages in channels, threads and direct messages."""

    def __init__(self, conversations: DiscordConversations, client: DiscordClient, posts: Posts) -> None:
        self._conversations = conversations
        self._ports = conversations.ports
        self._client = client
        self._posts = posts

    async def written(self, written: Written) -> None:
        """Handle a message. Raises whatever the desk raises, so that the message is retried."""
        at = await self._ports.finder.at(written.place.door)
        if at is not None and not at.status.ended:
            await self._in_conversation(at, written)
        elif at is not None and at.may_answer(written.person.actor) and self._still_about(at, written):
            await self._record(at, written)
        elif at is not None and _continues_closed(at, written):
            await self._continue(at, written)
        elif at is not None and await self._posts.helped(at, written):
            pass  # a reader whom the steps helped, too
        elif written.place.direct:
            await self._begin(written.place, written)
        elif written.first:
            await self._post(written)
        elif written.mention:
            await self._mentioned(written)
        elif at is None:
            await self._posts.unanswered.answered(written.place, written.person)

    async def _in_conversation(self, at: Conversation, written: Written) -> None:
        """Handle a message in a conversation's place: the customer answers, agents write, others are ignored."""
        person = written.person
        if at.may_answer(person.actor):
            if written.aside and not (written.mention or at.ticket_open or at.hushed):
                return  # people talk to each other beside the guide
            if written.text or written.files:
                await self._record(at, written)
            elif await self._was_closed_since(at, written):
                pass  # an answer would open the place
            elif written.blank:
                await self._hint(at, written)
            else:
                shown = note(PHRASES["where_you_are"], await self._conversations.live(at))
                await self._conversations.reply(written.place, shown, written.message)
        elif self._conversations.directory.is_agent(person):
            event = Wrote(
                conversation=at.id,
                name=person.name,
                text=written.text,
                styled=written.styled,
                files=written.files,
                public=await self._is_public(written.place),
                actor=person.actor,
                key=written.key,
            )
            await self._ports.receive(event)
        elif written.mention and await self._ports.marks.first(
            f"discord/not-yours/{at.id}/{person.user}", HINT_ONCE_S
        ):
            await self._conversations.reply(written.place, note(said("your_own")), written.message)

    async def _is_public(self, place: Place) -> bool:
        """Return whether every member can write in that place: not in direct messages, nor in a private thread."""
        if place.direct:
            return False
        try:
            return (await self._conversations.channel(place.room)).get("type") != PRIVATE
        except FAILURES:
            return True  # a line that claims nothing does less harm

    def _still_about(self, at: Conversation, written: Written) -> bool:
        if is_back(written.text):
            return True
        fresh = written.place.direct and written.written_ms - at.changed_at < AFTER_END_MS
        known = recognise(self._ports.catalogue().flows, written.text)
        return fresh and known is None and not written.mention and bool(written.text or written.files)

    async def _record(self, at: Conversation, written: Written) -> None:
        event = Said(
            conversation=at.id,
            text=written.text,
            styled=written.styled,
            turn=await self._conversations.turn_read(at, written.written_ms),
            files=written.files,
            closed_since=await self._was_closed_since(at, written),
            actor=written.person.actor,
            key=written.key,
        )
        outcome = await self._ports.receive(event)
        if outcome is None or outcome.refusal is None or outcome.refusal.why != "too_much":
            return
        if await self._ports.marks.first(f"discord/too-much/{at.id}", HINT_ONCE_S):
            shown = note(PHRASES["too_much"], await self._conversations.live(at))
            await self._conversations.reply(written.place, shown, written.message)

    async def _was_closed_since(self, at: Conversation, written: Written) -> bool:
        """Return whether a person closed the place after the message, which opened it if it was closed before."""
        if not at.place_closed:
            return False
        try:
            thread = thread_state(await self._conversations.channel(written.place.room))
        except FAILURES:
            return False
        return thread is not None and thread.archived

    async def _continue(self, at: Conversation, written: Written) -> None:
        """Continue what ended when the post was closed: the customer's new message opened it."""
        if written.text or written.files:
            await self._record(at, written)
        elif not await self._was_closed_since(at, written):  # without Message Content
            event = Reopened(conversation=at.id, actor=written.person.actor, key=written.key)
            await self._ports.receive(event)

    async def _hint(self, at: Conversation, written: Written) -> None:
        """Say that the bot cannot read messages here, and show what works instead."""
        if not await self._ports.marks.first(f"discord/hint/{at.id}", HINT_ONCE_S):
            return
        if not at.ticket_open:
            shown = note(said("hint_plain"), await self._conversations.live(at))
        else:
            label = write_label(at.holder_name)
            words = fill(parse(said("hint", button="{button}")), {"button": label})
            shown = with_write_button(note(words), at, at.holder_name)
            await remove_write_buttons(self._client, written.place, written.message)
        await self._conversations.reply(written.place, shown, written.message)

    async def refuse(self, written: Written, why: str) -> None:
        """Tell a person who starts too much when they may again; once in ten minutes, or the answers are too many."""
        if await self._ports.marks.first(f"discord/too-many/{written.person.user}", HINT_ONCE_S):
            await self._conversations.reply(written.place, note(why), written.message)

    # ------------------------------------------------------------ beginning

    async def _begin(self, place: Place, written: Written) -> None:
        outcome = await self._conversations.begin(
            place,
            written.person,
            written.key,
            text=written.text,
            styled=written.styled,
            files=written.files,
        )
        if outcome.found_open and (written.text or written.files):
            await self._record(outcome.conversation, written)

    async def _post(self, written: Written) -> None:
        try:
            await self._posts.opened(written)
        except FAILURES as failure:
            _log_or_retry(written, failure)

    async def _mentioned(self, written: Written) -> None:
        """Start in a thread on the message, or in the message's own thread; if neither works, in direct messages."""
        place: Place | None = None
        try:
            channel = await self._conversations.channel(written.place.room)
            if channel.get("type") in THREADS:
                await self._in_thread(written, channel)
                return
            place = await self._thread(written)
        except FAILURES as failure:
            _log_or_retry(written, failure)
        if place is None:
            opening = said("no_threads_opening", why=said("denied"))
            try:
                place = await self._conversations.directly(written.person, opening, f"d{written.message}")
            except FAILURES as failure:
                log("discord").info("no way to reach a person", reason=str(failure)[:200])
                shown = note(said("no_thread_told", why=said("denied")))
                await self._conversations.reply(written.place, shown, written.message)
                return
        await self._begin(place, written)

    async def _in_thread(self, written: Written, channel: Mapping[str, Any]) -> None:
        """Start in the message's thread; in a post, the conversation is for the post's author."""
        place = Place(
            guild=written.place.guild,
            channel=str(channel.get("parent_id") or ""),
            thread=written.place.room,
        )
        owner = str(channel.get("owner_id") or "")
        if not self._posts.holds(place) or owner == written.person.user:
            await self._begin(place, written)
            return
        said = titled(str(channel.get("name") or ""), TypedWords(written.text, written.styled))
        owned, by = Person(user=owner), written.person
        await self._conversations.begin(place, owned, written.key, **said._asdict(), by=by)

    async def _thread(self, written: Written) -> Place:
        """Open the thread on a message that mentions the bot. Raises FAILURES."""
        room, guild = written.place.room, written.place.guild
        name = said("thread_name", who=written.person.name or PHRASES["someone"])
        await self._conversations.count(written.person, written.person, written.key)
        return await self._conversations.thread_of(
            guild, room, written.message, written.text or name, written.person, written.key
        )

    async def deleted(self, place: Place) -> None:
        """Record that a customer's thread or post was deleted: agents must know that nothing reaches it anymore.

        A deleted thread of agents is opened again as soon as there is something to post in it.
        """
        at = await self._ports.finder.at(place.door)
        if at is not None and not at.status.ended:
            await self._ports.receive(PlaceLost.of_customer(at.id, "thread"))

    # ------------------------------------------------------------ edits

    async def reworded(self, reworded: MessageEdited) -> None:
        """Record an edited or deleted message."""
        at = await self._ports.finder.at(reworded.place.door)
        if at is None:  # a thread's first message is outside the thread and shares its id
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
                styled=reworded.styled,
                moment=reworded.moment,
                actor=actor,
                key=reworded.event,
            )
            outcome = await self._ports.receive(event)
            if outcome is not None and outcome.refusal is None:
                return


def _continues_closed(at: Conversation, written: Written) -> bool:
    """Return whether the customer writes again in the post whose closing ended their conversation."""
    closed = at.status is Status.CLOSED and at.place_closed != ""
    return closed and at.may_answer(written.person.actor) and (written.mention or not written.aside)


def _log_or_retry(written: Written, failure: BaseException) -> None:
    """Log a missing permission; raise Contended if a retry may help."""
    if not isinstance(failure, discord.HTTPException) or failure.status >= 500:
        raise Contended("Discord could not be asked") from failure
    log("discord").warning(
        "a permission is missing to open a thread or read a channel",
        room=written.place.room,
        reason=str(failure)[:200],
    )
