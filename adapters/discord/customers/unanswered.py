"""Offers help below forum posts that stay unanswered, and handles the offer's two buttons."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord

from adapters.discord.api.addresses import DISCORD, Person, Place
from adapters.discord.api.client import FAILURES, DiscordClient
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.inbound.events import Pressed, message_key
from adapters.discord.inbound.parse import written
from adapters.discord.mention_names import MentionNames
from adapters.discord.render.card import note, payload
from adapters.discord.render.offers import collapsed_offer, help_offer
from adapters.discord.render.tokens import HelpOffer, StartForMe
from adapters.discord.responses import Response
from bot.ports import Busy, Question, Waits
from bot.telemetry import log
from flows.catalogue import PICKER
from flows.events import REASONS, Escalated, File
from flows.text.markup.typed_words import TypedWords, titled
from flows.text.phrases import PHRASES

READ: Final = 50
"""Messages of a post that are read to see whether someone has answered."""

EARLY: Final = 40058
"""The error code for a post whose author has not sent the first message yet, which may take a while with files."""

RETRY_S: Final = 30.0
"""Seconds until another attempt in such a post, or after Discord did not answer."""


class DiscordOfferer:
    """Implements the port Offerer for Discord."""

    name = DISCORD

    def __init__(self, client: DiscordClient, forums: frozenset[str]) -> None:
        """`forums` are the ids of the forums that offer help: a post of an earlier setting gets none."""
        self._client = client
        self._forums = forums
        self._log = log("discord")

    async def state(self, question: Question) -> Waits:
        """Read the post: someone may have written in it, or it may be closed or gone."""
        room, author = _room(question.door), Person.of(question.author)
        if not room or author is None:
            return "answered"
        try:
            post = await self._client.ask("GET", "/channels/{channel_id}", channel_id=room)
            if _is_closed(post) or str(post.get("parent_id")) not in self._forums:
                return "answered"
            messages = await self._client.ask(
                "GET", "/channels/{channel_id}/messages", channel_id=room, params={"limit": READ}
            )
            bot = (await self._client.identity()).bot
        except (discord.NotFound, discord.Forbidden):
            return "answered"
        except FAILURES:
            return "unknown"
        return "answered" if _answered(messages, author.user, bot) else "waits"

    async def offer(self, question: Question, away: str) -> None:
        """Post the offer in the post, as a message of its own: a reply needs a permission more, and may be refused."""
        room, author = _room(question.door), Person.of(question.author)
        assert author is not None, "asked before"
        body = payload(help_offer(away, author.user), nonce=f"h{room}")
        try:
            await self._client.ask("POST", "/channels/{channel_id}/messages", body, channel_id=room)
        except discord.HTTPException as failure:
            if failure.code == EARLY or failure.status == 429 or failure.status >= 500:
                raise Busy(RETRY_S) from failure
            self._log.warning("help could not be offered", room=room, reason=str(failure)[:200])
        except FAILURES as failure:  # if the message arrived, Discord drops another one with its nonce
            raise Busy(RETRY_S) from failure


class Unanswered:
    """Keeps posts that wait for an answer, and handles the buttons of the offers in them."""

    def __init__(self, conversations: DiscordConversations, names: MentionNames) -> None:
        self._conversations = conversations
        self._names = names
        self._ports = conversations.ports

    async def wait(self, place: Place, person: Person, asked: int) -> None:
        """Keep a post that no guide fits; `asked` is when it was written (ms)."""
        question = Question(
            channel=DISCORD, room=place.door, door=place.door, author=person.actor, asked=asked
        )
        await self._ports.questions.wait(question)

    async def answered(self, place: Place, person: Person) -> None:
        """Note that someone wrote there; it answers the post of anyone else."""
        await self._ports.questions.answered(DISCORD, place.door, by=person.actor)

    async def pressed(self, pressed: Pressed, token: HelpOffer, answer: Response) -> None:
        """Start the author's conversation at the author's press; offer anyone else a conversation of their own."""
        if pressed.person.user != token.user:
            own = [(PHRASES["start_for_me"], StartForMe(flow=PICKER))]
            await answer.say(note(PHRASES["not_your_question"], buttons=own))
            return
        ticket = token.what == "ticket"
        await self._begin(pressed, ticket=ticket)
        await answer.update(collapsed_offer(PHRASES["person_will_help" if ticket else "lets_start"]))

    async def _begin(self, pressed: Pressed, *, ticket: bool) -> None:
        place = pressed.place
        words, files = await self._read_back(place)
        # With the first message's own key, so that later edits of it reach the conversation, too.
        key = message_key(place.room, place.room)
        content: dict[str, Any] = {**words._asdict(), "files": files, "locale": pressed.locale}
        content |= {"ticket": REASONS[0] if ticket else ""}
        outcome = await self._conversations.begin(place, pressed.person, key, **content)
        if outcome.repeated and outcome.conversation.status.ended:
            outcome = await self._conversations.begin(place, pressed.person, pressed.key, **content)
        at = outcome.conversation
        if ticket and not outcome.created and not at.ticket_open:
            await self._ports.receive(
                Escalated(conversation=at.id, actor=at.contact, reason=REASONS[0], key=pressed.key)
            )

    async def _read_back(self, place: Place) -> tuple[TypedWords, tuple[File, ...]]:
        """Read the post's title and first message; the ticket opens without what Discord does not tell."""
        try:
            channel = await self._conversations.channel(place.room)
            first = await self._conversations.client.ask(
                "GET",
                "/channels/{channel_id}/messages/{message_id}",
                channel_id=place.room,
                message_id=place.room,
            )
        except FAILURES as failure:
            log("discord").info("a post could not be read back", room=place.room, reason=str(failure)[:200])
            return TypedWords(""), ()
        names = await self._names.of({**first, "guild_id": place.guild})
        post = written(first, "", known=names)
        own = TypedWords(post.text, post.styled) if post else TypedWords("")
        return titled(str(channel.get("name") or ""), own), post.files if post else ()


def _room(door: str) -> str:
    return door.rpartition("/")[2]


def _is_closed(post: Mapping[str, Any]) -> bool:
    state = post.get("thread_metadata") or {}
    return bool(state.get("archived") or state.get("locked"))


def _answered(messages: Sequence[Mapping[str, Any]], author: str, bot: str) -> bool:
    """Return whether a person other than the author wrote, or our `bot`, which offers help once."""
    authors = (message.get("author") or {} for message in messages)
    return any(str(one.get("id")) == bot or _is_other_person(one, author) for one in authors)


def _is_other_person(one: Mapping[str, Any], author: str) -> bool:
    return str(one.get("id")) != author and not one.get("bot")
