"""Opens tickets for the author of a message: at the author's press, and by the agents' shortcut *Open ticket*."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from adapters.slack.api.ack_budget import lookup_time
from adapters.slack.api.addresses import Person, Place
from adapters.slack.api.client import FAILURES
from adapters.slack.api.payload import Json, things
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.customers.hidden_files import all_files
from adapters.slack.inbound.events import MessageShortcut, message_key
from adapters.slack.inbound.history import SAME_QUESTION_S, asked
from adapters.slack.mention_names import MentionNames
from adapters.slack.render.card import note
from adapters.slack.render.texts import said
from bot.telemetry import log
from flows.conversation import Conversation
from flows.events import REASONS, Escalated, File
from flows.rules.escalation import BY_AGENT
from flows.text.markup.typed_words import TypedWords
from flows.text.phrases import PHRASES

READ: Final = 15
"""Messages that are read back; Slack gives some apps no more at once."""


class Tickets:
    """Opens tickets with the words that Slack still has."""

    def __init__(
        self,
        conversations: SlackConversations,
        names: MentionNames,
        may_write: Callable[[MessageShortcut], Awaitable[bool]] | None = None,
    ) -> None:
        """`may_write` returns whether the bot is in the channel of a shortcut's message."""
        self._conversations = conversations
        self._names = names
        self._may_write = may_write
        self._ports = conversations.ports
        self._log = log("slack")

    async def begin(self, place: Place, author: Person, press: str, *, ticket: bool) -> None:
        """Start the author's conversation in the thread of their message: with a ticket, or with the problems.

        `press` is the key of the click. It opens a ticket in a conversation that began before, too.
        """
        words, files = await self._read_back(place, author)
        # With the message's own key, so that later edits of the message reach the conversation, too.
        key = message_key(place.channel, place.thread)
        opens = REASONS[0] if ticket else ""
        content: dict[str, Any] = {**words._asdict(), "files": files, "ticket": opens}
        outcome = await self._conversations.begin(place, author, key, **content)
        if outcome.repeated and outcome.conversation.status.ended:
            outcome = await self._conversations.begin(place, author, press, **content)
        if ticket and not outcome.created and not outcome.conversation.ticket_open:
            await self._escalate(outcome.conversation, REASONS[0], press)

    async def pointed(self, pointed: MessageShortcut) -> None:
        """Handle the agents' shortcut *Open ticket* on anyone's message."""
        conversations, place = self._conversations, pointed.place
        if not await conversations.directory.recognizes(pointed.person, place.workspace):
            await self._answer(pointed, PHRASES["only_agents_open"])
        elif pointed.author is None:
            await self._answer(pointed, PHRASES["not_by_a_person"])
        elif self._may_write is not None and not await self._may_write(pointed):
            await self._answer(pointed, said("not_in_direct" if place.direct else "invite_me"))
        else:
            await self._open(pointed, pointed.author)

    async def _open(self, pointed: MessageShortcut, author: Person) -> None:
        place, conversations = pointed.place, self._conversations
        at = await self._ports.finder.at(place.door()) if place.thread else None
        if at is not None and not at.status.ended:
            if at.ticket_open:
                await self._answer(pointed, PHRASES.say("has_ticket", ticket=at.ticket))
                return
            if at.contact != author.actor:
                await self._answer(pointed, PHRASES["under_way_here"])
                return
            at = await self._escalate(at, BY_AGENT, pointed.key)
        else:
            files = await all_files(conversations.client, pointed)
            content: dict[str, Any] = {"text": pointed.text, "styled": pointed.styled, "files": files}
            content |= {"ticket": BY_AGENT, "by": pointed.person}
            began = await conversations.begin(place, author, pointed.of, **content)
            if began.repeated and began.conversation.status.ended:
                began = await conversations.begin(place, author, pointed.key, **content)
            at = began.conversation
            if not began.created and not at.ticket_open:
                at = await self._escalate(at, BY_AGENT, pointed.key)
        opened = PHRASES.say("opened_for", ticket=at.ticket) if at.ticket_open else PHRASES["no_ticket"]
        await self._answer(pointed, opened)

    async def _escalate(self, at: Conversation, reason: str, key: str) -> Conversation:
        """Open a ticket in the name of the conversation's customer."""
        event = Escalated(conversation=at.id, actor=at.contact, reason=reason, key=f"ticket/{key}")
        outcome = await self._ports.receive(event)
        return outcome.conversation if outcome is not None else at

    async def _answer(self, pointed: MessageShortcut, text: str) -> None:
        """Answer the person alone: by the shortcut's response URL, which works in every channel."""
        try:
            await self._conversations.client.respond(pointed.answer, text)
        except FAILURES as failure:
            self._log.info("a person could not be answered", reason=type(failure).__name__)
            await self._conversations.whisper(pointed.beside, pointed.person, note(text))

    # ------------------------------------------------------------ the words of a message

    async def _read_back(self, place: Place, author: Person) -> tuple[TypedWords, tuple[File, ...]]:
        """Read the author's question from Slack; the ticket opens without words if Slack does not answer in time."""
        at = {"channel": place.channel, "limit": READ}
        until = f"{float(place.thread) + SAME_QUESTION_S:.6f}"
        thread, beside = await asyncio.gather(
            self._read(place, "conversations.replies", ts=place.thread, **at),
            self._read(place, "conversations.history", oldest=place.thread, latest=until, **at),
        )
        messages = [*thread, *beside]
        theirs = [one for one in messages if one.get("user") == author.user]
        names = await self._names.of(theirs, place.workspace)
        return asked(messages, author.user, place.thread, place.workspace, names)

    async def _read(self, place: Place, method: str, **params: Any) -> list[Json]:
        try:
            async with asyncio.timeout(lookup_time()):
                answer = await self._conversations.client.read(place.workspace, method, **params)
        except FAILURES as failure:
            self._log.info("a message could not be read back", reason=str(failure)[:200])
            return []
        return list(things(answer.get("messages")))
